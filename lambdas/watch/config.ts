/** Contents of the `config.json` of the Lambda that watches the predictions' error. */
export interface WatchConfig {
  environment: string;
  /** The lake's bucket. */
  bucket: string;
  /** Namespace of the metrics that it writes. */
  namespace: string;
  /** How far the latest week's RMSLE may exceed the reference: 0.25 for 25 %. */
  driftThreshold: number;
}
