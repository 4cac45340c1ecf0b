import { readFileSync } from "node:fs";
import { readUnrouted } from "@metercast/simulator";
import type { Stored } from "./stored.ts";

/** How the elements of a pipeline ended; `accepted` is the sum of the rest. */
export interface Ends {
  accepted: number;
  stored: number;
  /** By the activity that dropped them. */
  dropped: Record<string, number>;
  /** By reason. */
  rejected: Record<string, number>;
}

export interface Accounting {
  readings: Ends;
  weather: Ends;
  /** Messages that no rule took. */
  unrouted: number;
}

interface AccountingRow {
  pipeline: "readings" | "weather";
  ended: "stored" | "dropped" | "rejected";
  cause: string;
  elements: number;
}

/** The text of a dataset of this project. */
export function dataset(name: string): string {
  return readFileSync(new URL(`../datasets/${name}.sql`, import.meta.url), "utf8");
}

/** What became of everything that was accepted, by the tables; the message counts that AWS does not keep, by the log. */
export async function accountingOf({ catalog, folder }: Stored): Promise<Accounting> {
  const rows = (await catalog.query(dataset("accounting"))) as unknown as AccountingRow[];
  const of = (pipeline: AccountingRow["pipeline"]): Ends => {
    const own = rows.filter((row) => row.pipeline === pipeline);
    const byCause = (ended: AccountingRow["ended"]) =>
      Object.fromEntries(own.filter((row) => row.ended === ended).map(({ cause, elements }) => [cause, elements]));
    return {
      accepted: sum(own.map(({ elements }) => elements)),
      stored: sum(Object.values(byCause("stored"))),
      dropped: byCause("dropped"),
      rejected: byCause("rejected"),
    };
  };
  return { readings: of("readings"), weather: of("weather"), unrouted: readUnrouted(folder).count };
}

/** The four numbers of a load's report. */
export function totals(sent: number, { stored, dropped, rejected }: Ends) {
  return { sent, stored, dropped: sum(Object.values(dropped)), rejected: sum(Object.values(rejected)) };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
