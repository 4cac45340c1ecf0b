import { DateTimeFormatter, Instant, LocalDateTime, ZoneOffset } from "@js-joda/core";

/**
 * Evaluates a custom prefix of Amazon S3 objects as Firehose does (Firehose developer guide, "Understand custom
 * prefixes"): `!{timestamp:<java.time pattern>}` in UTC and `!{firehose:error-output-type}`. A prefix without a
 * timestamp gets `yyyy/MM/dd/HH/` appended.
 *
 * @param arrival epoch milliseconds of the oldest record in the object
 * @throws PrefixError for an expression that Firehose has not, or that this prefix may not have
 */
export function evaluatePrefix(prefix: string, arrival: number, errorOutputType?: string): string {
  const time = LocalDateTime.ofInstant(Instant.ofEpochMilli(arrival), ZoneOffset.UTC);
  const format = (pattern: string) => time.format(DateTimeFormatter.ofPattern(pattern));
  let hasTimestamp = false;
  const evaluated = prefix.replace(/!\{([^}]*)\}/g, (expression, inner: string) => {
    const colon = inner.indexOf(":");
    const namespace = inner.slice(0, colon);
    const value = inner.slice(colon + 1);
    if (namespace === "timestamp") {
      hasTimestamp = true;
      return format(value);
    }
    if (namespace === "firehose" && value === "error-output-type" && errorOutputType !== undefined) {
      return errorOutputType;
    }
    throw new PrefixError(prefix, expression);
  });
  return hasTimestamp ? evaluated : `${evaluated}${format("yyyy/MM/dd/HH/")}`;
}

export class PrefixError extends Error {
  constructor(prefix: string, expression: string) {
    super(
      `The prefix "${prefix}" has ${expression}: allowed are !{timestamp:PATTERN} and, in an error output prefix, !{firehose:error-output-type}.`,
    );
    this.name = "PrefixError";
  }
}

/** `<stream>-<version>-<yyyy-MM-dd-HH-mm-ss>-<unique>`: how Firehose names an object (version is always 1 here). */
export function objectName(stream: string, arrival: number, unique: string): string {
  const time = LocalDateTime.ofInstant(Instant.ofEpochMilli(arrival), ZoneOffset.UTC);
  return `${stream}-1-${time.format(DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss"))}-${unique}`;
}
