/** The datasets of the project as plain data: a file of SQL each, with a header that says how it is kept up to date. */
import { readdirSync, readFileSync } from "node:fs";
import type { DatasetDefinition, Keep } from "../lambdas/datasets/dataset.ts";
import { parametersIn } from "../lambdas/datasets/render.ts";
import { HeaderError, parseHeader, type DatasetColumn, type ListedColumns } from "./header.ts";

export type { DatasetDefinition } from "../lambdas/datasets/dataset.ts";
export { HeaderError, type DatasetColumn, type ListedColumns } from "./header.ts";

export interface Dataset extends DatasetDefinition {
  /** What it is, for people. */
  what: string;
  /** Of its rows, in order; of one that is stored by day without its last, dt. */
  columns: (DatasetColumn | ListedColumns)[];
}

/** The last column of what is stored by day, and its partition. */
export const dayColumn: DatasetColumn = { name: "dt", type: "date", comment: "day, UTC" };

/**
 * All datasets of the project; each stands behind those that it is made of.
 *
 * @throws HeaderError for a header that cannot be read
 */
export const datasets: readonly Dataset[] = inOrder(readDatasets(new URL("./", import.meta.url)));

/** @throws RangeError where there is none of that name */
export function dataset(name: string): Dataset {
  const found = datasets.find((one) => one.name === name);
  if (found === undefined)
    throw new RangeError(`There is no dataset ${name}; there are ${datasets.map((one) => one.name).join(", ")}.`);
  return found;
}

/** The columns of a dataset in an environment. @param listed what each parameter of type columns lists there */
export function columnsOf(
  { name, columns }: Dataset,
  listed: Readonly<Record<string, readonly DatasetColumn[]>>,
): DatasetColumn[] {
  return columns.flatMap((column) => {
    if (!("listedBy" in column)) return column;
    const found = listed[column.listedBy];
    if (found === undefined)
      throw new RangeError(`Dataset ${name} has the columns :${column.listedBy}, which were not given.`);
    return [...found];
  });
}

/** A dataset of a team's own. @param windowDays days up to now that a run asks for */
export function teamDataset(team: {
  name: string;
  sql: string;
  schedule?: string;
  windowDays: number;
  deliver?: string;
  keep: Keep;
}): DatasetDefinition {
  const { name, sql, windowDays, deliver, keep } = team;
  return {
    name,
    sql,
    parameters: parametersIn(sql).map((parameter) => ({ name: parameter, type: "date" })),
    trigger: { on: team.schedule === undefined ? "demand" : "schedule" },
    delta: { of: "days", days: windowDays },
    reach: { before: 0, after: 0 },
    stored: "no",
    keep,
    ...(deliver === undefined ? {} : { deliver }),
  };
}

/** The datasets of a folder of SQL files, by name. @throws HeaderError */
export function readDatasets(folder: URL): Dataset[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".sql"));
  return files.sort().map((file) => {
    const sql = readFileSync(new URL(file, folder), "utf8");
    const header = parseHeader(sql, `datasets/${file}`);
    if (`${header.name}.sql` !== file) {
      throw new HeaderError(
        `datasets/${file}`,
        1,
        `the dataset is called ${header.name}, and so must its file be: ${header.name}.sql`,
      );
    }
    return { ...header, sql };
  });
}

/** Those that make others stand before them. */
function inOrder(found: readonly Dataset[]): Dataset[] {
  const ordered: Dataset[] = [];
  const add = (one: Dataset, above: readonly string[]): void => {
    if (ordered.includes(one)) return;
    if (above.includes(one.name))
      throw new RangeError(`The dataset ${one.name} triggers itself: ${[...above, one.name].join(", ")}.`);
    if (one.trigger.on === "dataset") {
      const { name } = one.trigger;
      const source = found.find((other) => other.name === name);
      if (source === undefined)
        throw new RangeError(`The dataset ${one.name} is triggered by ${name}, which there is not.`);
      add(source, [...above, one.name]);
    }
    ordered.push(one);
  };
  for (const one of found) add(one, []);
  return ordered;
}
