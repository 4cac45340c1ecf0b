import { at, listAt, textAt } from "./declared.ts";

/** How many items a map of a definition has, by the path of its items. */
export type ItemCounts = (itemsPath: string) => number;

/** What an execution that succeeds does. */
export interface Work {
  /** State transitions, those of maps for each of their items. */
  transitions: number;
  /** By what a Task calls, and for Lambda by the function's ARN. */
  calls: Map<string, number>;
}

/** What one execution of a definition does when nothing fails: from its first state on, by each state's way on. */
export function workOf(definition: unknown, items: ItemCounts): Work {
  const work: Work = { transitions: 0, calls: new Map() };
  follow(definition, 1, items, work);
  return work;
}

function follow(states: unknown, times: number, items: ItemCounts, work: Work): void {
  const seen = new Set<string>();
  for (let name = textAt(states, "StartAt"); name !== undefined && !seen.has(name);) {
    seen.add(name);
    const state = at(states, "States", name);
    work.transitions += times;
    if (textAt(state, "Type") === "Task") count(work, state, times);
    if (textAt(state, "Type") === "Map") {
      follow(at(state, "ItemProcessor"), times * items(textAt(state, "ItemsPath") ?? ""), items, work);
    }
    // A choice goes on as if nothing were the matter.
    name = textAt(state, "Next") ?? textAt(state, "Default");
  }
}

function count({ calls }: Work, state: unknown, times: number): void {
  const resource = textAt(state, "Resource") ?? "";
  const target = resource.endsWith(":lambda:invoke") ? textAt(state, "Parameters", "FunctionName") : undefined;
  const key = target ?? resource;
  calls.set(key, (calls.get(key) ?? 0) + times);
}

/** The Task of a definition that calls `resource`, wherever it stands; undefined where none does. */
export function taskOf(definition: unknown, resource: string): unknown {
  const states = Object.values((at(definition, "States") as object | undefined) ?? {}) as unknown[];
  return states
    .flatMap((state): unknown[] => [state, taskOf(at(state, "ItemProcessor"), resource)])
    .find((state) => textAt(state, "Resource") === resource);
}

/** The parts of a definition as the graph has it: a text of JSON. */
export function definitionOf(inputs: unknown): unknown {
  return JSON.parse(textAt(inputs, "definition") ?? "{}") as unknown;
}

/** Whether a Glue table reads the files that manifests list: those of datasets do. */
export function isDataset(table: unknown): boolean {
  return textAt(table, "storageDescriptor", "inputFormat")?.endsWith(".SymlinkTextInputFormat") === true;
}

/** Whether a table is split by day. */
export function isByDay(table: unknown): boolean {
  return listAt(table, "partitionKeys").length > 0;
}
