import type { types } from "@pulumi/aws";

type Rule = types.input.s3.BucketLifecycleConfigurationRule;

/** Folder of the raw messages. */
export const channelFolder = "channel";

/** Folder of query results, which are copies of what the tables hold. */
export const athenaResultsFolder = "athena-results";

/** Folder of what a run reads for its forecasts, and of the features that it makes of it. */
export const runWorkFolder = "runs/work";
export const featuresFolder = "features";

/** Days that these are kept: long enough to look at a run that went wrong. */
const workDays = 7;

/** Days that the parts of a broken upload are kept: they are billed and nobody sees them. */
const uploadDays = 7;

/** Days that query results are kept. */
const resultDays = 30;

/** Days that an overwritten or deleted object can be brought back, where the bucket is versioned. */
const undoDays = 30;

/**
 * What the bucket forgets by itself: raw messages after their retention, query results, a run's work, broken uploads. Stored data,
 * what was left out and delivery failures stay.
 *
 * In a versioned bucket an expired object only becomes a version that is no longer current. Raw messages lose that
 * after a day, so that their retention means what it says.
 */
export function lifecycleRules({
  rawRetentionDays,
  makesDatasets,
  versioned,
}: {
  rawRetentionDays: number;
  makesDatasets: boolean;
  versioned: boolean;
}): Rule[] {
  const expire = (id: string, folder: string, days: number): Rule => ({
    id,
    status: "Enabled",
    filter: { prefix: `${folder}/` },
    expiration: { days },
    ...(versioned ? { noncurrentVersionExpiration: { noncurrentDays: 1 } } : {}),
  });
  return [
    expire("raw-messages", channelFolder, rawRetentionDays),
    expire("query-results", athenaResultsFolder, resultDays),
    ...(makesDatasets
      ? [expire("run-work", runWorkFolder, workDays), expire("features", featuresFolder, workDays)]
      : []),
    {
      id: "broken-uploads",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: uploadDays },
      ...(versioned
        ? {
            expiration: { expiredObjectDeleteMarker: true },
            noncurrentVersionExpiration: { noncurrentDays: undoDays },
          }
        : {}),
    },
  ];
}
