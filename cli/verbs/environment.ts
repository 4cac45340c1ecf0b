import { readFileSync } from "node:fs";
import { checkEnvironment, formatProblem, loadEnvironment } from "../../environments/index.ts";
import type { Verb } from "../command-line.ts";
import { pathOf } from "../options.ts";

export const environmentVerb: Verb = (program, console, finish) => {
  const environment = program.command("environment").description("Environment files");
  environment
    .command("check")
    .description("Checks an environment file; shows all that is wrong, each with file, line and column")
    .argument("<file>", "for example environments/dev.yaml")
    .action((file: string) => {
      const path = pathOf(file);
      const { name, cities, meterTypes } = loadEnvironment(path);
      const { problems } = checkEnvironment(readFileSync(path, "utf8"), file);
      for (const problem of problems) console.error(`${formatProblem(problem)}\n`);
      console.out(`${file}: environment ${name}, ${cities.length} cities, ${meterTypes.length} meter types: valid\n`);
      finish(0);
    });
};
