import { DatasetError } from "./dataset-error.ts";

export type DeliveryFormat = "csv" | "parquet";

/** What is filled into a key: when the schedule asked for the result, and its version. */
export interface DeliveryMoment {
  /** ISO 8601. */
  scheduleTime: string;
  versionId: string;
}

/** Where deliveries lie: no folder of the lake's own. */
const folder = "dataset/";

/** Amazon S3 user guide, "Naming Amazon S3 objects". */
const longestKey = 1024;

/**
 * The key of a delivery, of a template such as `dataset/use/!{scheduleTime}/!{versionId}.csv`.
 *
 * @throws DatasetError InvalidKey
 */
export function deliveryKey(template: string, moment: DeliveryMoment): { key: string; format: DeliveryFormat } {
  const key = template.replaceAll(/!\{([^}]*)\}?/g, (whole, name: string) => {
    if (whole.endsWith("}") && Object.hasOwn(moment, name)) return moment[name as keyof DeliveryMoment];
    throw invalid(template, `${whole} is not known: there are !{scheduleTime} and !{versionId}`);
  });
  const format = /\.(csv|parquet)$/.exec(key)?.[1];
  if (format === undefined) throw invalid(template, "it must end in .csv or .parquet, which says the format");
  if (!key.startsWith(folder)) throw invalid(template, `it must begin by ${folder}, the folder of deliveries`);
  if (/\/\.{0,2}(\/|$)|[^\x21-\x7e]/.test(key)) {
    throw invalid(template, `${key} has a space, a control character, or an empty or dotted folder`);
  }
  if (key.length > longestKey)
    throw invalid(template, `it makes a key of ${key.length} characters; S3 takes ${longestKey}`);
  return { key, format: format as DeliveryFormat };
}

function invalid(template: string, why: string): DatasetError {
  return new DatasetError("InvalidKey", `The delivery's key "${template}": ${why}.`);
}
