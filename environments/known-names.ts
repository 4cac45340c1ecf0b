import type { Region } from "@pulumi/aws";

import { didYouMean } from "./nearest.ts";

/** AWS's commercial regions that the provider knows: those of other partitions have ARNs of another form. */
export const regions = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "mx-central-1", "sa-east-1"],
  ...["eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2"],
  ...["ap-east-1", "ap-east-2", "ap-south-1", "ap-south-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
  ...["ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6"],
  ...["ap-southeast-7", "me-central-1", "me-south-1", "il-central-1", "af-south-1"],
] as const satisfies Region[];

/** Why text is not the IANA name of a time zone that this runtime knows. */
export function timeZoneFault(text: string): string | undefined {
  const zones = Intl.supportedValuesOf("timeZone");
  const hint = `must be an IANA time zone, such as America/New_York, not "${text}"${didYouMean(text, zones)}`;
  // Offsets such as +05:00 are zones to Intl; a city's clock has a name, with its changes.
  if (!/^[A-Za-z]/.test(text)) return hint;
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
  } catch (error) {
    if (error instanceof RangeError) return hint;
    throw error;
  }
  const exact = zones.find((zone) => zone.toLowerCase() === text.toLowerCase());
  return exact === undefined || exact === text ? undefined : `must be written ${exact}, not "${text}"`;
}

/** Why text is not the ISO 3166-1 alpha-2 code of a country. */
export function countryFault(text: string): string | undefined {
  if (!/^[A-Z]{2}$/.test(text)) {
    const upper = text.toUpperCase();
    const hint = /^[A-Z]{2}$/.test(upper) ? `; did you mean ${upper}?` : "";
    return `must be a country's two capital letters (ISO 3166-1), such as US or GB, not "${text}"${hint}`;
  }
  const canonical = new Intl.Locale(`und-${text}`).region;
  if (canonical !== text) return `must be an ISO 3166-1 code, not "${text}"; did you mean ${canonical ?? "another"}?`;
  const isKnown = text !== "ZZ" && new Intl.DisplayNames("en", { type: "region", fallback: "none" }).of(text);
  return isKnown ? undefined : `must be an ISO 3166-1 code, such as US or GB; there is no country "${text}"`;
}

/** Why text is not an instant: a date, or a date and time with a zone, of ISO 8601. */
export function instantFault(text: string): string | undefined {
  const hint = `must be a date and time with its zone, such as 2000-01-01T00:00Z, not "${text}"`;
  const parts = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.exec(text);
  if (parts === null || Number.isNaN(Date.parse(text))) return hint;
  // Date.parse takes February 31 as March 2.
  const day = parts[1] ?? "";
  const exists = new Date(`${day}T00:00Z`).toISOString().startsWith(day);
  return exists ? undefined : `${hint}: that month has no such day`;
}
