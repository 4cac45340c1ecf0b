import { parseArgs } from "node:util";
import { evaluate } from "../graph/index.ts";
import { checkResources, comparable } from "./validators/cfn-lint.ts";
import { checkStreams } from "./validators/firehose-rules.ts";
import { checkPolicies } from "./validators/parliament.ts";
import { policiesOf } from "./validators/policies.ts";
import { proveFindings } from "./validators/proof.ts";
import { Tools } from "./validators/tools.ts";
import { ValidatorError } from "./validators/validator-error.ts";

const usage = `npm run validate -- [environment...]

Lets others' validators look at what an environment declares: parliament at every policy, cfn-lint at what has a counterpart
in CloudFormation. Both are installed into the user's cache by the first run. Environments: dev and prod by default.`;

process.exitCode = await run();

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { help: { type: "boolean", short: "h" } },
    allowPositionals: true,
  });
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  try {
    const tools = Tools.install((what) => console.log(what));
    if (tools === undefined) {
      const skipped = process.env["CI"] !== undefined;
      console.log(
        `${skipped ? "skipped: " : ""}there is no python3 here to run the validators. Nothing was validated.`,
      );
      return skipped ? 0 : 1;
    }
    proveFindings(tools);
    console.log("parliament and cfn-lint find the faults that they should");
    let count = 0;
    for (const name of positionals.length > 0 ? positionals : ["dev", "prod"]) {
      const { graph } = await evaluate(name);
      const [policies, resources] = [policiesOf(graph), comparable(graph)];
      const findings = [
        ...checkPolicies(tools, policies),
        ...checkResources(tools, resources, graph.region),
        ...checkStreams(graph),
      ];
      for (const { resource, rule, message } of findings) console.error(`${name}: ${resource}\n  ${rule} ${message}`);
      console.log(
        `${name}: ${policies.length} policies and ${resources.length} resources, ` +
          `${findings.length === 0 ? "nothing" : findings.length} found`,
      );
      count += findings.length;
    }
    return count === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ValidatorError)) throw error;
    console.error(error.message);
    return 1;
  }
}
