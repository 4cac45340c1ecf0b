import { compileExpression } from "@metercast/iot-sql";
import type { Ending, Step } from "./step.ts";

/** Keeps what the expression is true of; false, Null and Undefined drop. */
export function filter(name: string, text: string): Step {
  const expression = compileExpression(text);
  const dropped: Ending = { ended: "dropped", by: name, reason: null };
  return {
    apply: (attributes) => (expression.evaluate(attributes) === true ? undefined : dropped),
    sets: [],
    makes: [],
  };
}
