import type { ElementPreview, PreviewStep } from "../../lambdas/transform/preview.ts";
import type { Preview } from "./preview.ts";

/** A preview for people: each element, what each activity made of it, and how it ended. */
export function previewText({ environment, pipeline, rule, reason, elements }: Preview): string {
  const head = `Pipeline ${pipeline} of ${environment}${rule === null ? "" : `, after the topic rule ${rule}`}\n`;
  if (reason !== null) return `${head}\nrejected: ${reason}\n`;
  return `${head}${elements.map((element) => `\n${elementText(element)}`).join("")}`;
}

function elementText({ position, sent, steps, ended, by, reason, row }: ElementPreview): string {
  const width = Math.max(0, ...steps.map(({ activity }) => activity.length));
  const lines = [`${position}  ${sent}`];
  let before = "";
  for (const step of steps) {
    const after = JSON.stringify(step.attributes);
    lines.push(`   ${step.activity.padEnd(width)}  ${outcomeText(step, before !== "" && after === before)}`);
    before = after ?? "";
  }
  lines.push(`   ${ended}${cause(by, reason)}${row === null ? "" : `: ${JSON.stringify(row)}`}`);
  return `${lines.join("\n")}\n`;
}

function outcomeText({ outcome, attributes }: PreviewStep, isSame: boolean): string {
  if (outcome === "skipped") return "skipped: it is for another meter type";
  if (attributes === undefined) return outcome;
  return isSame ? outcome : `${outcome}: ${JSON.stringify(attributes)}`;
}

function cause(by: string | null, reason: string | null): string {
  if (reason !== null) return `: ${reason}${by === null || reason.endsWith(by) ? "" : ` (${by})`}`;
  return by === null ? "" : ` by "${by}"`;
}
