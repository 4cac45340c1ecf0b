import { accountingOf, type Accounting } from "../accounting.ts";
import type { Verb } from "../command-line.ts";
import { dataFolderOf, dataOption, environmentOption, jsonOption } from "../options.ts";
import { openStored } from "../stored.ts";
import { table } from "../table.ts";

interface Options {
  environment: string;
  data?: string;
  json: boolean;
}

export const statusVerb: Verb = (program, console, finish) => {
  program
    .command("status")
    .description(
      "What became of everything that was accepted: stored, dropped by which activity, rejected for which reason",
    )
    .addOption(environmentOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async ({ json, ...where }: Options) => {
      const stored = await openStored(dataFolderOf(where));
      try {
        const accounting = await accountingOf(stored);
        console.out(json ? `${JSON.stringify(accounting)}\n` : accountingTable(accounting));
        finish(0);
      } finally {
        stored.catalog.close();
      }
    });
};

/** The accounting for people: a line per end. */
export function accountingTable({ readings, weather, unrouted }: Accounting): string {
  const lines = Object.entries({ readings, weather }).flatMap(([kind, { accepted, stored, dropped, rejected }]) => [
    { kind, end: "accepted", count: accepted },
    { kind, end: "stored", count: stored },
    ...Object.entries(dropped).map(([activity, count]) => ({ kind, end: `dropped by "${activity}"`, count })),
    ...Object.entries(rejected).map(([reason, count]) => ({ kind, end: `rejected: ${reason}`, count })),
  ]);
  return table([...lines, { kind: "messages", end: "taken by no rule", count: unrouted }]);
}
