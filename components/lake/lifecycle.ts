import type { types } from "@pulumi/aws";

type Rule = types.input.s3.BucketLifecycleConfigurationRule;

/** Folder of the raw messages. */
export const channelFolder = "channel";

/** Folder of query results, which are copies of what the tables hold. */
export const athenaResultsFolder = "athena-results";

/** Days that the parts of a broken upload are kept: they are billed and nobody sees them. */
const uploadDays = 7;

/** Days that query results are kept. */
const resultDays = 30;

/** Days that an overwritten or deleted object can be brought back, where the bucket is versioned. */
const undoDays = 30;

/**
 * What the bucket forgets by itself: raw messages after their retention, query results, broken uploads. Stored data,
 * what was left out and delivery failures stay.
 *
 * In a versioned bucket an expired object only becomes a version that is no longer current. Raw messages lose that
 * after a day, so that their retention means what it says.
 */
export function lifecycleRules({
  rawRetentionDays,
  versioned,
}: {
  rawRetentionDays: number;
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
