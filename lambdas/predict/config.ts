/** Contents of the `config.json` of the Lambda that predicts. */
export interface PredictConfig {
  /** The lake's bucket. */
  bucket: string;
  /** Folder of the model in it, without a slash at its end: "models/<version>". */
  model: string;
}
