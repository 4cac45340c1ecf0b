import { describeFeatureTable, readFeatureTable } from "../features/table-file.ts";
import type { StoredFeatureTable } from "../features/table-file.ts";
import { featuresOf, loadModel, predictReadings } from "../model/index.ts";
import type { Model } from "../model/index.ts";
import type { ParquetFile } from "../parquet/index.ts";
import { formatLocation } from "../storage/index.ts";
import type { Storage } from "../storage/index.ts";
import type { PredictConfig } from "./config.ts";
import type { Predicted, PredictEvent } from "./events.ts";
import { PredictionError } from "./prediction-error.ts";
import { predictionsFiles } from "./predictions-file.ts";

/**
 * What predicts from feature tables by the model of a folder, which is read once: a folder's name has its version.
 *
 * A call throws a PredictionError for a table that does not go with the model, ModelCardError or TreeModelError for a
 * model that cannot be used, ParquetError and StorageError for files that cannot be read.
 */
export function compilePredict(
  { bucket, model: folder }: PredictConfig,
  storage: Pick<Storage, "get" | "put">,
): (event: PredictEvent) => Promise<Predicted> {
  const textOf = async (name: string): Promise<string> => {
    const { bytes } = await storage.get({ bucket, key: `${folder}/${name}` });
    return new TextDecoder().decode(bytes);
  };
  let loaded: Promise<Model> | undefined;

  async function theModel(): Promise<Model> {
    loaded ??= loadModel(textOf);
    try {
      return await loaded;
    } catch (error) {
      // what could not be read may be there the next time
      loaded = undefined;
      throw error;
    }
  }

  return async ({ run, key }) => {
    const location = { bucket, key };
    const [model, { bytes }] = await Promise.all([theModel(), storage.get(location)]);
    const { table, city } = await readTable({ name: formatLocation(location), bytes }, model);
    const predicted = predictReadings(model, table);
    checkFinite(predicted, table, model);
    const keys: string[] = [];
    const { version } = model.card;
    for (const file of predictionsFiles({ city, keys: table.keys, predicted, version, run: run.id })) {
      await storage.put({ bucket, key: file.key }, file.bytes);
      keys.push(file.key);
    }
    return { rows: table.rows, keys, warnings: withoutPast(table, city) };
  };
}

/** Reads what the model needs of a table that goes with it. */
async function readTable(file: ParquetFile, { card }: Model): Promise<StoredFeatureTable & { city: string }> {
  const { version, rows, columns } = describeFeatureTable(file);
  if (version !== card.featureTableVersion) {
    throw new PredictionError(
      "OtherFeatureTable",
      `${file.name} is a feature table of version ${version}; model ${card.version} reads version ${card.featureTableVersion}. Start the run anew once all functions are deployed, or train a model on the tables of this version: metercast model train.`,
    );
  }
  const wanted = featuresOf(card);
  const missing = wanted.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw new PredictionError(
      "MissingFeature",
      `${file.name} lacks ${missing.join(", ")}, of the ${wanted.length} features that model ${card.version} reads. It has ${columns.join(", ")}.`,
    );
  }
  const stored = await readFeatureTable(file, wanted);
  if (rows === 0 || stored.city === null) {
    throw new PredictionError(
      "EmptyFeatureTable",
      `${file.name} has no row: no series of the city has a reading before the forecast. Ask readings_by_day what there is: metercast query.`,
    );
  }
  return { ...stored, city: stored.city };
}

/** A warning when series begin without a reading, of which the model has what is static only. */
function withoutPast({ rows, columns, keys }: StoredFeatureTable["table"], city: string): string[] {
  const counts = columns.get("past_count");
  let [all, without] = [0, 0];
  for (let row = 0; row < rows; row++) {
    if (keys.hours_ahead[row] !== 1) continue;
    all++;
    if (counts?.[row] === 0) without++;
  }
  if (without === 0) return [];
  return [
    `${without} of ${all} forecasts of ${city} are of series without a reading before: building, weather and calendar alone predict them.`,
  ];
}

function checkFinite(predicted: Float64Array, { keys }: StoredFeatureTable["table"], { card }: Model): void {
  const row = predicted.findIndex((value) => !Number.isFinite(value));
  if (row === -1) return;
  const hour = new Date(keys.timestamp[row]!).toISOString();
  throw new PredictionError(
    "NoFinitePrediction",
    `Model ${card.version} gives ${predicted[row]} for building ${keys.building_id[row]}, meter ${keys.meter[row]}, at ${hour}: the model is not usable. Train another: metercast model train.`,
  );
}
