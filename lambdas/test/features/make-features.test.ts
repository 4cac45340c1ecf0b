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
import type { FeaturesConfig } from "../../features/config.ts";
import type { FeaturesEvent, FeaturesMade } from "../../features/events.ts";
import { featureNames, featureTableVersion } from "../../features/feature-table.ts";
import { FeaturesEventError, makeFeatures } from "../../features/make-features.ts";
import { RegisterError } from "../../features/register.ts";
import type { ReadingRows } from "../../features/series.ts";
import { readFeatureTable } from "../../features/table-file.ts";
import { dayMs, hourMs, weatherColumns } from "../../features/weather-columns.ts";
import { ParquetError, writeParquet } from "../../parquet/index.ts";
import { readingRows, start } from "./builders.ts";
import { StorageError } from "../../storage/index.ts";
import type { Storage } from "../../storage/index.ts";

const config: FeaturesConfig = {
  bucket: "lake",
  historyDays: 7,
  cities: [
    { name: "Jacksonville", siteId: 0, timeZone: "America/New_York", country: "US" },
    { name: "London", siteId: 1, timeZone: "Europe/London", country: "GB", subdivision: "ENG" },
  ],
  holidays: { "US": ["2018-12-17"], "GB-ENG": ["2018-12-25"] },
};

function readingFile(rows: Record<keyof ReadingRows, Float64Array>): Uint8Array {
  return writeParquet([
    { name: "building_id", kind: "int", data: rows.building_id },
    { name: "meter", kind: "int", data: rows.meter },
    { name: "timestamp", kind: "timestamp", data: rows.timestamp },
    { name: "meter_reading", kind: "double", data: rows.meter_reading },
  ]);
}

/** Weather of each hour from a week before the start on. */
function weatherFile(hours: number): Uint8Array {
  const column = (of: (hour: number) => number) => Float64Array.from({ length: hours }, (_, hour) => of(hour));
  return writeParquet([
    { name: "timestamp", kind: "timestamp", data: column((hour) => start - 7 * dayMs + hour * hourMs) },
    ...weatherColumns.map((name) => ({ name, kind: "double" as const, data: column((hour) => 10 + (hour % 24)) })),
  ]);
}

const register = [
  { building_id: 105, site_id: 1, primary_use: "Office", square_feet: 1000, year_built: 1990, floor_count: 2 },
  { building_id: 1, site_id: 0, primary_use: "Education", square_feet: 50000 },
];

/** A bucket with what a run's UNLOADs and the loader have left. */
function lake(objects: Record<string, Uint8Array | string> = {}): {
  storage: Pick<Storage, "get" | "list" | "put">;
  objects: Map<string, Uint8Array>;
} {
  const all = {
    "work/readings-manifest.csv": "s3://lake/work/readings-0/a\ns3://lake/work/readings-0/b\n",
    "work/readings-0/a": readingFile(readingRows([[1, 0]])),
    "work/readings-0/b": readingFile(readingRows([[1, 2]])),
    "work/weather-manifest.csv": "s3://lake/work/weather-0/a\n",
    "work/weather-0/a": weatherFile(8 * 24),
    "buildings/buildings.json": register.map((building) => JSON.stringify(building)).join("\n"),
    ...objects,
  };
  const stored = new Map(
    Object.entries(all).map(([key, content]) => [key, typeof content === "string" ? Buffer.from(content) : content]),
  );
  return {
    objects: stored,
    storage: {
      get(location) {
        const bytes = stored.get(location.key);
        if (bytes === undefined) return Promise.reject(new StorageError("read", location, "NoSuchKey", ""));
        return Promise.resolve({ bytes, etag: "", metadata: {} });
      },
      list: (_, prefix) =>
        Promise.resolve(
          [...stored].flatMap(([key, { length }]) =>
            key.startsWith(prefix) ? { key, size: length, lastModified: 0 } : [],
          ),
        ),
      put({ key }, body) {
        stored.set(key, Buffer.from(body));
        return Promise.resolve(true);
      },
    },
  };
}

function event(item: Partial<FeaturesEvent["item"]> = {}): FeaturesEvent {
  return {
    run: { id: "run-1" },
    item: {
      id: "Jacksonville-1",
      city: "Jacksonville",
      starts: ["2018-12-17T00:00:00Z"],
      to: "2018-12-18T00:00:00Z",
      horizonHours: 24,
      ...item,
    },
    readings: "s3://lake/work/readings-manifest.csv",
    weather: "s3://lake/work/weather-manifest.csv",
  };
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("Nothing was thrown.");
}

