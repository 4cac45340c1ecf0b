/** LightGBM's text models: reading and evaluating them. */

export { MalformedModelError, TreeModelError, TruncatedModelError, UnsupportedModelError } from "./errors.ts";
export { parseModel } from "./parse.ts";
export type { TreeModel } from "./parse.ts";
export { predictBatch, predictRow } from "./predict.ts";
