import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { bundleLambda } from "../../bundle.ts";
import type { FeatureTable } from "../../features/feature-table.ts";
import { writeFeatureTable } from "../../features/table-file.ts";
import { hourMs } from "../../features/weather-columns.ts";
import { readParquet, writeParquet } from "../../parquet/index.ts";
import type { Predicted } from "../../predict/events.ts";
import { compilePredict } from "../../predict/predict.ts";
import { bucketOf, day, inModelFolder, modelFiles, modelFolder, start, tableOf } from "./builders.ts";

const config = { bucket: "lake", model: modelFolder };
const tableKey = "features/run-1/London-0.parquet";
const event = { run: { id: "run-1" }, key: tableKey };

/** A bucket with the model and a feature table of London. */
function lake(table: FeatureTable | Uint8Array, files = modelFiles()) {
  const bytes = table instanceof Uint8Array ? table : writeFeatureTable(table, "London");
  return bucketOf({ ...inModelFolder(files), [tableKey]: bytes });
}

async function readPredictions(bytes: Uint8Array) {
  const { rows, columns } = await readParquet([{ name: "predictions", bytes }], {
    building_id: "number",
    meter: "number",
    city: "text",
    timestamp: "number",
    predicted: "number",
    model_version: "text",
    run_id: "text",
    forecast_start: "number",
  });
  return Array.from({ length: rows }, (_, row) => ({
    building: columns.building_id[row],
    meter: columns.meter[row],
    city: columns.city[row],
    hour: ((columns.timestamp[row] ?? NaN) - start) / hourMs,
    predicted: columns.predicted[row],
    version: columns.model_version[row],
    run: columns.run_id[row],
    from: ((columns.forecast_start[row] ?? NaN) - start) / hourMs,
  }));
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("Nothing was thrown.");
}

describe("the Lambda that predicts", () => {
  it("stores a row per building, meter and hour, in the meter's unit, with the model and the run", async () => {
    const table = tableOf([...day(105, 0), ...day(106, 2, { count: Math.log1p(10), mean: 3 })]);
    const { storage, objects } = lake(table);
    const predicted = await compilePredict(config, storage)(event);
    const key = "predictions/dt=2018-12-17/London-20181217T00.parquet";
    expect(predicted).to.deep.equal({
      rows: 48,
      keys: [key],
      warnings: [
        "1 of 2 forecasts of London are of series without a reading before: building, weather and calendar alone predict them.",
      ],
    });
    const rows = await readPredictions(objects.get(key)!);
    const each = { city: "London", version: "m1", run: "run-1", from: 0 };
    expect(rows[0]).to.deep.equal({ building: 105, meter: 0, hour: 0, predicted: Math.expm1(1), ...each });
    expect(rows[12]).to.deep.equal({ building: 105, meter: 0, hour: 12, predicted: Math.expm1(2), ...each });
    expect(rows[24]).to.deep.equal({ building: 106, meter: 2, hour: 0, predicted: Math.expm1(3.5), ...each });
    expect(rows).to.have.length(48);
  });

  it("never predicts less than nothing", async () => {
    const { storage, objects } = lake(tableOf(day(1, 0, { count: 1, mean: -4 })));
    const { keys } = await compilePredict(config, storage)(event);
    const rows = await readPredictions(objects.get(keys[0]!)!);
    expect(new Set(rows.map((row) => row.predicted))).to.deep.equal(new Set([0]));
  });

  it("writes an object for each start of a forecast", async () => {
    const table = tableOf([...day(1, 0), ...day(1, 0, { from: 24 }), ...day(1, 0, { from: 37 })]);
    const { storage, objects } = lake(table);
    const { rows, keys } = await compilePredict(config, storage)(event);
    expect(rows).to.equal(72);
    expect(keys).to.deep.equal([
      "predictions/dt=2018-12-17/London-20181217T00.parquet",
      "predictions/dt=2018-12-18/London-20181218T00.parquet",
      "predictions/dt=2018-12-18/London-20181218T13.parquet",
    ]);
    const last = await readPredictions(objects.get(keys[2]!)!);
    expect(last.map(({ from, hour }) => [from, hour])).to.deep.equal(
      Array.from({ length: 24 }, (_, hour) => [37, 37 + hour]),
    );
  });

  it("gives the same bytes for the same rows, whatever their order, and again when it is run again", async () => {
    const rows = [...day(2, 2), ...day(1, 2), ...day(1, 0, { count: 1, mean: 2 }), ...day(3, 0)];
    const once = lake(tableOf(rows));
    const { keys } = await compilePredict(config, once.storage)(event);
    const other = lake(tableOf(rows.toReversed()));
    const predict = compilePredict(config, other.storage);
    await predict(event);
    const [key] = keys;
    expect(Buffer.from(other.objects.get(key!)!).equals(once.objects.get(key!)!)).to.be.true;
    const before = other.objects.get(key!);
    const count = other.objects.size;
    await predict(event);
    expect(Buffer.from(other.objects.get(key!)!).equals(before!)).to.be.true;
    expect(other.objects.size).to.equal(count);
    const order = (await readPredictions(before!)).map(({ building, meter }) => `${building}/${meter}`);
    expect([...new Set(order)]).to.deep.equal(["1/0", "1/2", "2/2", "3/0"]);
  });

  it("reads the model once for many tables", async () => {
    const { storage, reads } = lake(tableOf(day(1, 0)));
    const predict = compilePredict(config, storage);
    await predict(event);
    await predict(event);
    expect(reads.get(`${modelFolder}/card.json`)).to.equal(1);
    expect(reads.get(`${modelFolder}/steam.txt`)).to.equal(1);
    expect(reads.get(tableKey)).to.equal(2);
  });

  it("reads a model again that could not be read", async () => {
    const { storage, objects } = lake(tableOf(day(1, 0)));
    const predict = compilePredict(config, storage);
    const text = objects.get(`${modelFolder}/steam.txt`)!;
    objects.delete(`${modelFolder}/steam.txt`);
    expect((await failure(predict(event))).message).to.include(`s3://lake/${modelFolder}/steam.txt: NoSuchKey`);
    objects.set(`${modelFolder}/steam.txt`, text);
    expect((await predict(event)).rows).to.equal(24);
  });
});

