import type { Verb } from "../command-line.ts";
import { dataFolderOf, dataOption, environmentOption, jsonOption } from "../options.ts";
import { table } from "../table.ts";
import { openStored } from "../stored.ts";

interface Options {
  environment: string;
  data?: string;
  json: boolean;
}

export const queryVerb: Verb = (program, console, finish) => {
  program
    .command("query")
    .description("Runs one SELECT in Athena's SQL over what is stored, while the simulator runs or after it")
    .argument("<sql>", 'for example "SELECT count(*) AS readings FROM readings"')
    .addOption(environmentOption())
    .addOption(dataOption())
    .addOption(jsonOption("one JSON array of rows on standard output"))
    .action(async (sql: string, { json, ...where }: Options) => {
      const stored = await openStored(dataFolderOf(where));
      try {
        const rows = await stored.catalog.query(sql);
        console.out(
          json ? `${JSON.stringify(rows)}\n` : `${table(rows)}${rows.length} row${rows.length === 1 ? "" : "s"}\n`,
        );
        finish(0);
      } finally {
        stored.catalog.close();
      }
    });
};