describe("the Lambda that makes features", () => {
  it("stores a row per series and hour, with all features, the known readings, and its version", async () => {
    const { storage, objects } = lake();
    const { key, rows, warnings } = await makeFeatures(event(), config, storage);
    expect({ key, rows, warnings }).to.deep.equal({
      key: "features/run-1/Jacksonville-1.parquet",
      rows: 2 * 24,
      warnings: [],
    });
    const { version, city, table } = await readFeatureTable({ name: key, bytes: objects.get(key)! }, featureNames);
    expect({ version, city }).to.deep.equal({ version: featureTableVersion, city: "Jacksonville" });
    expect(table.rows).to.equal(48);
    expect([...table.keys.meter.slice(0, 2), ...table.keys.meter.slice(24, 26)]).to.deep.equal([0, 0, 2, 2]);
    expect(table.keys.timestamp[23]).to.equal(start + 23 * hourMs);
    expect(table.keys.forecast_start[23]).to.equal(start);
    expect(table.keys.hours_ahead[23]).to.equal(24);
    expect(table.reading.every(Number.isNaN)).to.be.true;
    const at = (name: string, row: number) => table.columns.get(name)?.[row];
    expect(at("log_floor_area", 0)).to.equal(Math.log1p(50000));
    expect(at("building_age", 0)).to.be.NaN;
    // 19 h of Sunday the 16th in New York, and no holiday there yet
    expect([at("hour", 0), at("weekday", 0), at("is_holiday", 0)]).to.deep.equal([19, 6, 0]);
    expect([at("hour", 5), at("weekday", 5), at("is_holiday", 5)]).to.deep.equal([0, 0, 1]);
    expect(at("air_temperature", 3)).to.equal(13);
    expect(at("past_count", 0)).to.equal(Math.log1p(48));
  });

  it("cuts each forecast at its horizon and at the end", async () => {
    const { storage, objects } = lake();
    const starts = ["2018-12-16T00:00:00Z", "2018-12-17T00:00:00Z"];
    const { key, rows } = await makeFeatures(
      event({ starts, horizonHours: 6, to: "2018-12-17T02:00:00Z" }),
      config,
      storage,
    );
    expect(rows).to.equal(2 * (6 + 2));
    const { table } = await readFeatureTable({ name: key, bytes: objects.get(key)! }, ["past_last"]);
    // what the earlier forecast does not know is there to compare with
    expect(table.reading[0]).to.equal(5 + (24 % 7));
    expect(table.reading[6]).to.be.NaN;
  });

  it("gives the same file whatever the order of the rows that Athena wrote", async () => {
    const series: [number, number][] = [
      [1, 0],
      [2, 1],
    ];
    const rows = readingRows(series);
    const order = Array.from(rows.timestamp, (_, row) => (row * 35) % rows.timestamp.length);
    expect(new Set(order).size).to.equal(rows.timestamp.length);
    const shuffled = Object.fromEntries(
      Object.entries(rows).map(([name, column]) => [name, Float64Array.from(order, (row) => column[row] ?? NaN)]),
    ) as typeof rows;
    const manifest = "s3://lake/work/readings-0/a";
    const files = await Promise.all(
      [rows, shuffled].map(async (one) => {
        const { storage, objects } = lake({
          "work/readings-manifest.csv": manifest,
          "work/readings-0/a": readingFile(one),
        });
        const { key } = await makeFeatures(event(), config, storage);
        return objects.get(key)!;
      }),
    );
    expect(Buffer.from(files[0]!).equals(files[1]!)).to.be.true;
  });

  it("warns of a building without an entry, once, and predicts it all the same", async () => {
    const { storage } = lake({
      "work/readings-0/b": readingFile(
        readingRows([
          [77, 0],
          [77, 1],
        ]),
      ),
    });
    const { rows, warnings } = await makeFeatures(event(), config, storage);
    expect(rows).to.equal(3 * 24);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include("Building 77 is not in the register");
  });

  it("warns of a city whose weather is silent, and since when", async () => {
    const hoursBefore = 30;
    const { storage } = lake({ "work/weather-0/a": weatherFile(7 * 24 - hoursBefore + 1) });
    const { warnings } = await makeFeatures(event(), config, storage);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include(
      "The weather of Jacksonville has been silent since 2018-12-15T18:00:00.000Z, 30 hours before the forecast",
    );
  });

  it("predicts without any weather, and says so", async () => {
    const { storage, objects } = lake({ "work/weather-manifest.csv": "" });
    const { key, rows, warnings } = await makeFeatures(event(), config, storage);
    expect(rows).to.equal(48);
    expect(warnings).to.deep.equal([
      "Jacksonville has no weather: it is predicted from its readings and the calendar alone.",
    ]);
    const { table } = await readFeatureTable({ name: key, bytes: objects.get(key)! }, ["air_temperature"]);
    expect(table.columns.get("air_temperature")?.every(Number.isNaN)).to.be.true;
  });

  it("makes an empty table of a city without readings, and says so", async () => {
    const { storage, objects } = lake({ "work/readings-manifest.csv": "" });
    const { key, rows, warnings } = await makeFeatures(event(), config, storage);
    expect(rows).to.equal(0);
    expect(warnings).to.deep.equal(["Jacksonville has no readings in its history of 7 days."]);
    const { table, city } = await readFeatureTable({ name: key, bytes: objects.get(key)! }, featureNames);
    expect({ rows: table.rows, city }).to.deep.equal({ rows: 0, city: null });
  });

  it("keeps its answer short, however much there is to warn of", async () => {
    const series = Array.from({ length: 300 }, (_, index): [number, number] => [1000 + index, 0]);
    const { storage } = lake({ "work/readings-0/a": readingFile(readingRows(series)) });
    const { warnings } = await makeFeatures(event(), config, storage);
    expect(warnings).to.have.length(21);
    expect(warnings.at(-1)).to.equal("And 280 more like these.");
  });

  it("names the city that the environment lacks, the time that is none, the line and the file that are wrong", async () => {
    const made = (item: Partial<FeaturesEvent["item"]>, objects: Record<string, Uint8Array | string> = {}) =>
      failure(makeFeatures(event(item), config, lake(objects).storage));
    const unknown = await made({ city: "Atlantis" });
    expect(unknown).to.be.instanceOf(FeaturesEventError);
    expect(unknown.message).to.equal("The environment has no city Atlantis; it has Jacksonville, London.");
    expect((await made({ to: "tomorrow" })).message).to.include('Item Jacksonville-1: "tomorrow" is no time');
    for (const [text, place] of [
      ['{"building_id": 1, "site_id": 0}\nnonsense', "line 2: not JSON"],
      ['{"building_id": "1"}', "line 1: an entry has the numbers"],
      ["7", "line 1: an entry has the numbers"],
    ] as const) {
      const error = await made({}, { "buildings/buildings.json": text });
      expect(error).to.be.instanceOf(RegisterError);
      expect(error.message).to.include(`s3://lake/buildings/buildings.json, ${place}`);
    }
    const damaged = await made({}, { "work/readings-0/b": "PAR1 and no more" });
    expect(damaged).to.be.instanceOf(ParquetError);
    expect(damaged.message).to.include("s3://lake/work/readings-0/b");
    expect((await made({}, { "work/readings-manifest.csv": "s3://lake/gone" })).message).to.include("s3://lake/gone");
  });
});

