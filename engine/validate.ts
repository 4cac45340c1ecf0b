import { parseArgs } from "node:util";
import { environmentFile, loadEnvironment } from "../environments/index.ts";
import { evaluate } from "../graph/index.ts";
import { checkResources, comparable } from "./validators/cfn-lint.ts";
import { dashboardStatements, datasetStatements } from "./validators/dataset-statements.ts";
import { checkStreams } from "./validators/firehose-rules.ts";
import { checkPolicies } from "./validators/parliament.ts";
import { policiesOf } from "./validators/policies.ts";
import { proveFindings, proveGrammar } from "./validators/proof.ts";
import { Tools } from "./validators/tools.ts";
import { TrinoGrammar } from "./validators/trino-grammar.ts";
import { type Finding, ValidatorError } from "./validators/validator-error.ts";

const usage = `npm run validate -- [environment...]

Lets others' validators look at what an environment declares: parliament at every policy, cfn-lint at what has a counterpart
in CloudFormation, Trino's parser at the SQL of every dataset. They are installed into the user's cache by the first run.
Environments: dev and prod by default.`;

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
  const environments = positionals.length > 0 ? positionals : ["dev", "prod"];
  try {
    const [declared, asked] = [await validateDeclared(environments), validateAsked(environments)];
    const skipped = [declared, asked].includes(undefined) && process.env["CI"] === undefined;
    return skipped || (declared ?? 0) + (asked ?? 0) > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ValidatorError)) throw error;
    console.error(error.message);
    return 1;
  }
}

/** How much is found in policies and resources; undefined where there is nothing to run the validators. */
async function validateDeclared(environments: readonly string[]): Promise<number | undefined> {
  const tools = Tools.install((what) => console.log(what));
  if (tools === undefined) return skip("python3", "Policies and resources were");
  proveFindings(tools);
  console.log("parliament and cfn-lint find the faults that they should");
  let count = 0;
  for (const name of environments) {
    const { graph } = await evaluate(name);
    const [policies, resources] = [policiesOf(graph), comparable(graph)];
    const findings = [
      ...checkPolicies(tools, policies),
      ...checkResources(tools, resources, graph.region),
      ...checkStreams(graph),
    ];
    count += report(name, `${policies.length} policies and ${resources.length} resources`, findings);
  }
  return count;
}

/** How much is found in what Athena is asked; undefined where there is nothing to run Trino's parser. */
function validateAsked(environments: readonly string[]): number | undefined {
  const grammar = TrinoGrammar.install((what) => console.log(what));
  if (grammar === undefined) return skip("Java 17 with Maven", "The SQL of datasets was");
  proveGrammar(grammar);
  console.log("Trino's parser finds the faults that it should");
  let count = 0;
  for (const name of environments) {
    const environment = loadEnvironment(environmentFile(name));
    const statements = [...datasetStatements(environment), ...dashboardStatements(environment)];
    count += report(name, `${statements.length} statements of datasets`, grammar.check(statements));
  }
  return count;
}

function skip(lacking: string, what: string): undefined {
  const word = process.env["CI"] === undefined ? "" : "skipped: ";
  console.log(`${word}there is no ${lacking} here to run the validators. ${what} not validated.`);
}

function report(environment: string, what: string, findings: readonly Finding[]): number {
  for (const { resource, rule, message } of findings)
    console.error(`${environment}: ${resource}\n  ${rule} ${message}`);
  console.log(`${environment}: ${what}, ${findings.length === 0 ? "nothing" : findings.length} found`);
  return findings.length;
}
