import { QueryError } from "../../errors.ts";
import type { FunctionGroup, SqlFunction } from "./function.ts";
import { json, nested } from "./nested.ts";
import { numbers } from "./numbers.ts";
import { binary, text } from "./text.ts";
import { time } from "./time.ts";

export { aggregates, pairs, windowFunctions } from "./aggregates.ts";
export type { FunctionGroup, SqlFunction } from "./function.ts";
export { instead } from "./instead.ts";

const others: Record<string, SqlFunction> = {
  coalesce: { arguments: "x, y, ...", count: [1, 100] },
  if: { arguments: "condition, x[, y]", count: [2, 3], rewritten: true },
  nullif: { arguments: "x, y", count: [2, 2] },
  try: { arguments: "expression", count: [1, 1], rewritten: true, note: "NULL where the expression fails" },
  uuid: { arguments: "", count: [0, 0] },
};

export const scalarGroups: readonly FunctionGroup[] = [
  { title: "Conditions", functions: others },
  { title: "Numbers", functions: numbers },
  { title: "Text", functions: text },
  { title: "Dates and times", functions: time },
  { title: "Arrays and maps", functions: nested },
  { title: "JSON", functions: json },
  { title: "Binary", functions: binary },
];

export const scalars: Readonly<Record<string, SqlFunction>> = Object.fromEntries(
  scalarGroups.flatMap(({ functions }) => Object.entries(functions)),
);

/** What a table holds under a name, which may be any text. */
export function named<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** @throws QueryError for a call with fewer or more arguments than the function has */
export function checkCount(name: string, known: SqlFunction, count: number): void {
  const [least, most] = known.count;
  if (count < least || count > most) throw new QueryError(`${name} is called ${name}(${known.arguments}).`);
}
