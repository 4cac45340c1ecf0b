/** Why a message or an element cannot be used, whatever its fields are. Counts group by the text of a reason. */
export const messageReasons = [
  "empty message",
  "not UTF-8",
  "not JSON",
  "nested too deep",
  "empty envelope",
  "nested envelope",
  "not an object",
  "response over 6 MB",
] as const;

export type MessageReason = (typeof messageReasons)[number];

/** Why a field cannot be used. */
export const fieldReasons = {
  missing: (field: string): string => `missing ${field}`,
  notNumber: (field: string): string => `${field} is not a number`,
  notFinite: (field: string): string => `${field} is not finite`,
  notInteger: (field: string): string => `${field} is not an integer`,
  outOfRange: (field: string): string => `${field} is out of range`,
};

export const unknownMeter = "meter is not 0, 1, 2 or 3";

/** An activity that could not be applied, for example a math whose result is no number. */
export function activityFailed(kind: string, name: string): string {
  return `${kind} failed: ${name}`;
}

/** A message that its topic rule could not hand on. */
export function ruleActionFailed(action: string): string {
  return `rule action failed: ${action}`;
}

/** What the stream of what is left out got from elsewhere. */
export const unknownRecord = "not a rule's error message";
