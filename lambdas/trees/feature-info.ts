/** What LightGBM saw of a feature when it trained (`feature_infos`). */
export type FeatureInfo =
  | { kind: "numerical"; min: number; max: number }
  | { kind: "categorical"; categories: number[] }
  /** It had one value only, so that no split uses it. */
  | { kind: "unused" };

const range = /^\[(\S+):(\S+)\]$/;
const categories = /^-?\d+(?::-?\d+)*$/;

/** Reads "none", "[-3.5:12]" or "3:1:2"; undefined for anything else. */
export function readFeatureInfo(text: string): FeatureInfo | undefined {
  if (text === "none") return { kind: "unused" };
  const [, min, max] = range.exec(text) ?? [];
  if (min !== undefined && max !== undefined) {
    const limits = { min: limitOf(min), max: limitOf(max) };
    return Number.isNaN(limits.min) || Number.isNaN(limits.max) ? undefined : { kind: "numerical", ...limits };
  }
  return categories.test(text) ? { kind: "categorical", categories: text.split(":").map(Number) } : undefined;
}

function limitOf(text: string): number {
  if (text === "inf") return Infinity;
  return text === "-inf" ? -Infinity : Number(text);
}
