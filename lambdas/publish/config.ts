import type { Keep } from "../datasets/dataset.ts";

/** Contents of the `config.json` of the Lambda that publishes datasets. */
export interface PublishConfig {
  environment: string;
  /** The lake's bucket. */
  bucket: string;
  /** How long the versions of each dataset are kept: of all that `datasets/` of the bucket may hold. */
  datasets: { name: string; keep: Keep }[];
}
