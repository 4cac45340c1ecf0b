/**
 * Forecasts of a fleet by the code of the Lambdas, from Parquet to predictions, in memory: started by forecast.ts with the
 * fleet's folder. Answers with the seconds of processor time that features and predictions took.
 */
import { join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";
import { tableOfItem } from "../lambdas/features/make-features.ts";
import { featuresOf, loadModel, predictReadings } from "../lambdas/model/index.ts";
import { writeParquet } from "../lambdas/parquet/index.ts";
import { FolderStorage } from "./folder-storage.ts";
import { itemOf, readJob } from "./fleet.ts";

const [, , folder = ""] = process.argv;
const job = readJob(folder);
const storage = new FolderStorage(folder);

let mark = process.cpuUsage();
function seconds(): number {
  const { user, system } = process.cpuUsage(mark);
  mark = process.cpuUsage();
  return (user + system) / 1e6;
}

const spent = { features: 0, predict: 0 };
const model = await loadModel((name) => readFileSync(join(folder, "model", name), "utf8"));
spent.predict += seconds();
const parts: { building_id: Int32Array; meter: Int32Array; timestamp: Float64Array; predicted: Float64Array }[] = [];
for (const { name } of job.config.cities) {
  const { table } = await tableOfItem(itemOf(job, name), job.config, storage, featuresOf(model.card));
  spent.features += seconds();
  const { building_id, meter, timestamp } = table.keys;
  parts.push({ building_id, meter, timestamp, predicted: predictReadings(model, table) });
  spent.predict += seconds();
}
const rows = parts.reduce((sum, { predicted }) => sum + predicted.length, 0);
function whole(column: keyof (typeof parts)[number]): Float64Array {
  const values = new Float64Array(rows);
  let at = 0;
  for (const part of parts) {
    values.set(part[column], at);
    at += part[column].length;
  }
  return values;
}
const bytes = writeParquet([
  { name: "building_id", kind: "int", data: whole("building_id") },
  { name: "meter", kind: "int", data: whole("meter") },
  { name: "timestamp", kind: "timestamp", data: whole("timestamp") },
  { name: "predicted", kind: "double", data: whole("predicted") },
]);
writeFileSync(join(folder, "own.parquet"), bytes);
spent.predict += seconds();
process.send?.({ rows, ...spent });
