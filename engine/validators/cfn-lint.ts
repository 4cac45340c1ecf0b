import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Graph, Resource } from "../../graph/index.ts";
import { counterparts } from "./counterparts.ts";
import { properties } from "./mapping.ts";
import { inFolder, type Tools } from "./tools.ts";
import { type Finding, ValidatorError } from "./validator-error.ts";

interface Match {
  Rule: { Id: string };
  Message: string;
  Location: { Path: (string | number)[] | null };
}

/** A resource that Cloud Control makes: it is declared as CloudFormation has it. */
const cloudControl = "aws:cloudcontrol/resource:Resource";

/** The resources of a graph that have a counterpart in CloudFormation. */
export function comparable(graph: Pick<Graph, "resources">): Resource[] {
  return graph.resources.filter(({ type }) => type in counterparts || type === cloudControl);
}

function bodyOf({ type, inputs }: Resource): { Type: string; Properties: object } {
  if (type === cloudControl) {
    const Properties = JSON.parse(String(inputs["desiredState"])) as object;
    return { Type: String(inputs["typeName"]), Properties };
  }
  const counterpart = counterparts[type];
  if (counterpart === undefined) throw new ValidatorError(`${type} has no counterpart in CloudFormation`);
  return { Type: counterpart.type, Properties: properties(inputs, counterpart) };
}

/** A CloudFormation template of the resources; their logical ids are R0, R1, ... in the given order. */
export function template(resources: readonly Resource[]): object {
  const bodies = resources.map((resource, index) => [`R${index}`, bodyOf(resource)] as const);
  return { AWSTemplateFormatVersion: "2010-09-09", Resources: Object.fromEntries(bodies) };
}

/** What cfn-lint finds in resources: properties, ranges, choices and patterns of AWS's own schemas for a region. */
export function checkResources(tools: Tools, resources: readonly Resource[], region: string): Finding[] {
  return inFolder((folder) => {
    const file = join(folder, "template.json");
    writeFileSync(file, JSON.stringify(template(resources)));
    // 2, 4 and 8 stand for errors, warnings and information, and add up; 1 and above 14 for a failure.
    const output = tools.run(
      "cfn-lint",
      ["--format", "json", "--regions", region, "--", file],
      (code) => code % 2 === 0 && code <= 14,
    );
    return (JSON.parse(output === "" ? "[]" : output) as Match[]).map((match) => {
      const [, logicalId, , ...path] = match.Location.Path ?? [];
      const resource = resources[Number(String(logicalId).slice(1))];
      return {
        resource: resource?.id ?? "the template",
        rule: match.Rule.Id,
        message: path.length === 0 ? match.Message : `${path.join(".")}: ${match.Message}`,
      };
    });
  });
}
