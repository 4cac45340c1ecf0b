import { runtime } from "@pulumi/pulumi";

/**
 * A value that the engine sends, as it will be once everything is known: what is not known yet is null, which no check
 * looks at, and an output is the value in it.
 */
export function settled(value: unknown): unknown {
  if (value === runtime.unknownValue) return null;
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== "object" || value === null) return value;
  const wire = value as Record<string, unknown>;
  if (wire[runtime.specialSigKey] === runtime.specialOutputValueSig) return settled(wire["value"] ?? null);
  return Object.fromEntries(Object.entries(wire).map(([key, inner]) => [key, settled(inner)]));
}
