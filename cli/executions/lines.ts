import { table } from "../table.ts";
import type { Outcome } from "./follow.ts";
import type { StateEvent } from "./passage.ts";

/** What a run of the inference gives: the output of its state machine. */
export interface RunOutput {
  /** Predicted hours. */
  rows: number;
  /** Hours that were predicted; ISO 8601, the end not among them. */
  window: { from: string; to: string } | null;
  /** Root mean squared logarithmic error against the readings that there are; null where there are none. */
  rmsle: Record<string, number | null>;
  /** Cities without a forecast. */
  skipped: { city: string; reason: string }[];
  warnings?: string[];
  drift?: { drifted: boolean; message: string };
}

/** A step that was passed, on one line; empty for what a person need not see. */
export function stateLine({ state, type, within, about, happened, seconds, error, cause }: StateEvent): string {
  const place = [state, ...(about === undefined ? [] : [about])].join(": ");
  const indent = "  ".repeat(within.length > 0 ? 2 : 1);
  if (happened === "failed") return `${indent}${place}  ${error ?? "failed"}: ${causeText(cause)}\n`;
  if (happened !== "left" || (type !== "Task" && (type !== "Map" || within.length > 0))) return "";
  return `${indent}${place}  ${(seconds ?? 0).toFixed(1)} s\n`;
}

/** Why an execution did not succeed, in sentences. */
export function failureSentence({ execution, status, error, cause }: Outcome): string {
  const how = { FAILED: "failed", TIMED_OUT: "took too long", ABORTED: "was stopped", SUCCEEDED: "succeeded" }[status];
  const what = [error, causeText(cause)].filter((text) => text !== undefined && text !== "").join(": ");
  return `The run ${execution} ${how}${what === "" ? "." : `: ${what}`}\n`;
}

/** A function's cause is JSON, behind the name of the state where the machine has told it: its message. */
export function causeText(cause = ""): string {
  const [, before = "", json] = /^([^{]*)(\{.*\})$/s.exec(cause) ?? [];
  if (json === undefined) return cause;
  try {
    const { errorMessage } = JSON.parse(json) as { errorMessage?: unknown };
    return typeof errorMessage === "string" ? before + errorMessage : cause;
  } catch {
    return cause;
  }
}

/** What a run gave, for people. */
export function outputText({ rows, window, rmsle, skipped, warnings = [], drift }: RunOutput, seconds: number): string {
  const span = window ? `, ${hour(window.from)} to ${hour(window.to)} UTC` : "";
  const errors = Object.entries(rmsle).flatMap(([meter, error]) =>
    error === null ? [] : [{ "meter type": meter, "RMSLE": error.toFixed(3) }],
  );
  return [
    `Predicted ${rows} hours of meters${span}, in ${seconds.toFixed(1)} s.\n`,
    errors.length > 0 ? `\n${table(errors)}` : "There are no readings yet to compare them with.\n",
    ...skipped.map(({ city, reason }) => `${city} was left out: ${reason}\n`),
    ...warnings.map((sentence) => `Note: ${sentence}\n`),
    drift?.drifted === true ? `\n${drift.message}\n` : "",
  ].join("");
}

/** "2018-12-17 05:00" */
export function hour(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}
