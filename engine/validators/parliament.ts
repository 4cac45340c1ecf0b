import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Policy, PolicyDocument } from "./policies.ts";
import { inFolder, type Tools } from "./tools.ts";
import { type Finding, ValidatorError } from "./validator-error.ts";

interface ParliamentFinding {
  issue: string;
  title: string;
  detail: unknown;
  location: { filepath?: string };
}

/** What parliament finds in policies: actions that there are not, resources and conditions that do not fit their actions. */
export function checkPolicies(tools: Tools, policies: readonly Policy[]): Finding[] {
  return inFolder((folder) => {
    policies.forEach((policy, index) => {
      writeFileSync(join(folder, `${index}.json`), JSON.stringify(asIdentityPolicy(policy)));
    });
    const output = tools.run("parliament", ["--json", "--directory", folder], (code) => code === 0 || code === 1);
    return output
      .split("\n")
      .filter((line) => line !== "")
      .flatMap((line) => {
        const finding = parsed(line);
        const policy = policies[Number.parseInt(basename(finding.location.filepath ?? ""), 10)];
        if (policy === undefined)
          throw new ValidatorError(`parliament speaks of a policy that it was not given: ${line}`);
        if (isOfThings(policy, finding) || isNew(finding)) return [];
        const message = `${finding.title}: ${text(finding.detail)}`;
        return [{ resource: policy.resource, rule: finding.issue, message }];
      });
  });
}

function parsed(line: string): ParliamentFinding {
  try {
    return JSON.parse(line) as ParliamentFinding;
  } catch (cause) {
    throw new ValidatorError(`parliament says what is not JSON: ${line}`, { cause });
  }
}

/** parliament knows policies of identities: it wants a resource, and takes a variable of AWS IoT's for a part of an ARN. */
function asIdentityPolicy({ kind, document, arn }: Policy): PolicyDocument {
  switch (kind) {
    case "access":
      return document;
    case "trust":
      return { ...document, Statement: document.Statement.map((statement) => ({ ...statement, Resource: arn })) };
    case "device":
      return JSON.parse(JSON.stringify(document).replaceAll(/\$\{iot:[^}]+\}/g, "thing")) as PolicyDocument;
  }
}

/** AWS IoT Core developer guide, "Thing policy variables": keys that only its own policies have. */
const thingKeys =
  /^Unknown condition iot:Connection\.Thing\.(ThingName|ThingTypeName|IsAttached|Attributes\[\w+\]) for action iot:/;

function isOfThings({ kind }: Policy, { issue, detail }: ParliamentFinding): boolean {
  return kind === "device" && issue === "UNKNOWN_CONDITION_FOR_ACTION" && thingKeys.test(text(detail));
}

/** Condition keys that its list lacks as yet: Service Authorization Reference, AWS Lambda, since October 2025. */
const newKeys = /^Unknown condition lambda:InvokedViaFunctionUrl for action lambda:InvokeFunction$/;

function isNew({ issue, detail }: ParliamentFinding): boolean {
  return issue === "UNKNOWN_CONDITION_FOR_ACTION" && newKeys.test(text(detail));
}

function text(detail: unknown): string {
  return typeof detail === "string" ? detail : JSON.stringify(detail);
}
