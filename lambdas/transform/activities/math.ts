import { compileExpression } from "@metercast/iot-sql";
import { activityFailed } from "../reasons.ts";
import type { Ending, Step } from "./step.ts";

/** Sets an attribute to the value of the expression, which must be a finite number. */
export function math(name: string, attribute: string, text: string): Step {
  const expression = compileExpression(text);
  const failed: Ending = { ended: "rejected", by: name, reason: activityFailed("math", name) };
  return {
    apply: (attributes) => {
      const value = expression.evaluate(attributes);
      if (typeof value !== "number" || !Number.isFinite(value)) return failed;
      attributes[attribute] = value;
      return undefined;
    },
    sets: [attribute],
    makes: expression.attributes.includes(attribute) ? [] : [attribute],
  };
}
