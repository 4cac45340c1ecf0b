import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { featureTable } from "../../lambdas/features/feature-table.ts";
import { writeFeatureTable } from "../../lambdas/features/table-file.ts";
import { forWeatherColumns } from "../../lambdas/features/weather-columns.ts";
import { loadModel, predictReadings } from "../../lambdas/model/index.ts";
import type { ModelCard } from "../../lambdas/model/index.ts";
import { readParquet } from "../../lambdas/parquet/index.ts";
import { predictionsFiles } from "../../lambdas/predict/predictions-file.ts";
import { evaluationJson, evaluationText } from "../../cli/model-tables.ts";
import { evaluateFiles, hasPython, PythonError, runScript, trainOnFiles, virtualEnvironment } from "../index.ts";
import { modelRequirements } from "../python.ts";
import { inFolder, smallEnvironment, writeFiles } from "./builders.ts";

const silent = (): void => undefined;

/** Installing the packages the first time downloads some 120 MB. */
const longestInstall = 900_000;

describe("learning, in Python", function () {
  let python = "";

  before(function () {
    this.timeout(longestInstall);
    if (!hasPython()) {
      console.warn("      without Python 3.10 or later, training and evaluation are not tested");
      this.skip();
    }
    python = virtualEnvironment(modelRequirements, "model", silent);
  });

  it("scores time blocks, forecasts and unseen buildings, the better the more is known", async function () {
    this.timeout(300_000);
    await inFolder(async (folder) => {
      const environment = smallEnvironment();
      const files = writeFiles(join(folder, "seen"), environment, 5);
      const others = writeFiles(join(folder, "unseen"), { ...environment, name: "others" }, 6);
      const evaluation = await evaluateFiles({
        environment,
        ...files,
        unseenReadings: others.readings,
        unseenBuildings: others.buildings,
        timeZone: "UTC",
        report: silent,
      });
      const { static: blocks, forecast, unseen } = evaluationJson(evaluation);
      for (const score of [blocks, forecast["1"]!, forecast["24"]!]) {
        expect(score).to.have.all.keys("mean", "folds", "electricity", "chilledwater", "steam", "hotwater");
        expect(score.folds).to.have.length(3);
        expect(score.mean).to.be.closeTo(score.folds.reduce((sum, fold) => sum + fold, 0) / 3, 1e-12);
      }
      expect((JSON.parse(JSON.stringify(blocks)) as { steam: unknown }).steam, "no such meter").to.equal(null);
      expect(forecast["24"]!.mean).to.be.lessThan(blocks.mean).and.greaterThan(0.05);
      expect(Object.keys(unseen)).to.deep.equal(["0", "7", "30"]);
      expect(unseen["7"]).to.be.lessThan(unseen["0"]!);
      expect(evaluationText(evaluation)).to.match(/time blocks +\d\.\d{3}/);
    });
  });

  it("trains a model that its card describes, twice the same, and that both engines predict the same from", async function () {
    this.timeout(300_000);
    await inFolder(async (folder) => {
      const environment = smallEnvironment();
      const data = join(folder, "data");
      writeFiles(data, environment, 5);
      const options = { environment, data, timeZone: "UTC", rowsPerSeries: 60, report: silent } as const;
      const [out, again] = [join(folder, "model"), join(folder, "again")];
      const card = await trainOnFiles({ ...options, out });
      expect(Object.keys(card.meters)).to.deep.equal(["electricity", "chilledwater"]);
      expect(await trainOnFiles({ ...options, out: again })).to.deep.equal(card);
      const model = await loadModel((name) => readFileSync(join(out, name), "utf8"));

      const features = join(folder, "features");
      mkdirSync(features);
      const table = smallTable();
      writeFileSync(join(features, "city-0.parquet"), writeFeatureTable(table, "Phoenix"));
      const output = join(folder, "output");
      const words = ["--features", features, "--model", out, "--output", output, "--run-id", "run-1"];
      await runScript(python, "predict.py", words, silent);

      const predicted = predictReadings(model, table);
      const version = card.version;
      const expected = [
        ...predictionsFiles({ city: "Phoenix", keys: table.keys, predicted, version, run: "run-1" }),
      ].sort((a, b) => (a.key < b.key ? -1 : 1));
      const written = readdirSync(output, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      expect(written).to.have.length(expected.length);
      for (const { key, bytes } of expected) {
        const file = join(output, key.slice("predictions/".length));
        const [ours, theirs] = await Promise.all([rowsOf(bytes), rowsOf(readFileSync(file))]);
        const { predicted: a, ...restOfOurs } = ours.columns;
        const { predicted: b, ...restOfTheirs } = theirs.columns;
        expect(restOfTheirs).to.deep.equal(restOfOurs);
        a.forEach((value, row) => expect(Math.abs(value - b[row]!) / (1 + value)).to.be.lessThan(1e-9));
      }
    });
  });

  it("says in the script's own words why nothing is predicted", async function () {
    this.timeout(60_000);
    await inFolder(async (folder) => {
      const card: Partial<ModelCard> = { format: 1, featureTableVersion: "0", version: "m", meters: {} };
      const features = { static: ["hour"], past: ["past_count"] };
      writeFileSync(join(folder, "card.json"), JSON.stringify({ ...card, features }));
      writeFileSync(join(folder, "city-0.parquet"), writeFeatureTable(smallTable(), "Phoenix"));
      const words = ["--features", folder, "--model", folder, "--output", join(folder, "o"), "--run-id", "r"];
      let failure: unknown;
      await runScript(python, "predict.py", words, silent).catch((error: unknown) => (failure = error));
      expect(failure).to.be.instanceOf(PythonError);
      expect((failure as Error).message).to.match(/feature table of version 1; model m reads version 0/);
    });
  });
});

function rowsOf(bytes: Uint8Array) {
  return readParquet([{ name: "predictions", bytes }], {
    building_id: "number",
    meter: "number",
    city: "text",
    timestamp: "number",
    predicted: "number",
    model_version: "text",
    run_id: "text",
    forecast_start: "number",
  });
}

/** Two forecasts of two series of a building, one of which has no past. */
function smallTable() {
  const hourMs = 3_600_000;
  const from = Date.UTC(2016, 6, 1);
  const timestamp = Float64Array.from({ length: 12 * 24 }, (_, i) => from + i * hourMs);
  const values = forWeatherColumns(() => timestamp.map((_, i) => 24 + 6 * Math.sin(i / 4)));
  const start = from + 10 * 24 * hourMs;
  return featureTable(
    {
      site: { siteId: 2, timeZone: "America/Phoenix", holidays: ["2016-07-04"], observations: { timestamp, values } },
      buildings: new Map([[156, { building_id: 156, site_id: 2, primary_use: "Office", square_feet: 50_000 }]]),
      series: [
        { building_id: 156, meter: 0, timestamps: timestamp, readings: timestamp.map((_, i) => 50 + (i % 24)) },
        { building_id: 156, meter: 1, timestamps: [], readings: [] },
      ],
    },
    [
      { start, to: start + 24 * hourMs },
      { start: start + 24 * hourMs, to: start + 48 * hourMs },
    ],
  );
}
