import type { Graph } from "../../graph/index.ts";
import type { Finding } from "./validator-error.ts";

const streamType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";

/** Firehose developer guide, "Enabling record format conversion": less is refused, as is compression by Firehose itself. */
const leastConvertedMegabytes = 64;

type Destination = Record<string, unknown>;

/** What Firehose refuses by comparing properties with each other, which no schema says. */
export function checkStreams(graph: Pick<Graph, "resources">): Finding[] {
  return graph.resources
    .filter(({ type }) => type === streamType)
    .flatMap(({ id, inputs }) => {
      const destination = asDestination(inputs["extendedS3Configuration"]);
      const backup = asDestination(destination["s3BackupConfiguration"]);
      return [
        ...conversion(destination),
        ...prefixes(destination, "extendedS3Configuration"),
        ...prefixes(backup, "s3BackupConfiguration"),
        ...backupErrors(destination, backup),
      ].map(([rule, message]) => ({ resource: id, rule, message }));
    });
}

type Found = [rule: string, message: string][];

function conversion(destination: Destination): Found {
  const settings = destination["dataFormatConversionConfiguration"];
  if (settings === undefined || asDestination(settings)["enabled"] === false) return [];
  const { bufferingSize, compressionFormat } = destination;
  const found: Found = [];
  if (typeof bufferingSize !== "number" || bufferingSize < leastConvertedMegabytes) {
    const message = `bufferingSize is ${String(bufferingSize)}: with format conversion it must be ${leastConvertedMegabytes} MB or more`;
    found.push(["CONVERSION_BUFFER", message]);
  }
  if (compressionFormat !== undefined && compressionFormat !== "UNCOMPRESSED") {
    const message = `compressionFormat is ${JSON.stringify(compressionFormat)}: with format conversion it must be "UNCOMPRESSED"`;
    found.push(["CONVERSION_COMPRESSION", message]);
  }
  return found;
}

/** Firehose developer guide, "Custom prefixes for Amazon S3 objects". */
function prefixes({ prefix, errorOutputPrefix }: Destination, where: string): Found {
  if (hasExpression(errorOutputPrefix) && !String(errorOutputPrefix).includes("!{firehose:error-output-type}")) {
    return [["ERROR_PREFIX", `${where}.errorOutputPrefix has an expression, and not !{firehose:error-output-type}`]];
  }
  if (hasExpression(prefix) && errorOutputPrefix === undefined) {
    return [["ERROR_PREFIX", `${where}.prefix has an expression: then errorOutputPrefix is required`]];
  }
  return [];
}

function backupErrors({ s3BackupMode }: Destination, backup: Destination): Found {
  if (s3BackupMode !== "Enabled" || backup["errorOutputPrefix"] !== undefined) return [];
  return [["ERROR_PREFIX", "s3BackupConfiguration.errorOutputPrefix: a backup has none unless it is given"]];
}

function hasExpression(prefix: unknown): boolean {
  return typeof prefix === "string" && prefix.includes("!{");
}

function asDestination(value: unknown): Destination {
  return typeof value === "object" && value !== null ? (value as Destination) : {};
}
