/** The model: its card, its two stages of trees per meter type, and predictions from a feature table. */

export { cardFile, featuresOf, ModelCardError, readCard } from "./card.ts";
export type { MeterModel, ModelCard } from "./card.ts";
export { loadModel } from "./model.ts";
export type { Model } from "./model.ts";
export { predictReadings } from "./predict.ts";
