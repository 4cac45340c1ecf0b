import { environmentFile } from "../../environments/index.ts";
import type { Verb } from "../command-line.ts";
import { environmentOption } from "../options.ts";

export const graphVerb: Verb = (program, console, finish) => {
  const graph = program
    .command("graph")
    .enablePositionalOptions()
    .description("The resources that an environment declares, as JSON: type, name, parent, inputs, outputs, references")
    .addOption(environmentOption())
    .option("--indent", "over many lines, to be read and compared")
    .action(async ({ environment, indent }: { environment: string; indent?: boolean }) => {
      const { evaluate, stringify } = await import("@metercast/graph");
      console.out(stringify((await evaluate(environmentFile(environment))).graph, indent ? 2 : 0));
      finish(0);
    });
  graph
    .command("check")
    .description("Checks every declared property, at any depth, against the resource types of @pulumi/aws")
    .option("-e, --environment <name...>", "environments, of environments/<name>.yaml", ["dev"])
    .action(async ({ environment: names }: { environment: string[] }) => {
      const { check, evaluate } = await import("@metercast/graph");
      let problems = 0;
      for (const name of names) {
        const evaluation = await evaluate(environmentFile(name));
        const found = check(evaluation.graph);
        problems += found.length;
        for (const { message } of found) console.error(`${message}\n`);
        if (found.length === 0) console.out(`${name}: ${evaluation.graph.resources.length} resources: valid\n`);
      }
      finish(problems === 0 ? 0 : 1);
    });
};
