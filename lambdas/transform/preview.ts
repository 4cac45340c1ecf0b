import { isFor } from "./activities/index.ts";
import type { Ending } from "./activities/index.ts";
import { rowOrEnding } from "./answer.ts";
import { cityOfTopic } from "./city.ts";
import type { Activity, TransformConfig } from "./config.ts";
import type { Functions } from "./functions.ts";
import { elementBytes } from "./message.ts";
import type { Message } from "./message.ts";
import { compileRows } from "./row.ts";
import type { MessageReason } from "./reasons.ts";
import { passFunction } from "./staged-transform.ts";
import type { Travelling } from "./staged-transform.ts";
import { compileStages } from "./stages.ts";
import type { Stage } from "./stages.ts";
import type { Attributes } from "./validate.ts";

/** What one activity made of an element. */
export interface PreviewStep {
  activity: string;
  kind: Activity["kind"];
  /** `skipped`: the activity is for another meter type. */
  outcome: "passed" | "skipped" | "dropped" | "rejected";
  /** The element after it; absent where it was left out. */
  attributes?: Attributes;
}

/** How one element of a message fares. */
export interface ElementPreview {
  position: number;
  /** Its text as it was sent. */
  sent: string;
  steps: PreviewStep[];
  ended: "stored" | "dropped" | "rejected";
  /** The activity that left it out. */
  by: string | null;
  reason: string | null;
  /** The row of the landing table; null where it is left out. */
  row: Record<string, unknown> | null;
}

/** How a message fares in a pipeline. */
export interface MessagePreview {
  /** Whether the message is an array of its elements. */
  envelope: boolean;
  /** Why the message as a whole cannot be used. */
  reason: MessageReason | null;
  elements: ElementPreview[];
}

interface Traced extends Travelling {
  steps: PreviewStep[];
}

/** Stands in the rows of a preview, where a delivery stream has its own. */
const previewRecordId = "preview";

/**
 * Sends one message through a pipeline, as the transform does, and keeps what each activity makes of each element.
 *
 * @throws IotSqlError for an expression that AWS would refuse; and what invoking a function throws but FunctionFailure
 */
export async function previewMessage(
  config: TransformConfig,
  message: Message,
  functions: Functions,
): Promise<MessagePreview> {
  const { received } = message;
  const elements = message.elements.map((element): Traced => ({ element, received, ending: undefined, steps: [] }));
  for (const stage of compileStages(config)) await traceStage(stage, elements, functions);

  const city = cityOfTopic(config.environment, config.cities)(message.topic);
  const writeRow = compileRows(config)({ recordId: previewRecordId, received, city });
  const sent = elementBytes(message, [...elements.keys()]);
  return {
    envelope: message.envelope,
    reason: message.reason ?? null,
    elements: elements.map(({ element, ending, steps }, position) => {
      const outcome = ending ?? rowOrEnding(element, position, writeRow);
      const common = { position, sent: Buffer.from(sent[position] ?? []).toString("utf8"), steps };
      return typeof outcome === "string"
        ? { ...common, ended: "stored", by: null, reason: null, row: JSON.parse(outcome) as Attributes }
        : { ...common, ...outcome, row: null };
    }),
  };
}

async function traceStage({ before, steps, after, call }: Stage, all: Traced[], functions: Functions): Promise<void> {
  for (const traced of all) {
    if (traced.ending !== undefined) continue;
    const { element, received } = traced;
    traced.ending = before(element, received);
    for (const { activity, apply } of steps) {
      if (traced.ending !== undefined) break;
      const applies = isFor(activity, element as Attributes);
      if (applies) traced.ending = apply(element as Attributes);
      trace(traced, activity, applies);
    }
    traced.ending ??= after(element as Attributes, received);
  }
  if (call === undefined) return;
  const waiting = all.filter(({ ending }) => ending === undefined);
  const sent = new Set<Travelling>(await passFunction(call, all, functions));
  for (const traced of waiting) trace(traced, call, sent.has(traced));
}

function trace({ element, ending, steps }: Traced, { name, kind }: Activity, applies: boolean): void {
  steps.push({
    activity: name,
    kind,
    outcome: outcomeOf(ending, applies),
    ...(ending === undefined && { attributes: { ...(element as Attributes) } }),
  });
}

function outcomeOf(ending: Ending | undefined, applies: boolean): PreviewStep["outcome"] {
  return ending?.ended ?? (applies ? "passed" : "skipped");
}