describe("a stored feature table", () => {
  it("is refused where it lacks a feature, or is another file", async () => {
    const { storage, objects } = lake();
    const { key } = await makeFeatures(event(), config, storage);
    const file = { name: key, bytes: objects.get(key)! };
    expect((await failure(readFeatureTable(file, ["hour", "moon_phase"]))).message).to.include(
      `${key}: there is no column moon_phase`,
    );
    const other = { name: "readings", bytes: objects.get("work/readings-0/a")! };
    expect(await failure(readFeatureTable(other, []))).to.be.instanceOf(ParquetError);
  });
});

describe("the bundle of the Lambda that makes features", () => {
  it("runs from its archive, with S3 by HTTP", async () => {
    const { storage, objects } = lake();
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "", "http://localhost");
      const key = decodeURIComponent(url.pathname.replace("/lake/", ""));
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        if (request.method === "PUT") {
          objects.set(key, Buffer.concat(chunks));
          response.end();
        } else if (url.searchParams.has("list-type")) {
          response.setHeader("content-type", "application/xml");
          response.end(
            "<ListBucketResult><Contents><Key>buildings/buildings.json</Key></Contents><IsTruncated>false</IsTruncated></ListBucketResult>",
          );
        } else response.end(objects.get(key));
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const folder = mkdtempSync(join(tmpdir(), "metercast-features-"));
    try {
      const module = join(folder, "index.mjs");
      writeFileSync(module, bundleLambda("features"));
      writeFileSync(join(folder, "config.json"), JSON.stringify(config));
      const script = `
        const { handler } = await import(${JSON.stringify(pathToFileURL(module).href)});
        console.log(JSON.stringify(await handler(${JSON.stringify(event())})));
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
      const { key, rows } = JSON.parse(stdout) as FeaturesMade;
      expect(rows).to.equal(48);
      const written = objects.get(key);
      await makeFeatures(event(), config, storage);
      expect(Buffer.from(written!).equals(objects.get(key)!)).to.be.true;
    } finally {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
