import { DefinitionError } from "./definition-error.ts";
import type { State } from "./definition.ts";

/**
 * Every way leads to a state that is there, and to every state leads a way.
 *
 * @param outer The state in which these stand; undefined for those of the machine.
 * @throws DefinitionError
 */
export function checkTransitions(outer: string | undefined, startAt: string, states: ReadonlyMap<string, State>): void {
  if (!states.has(startAt)) throw new DefinitionError(outer, `StartAt: there is no state "${startAt}"`);
  const reached = new Set([startAt]);
  for (const name of reached) {
    for (const { field, to } of waysOf(states.get(name) as State)) {
      if (!states.has(to)) throw new DefinitionError(name, `${field}: there is no state "${to}"`);
      reached.add(to);
    }
  }
  for (const name of states.keys()) {
    if (!reached.has(name)) throw new DefinitionError(name, "no way leads to it");
  }
}

function waysOf(state: State): { field: string; to: string }[] {
  const ways: { field: string; to: string }[] = [];
  if ("next" in state && state.next !== undefined) ways.push({ field: "Next", to: state.next });
  if ("catchers" in state) ways.push(...state.catchers.map(({ next: to }) => ({ field: "Catch", to })));
  if (state.type === "Choice") {
    ways.push(...state.choices.map(({ next: to }) => ({ field: "Choices", to })));
    if (state.default !== undefined) ways.push({ field: "Default", to: state.default });
  }
  return ways;
}