describe("a prediction that cannot be made", () => {
  const predicting = (table: FeatureTable | Uint8Array, files = modelFiles()) =>
    failure(compilePredict(config, lake(table, files).storage)(event));
  const sound = tableOf(day(1, 0));

  it("is refused of a model that is cut short, by the file", async () => {
    const files = modelFiles();
    const error = await predicting(sound, { ...files, "steam.txt": files["steam.txt"]!.slice(0, -20) });
    expect(error.name).to.equal("TruncatedModelError");
    expect(error.message).to.include("steam.txt is cut short: it ends at line");
    const card = await predicting(sound, { ...files, "card.json": files["card.json"]!.slice(0, -20) });
    expect(card.name).to.equal("ModelCardError");
    expect(card.message).to.include("card.json is not JSON");
  });

  it("is refused of a model of another feature table, or of other codes of primary uses", async () => {
    const other = await predicting(sound, modelFiles({ featureTableVersion: "0" }));
    expect(other.name).to.equal("ModelCardError");
    expect(other.message).to.include("the model was trained on feature tables of version 0");
    const uses = await predicting(sound, modelFiles({ primaryUses: { Office: 3 } }));
    expect(uses.name).to.equal("ModelCardError");
    expect(uses.message).to.include("the model was trained with other codes of primary uses");
  });

  it("is refused from a table that another version of the features made", async () => {
    const error = await predicting(
      writeParquet([{ name: "hour", kind: "double", data: Float64Array.of(1) }], { "metercast.features": "0" }),
    );
    expect(error.name).to.equal("OtherFeatureTable");
    expect(error.message).to.include(`s3://lake/${tableKey} is a feature table of version 0; model m1 reads version`);
  });

  it("is refused from a table that lacks features, by their names", async () => {
    const columns = new Map([...sound.columns].filter(([name]) => name !== "past_mean" && name !== "hour"));
    const error = await predicting({ ...sound, columns });
    expect(error.name).to.equal("MissingFeature");
    expect(error.message).to.include(
      `s3://lake/${tableKey} lacks hour, past_mean, of the 4 features that model m1 reads`,
    );
  });

  it("is refused from a table without rows", async () => {
    const error = await predicting(tableOf([]));
    expect(error.name).to.equal("EmptyFeatureTable");
    expect(error.message).to.include(`s3://lake/${tableKey} has no row`);
  });

  it("is refused from what is no feature table, or is not there", async () => {
    expect((await predicting(Buffer.from("PAR1 and no more"))).name).to.equal("ParquetError");
    expect((await predicting(writeParquet([]))).message).to.include("is no feature table");
    const { storage, objects } = lake(sound);
    objects.delete(tableKey);
    expect((await failure(compilePredict(config, storage)(event))).message).to.include(
      `s3://lake/${tableKey}: NoSuchKey`,
    );
  });

  it("is refused where it is no number, and nothing is stored", async () => {
    const { storage, objects } = lake(tableOf(day(7, 2, { count: 1, mean: 800 })));
    const error = await failure(compilePredict(config, storage)(event));
    expect(error.name).to.equal("NoFinitePrediction");
    expect(error.message).to.include("Model m1 gives Infinity for building 7, meter 2, at 2018-12-17T00:00:00.000Z");
    expect([...objects.keys()].filter((key) => key.startsWith("predictions/"))).to.deep.equal([]);
  });
});

describe("the bundle of the Lambda that predicts", () => {
  it("runs from its archive, with S3 by HTTP", async () => {
    const { storage, objects } = lake(tableOf(day(1, 0)));
    const server = createServer((request, response) => {
      const key = decodeURIComponent(new URL(request.url ?? "", "http://localhost").pathname.replace("/lake/", ""));
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        if (request.method === "PUT") objects.set(key, Buffer.concat(chunks));
        response.end(request.method === "PUT" ? undefined : objects.get(key));
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const folder = mkdtempSync(join(tmpdir(), "metercast-predict-"));
    try {
      const module = join(folder, "index.mjs");
      writeFileSync(module, bundleLambda("predict"));
      writeFileSync(join(folder, "config.json"), JSON.stringify(config));
      const script = `
        const { handler } = await import(${JSON.stringify(pathToFileURL(module).href)});
        console.log(JSON.stringify(await handler(${JSON.stringify(event)})));
      `;
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
        cwd: folder,
        env: {
          AWS_REGION: "us-east-1",
          AWS_ACCESS_KEY_ID: "key",
          AWS_SECRET_ACCESS_KEY: "secret",
          AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        },
      });
      const { keys, rows } = JSON.parse(stdout) as Predicted;
      expect(rows).to.equal(24);
      const written = objects.get(keys[0]!);
      await compilePredict(config, storage)(event);
      expect(Buffer.from(written!).equals(objects.get(keys[0]!)!)).to.be.true;
    } finally {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
