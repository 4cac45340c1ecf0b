import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { featureTableVersion } from "../../features/feature-table.ts";
import { primaryUseCodes } from "../../features/primary-use.ts";
import { featuresOf, loadModel, ModelCardError, predictReadings } from "../../model/index.ts";
import { TruncatedModelError } from "../../trees/index.ts";
import type { ModelCard } from "../../model/index.ts";
import { modelFiles, tableOf } from "../predict/builders.ts";

const shipped = fileURLToPath(new URL("../../../model/shipped", import.meta.url));

function load(files: Record<string, string>): ReturnType<typeof loadModel> {
  return loadModel((name) => files[name] ?? "");
}

async function failure(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it did not fail");
}

function changed(change: (card: ModelCard) => void): Record<string, string> {
  const files = modelFiles();
  const card = JSON.parse(files["card.json"]!) as ModelCard;
  change(card);
  return { ...files, "card.json": JSON.stringify(card) };
}

describe("a model", () => {
  it("predicts readings, not their logarithms, and never less than nothing", async () => {
    const model = await load(modelFiles());
    const rows = [
      { building: 1, meter: 0, hour: 3 },
      { building: 1, meter: 2, hour: 3, count: Math.log1p(100), mean: 4 },
      { building: 1, meter: 0, hour: 3, count: Math.log1p(100), mean: -2 },
    ];
    const predicted = predictReadings(model, tableOf(rows));
    expect(predicted[0]).to.be.closeTo(Math.expm1(1), 1e-12);
    expect(predicted[1]).to.be.closeTo(Math.expm1(4.5), 1e-12);
    expect(predicted[2]).to.equal(0);
  });

  it("comes from what is static to a series' own level with its first readings, step by step", async () => {
    const model = await load(changed((card) => (card.base.readings = 2)));
    const counts = [0, 1, 2, 8, 1e6];
    const rows = counts.map((n) => ({ building: 1, meter: 0, hour: 3, count: Math.log1p(n), mean: 5 }));
    const logarithms = predictReadings(model, tableOf(rows)).map((value) => Math.log1p(value));
    [1, 1 + 4 / 3, 3, 1 + (4 * 8) / 10, 5].forEach((value, i) => expect(logarithms[i]).to.be.closeTo(value, 1e-4));
  });

  it("gives each row of a table with several meter types the value that it has alone", async () => {
    const model = await load(modelFiles());
    const rows = [0, 2, 0, 2].map((meter, hour) => ({ building: 1, meter, hour, count: hour, mean: hour }));
    const alone = rows.map((row) => predictReadings(model, tableOf([row]))[0]);
    expect([...predictReadings(model, tableOf(rows))]).to.deep.equal(alone);
  });

  it("is refused when its card is of another format, another feature table or other uses, or is no card", async () => {
    const faults: [Record<string, string>, RegExp][] = [
      [changed((card) => ((card as { format: number }).format = 2)), /format 2; 1 is known/],
      [changed((card) => (card.featureTableVersion = "0")), /version 0; this is version/],
      [changed((card) => (card.primaryUses["Office"] = 99)), /other codes of primary uses/],
      [changed((card) => card.features.past.push("moon")), /moon/],
      [changed((card) => delete (card as Partial<ModelCard>).base), /lacks base/],
      [{ ...modelFiles(), "card.json": "{" }, /not JSON/],
    ];
    for (const [files, message] of faults) {
      const error = await failure(load(files));
      expect(error).to.be.instanceOf(ModelCardError);
      expect(error.message)
        .to.match(message)
        .and.to.match(/metercast model train/);
    }
  });

  it("is refused when its trees are cut short, or of another model", async () => {
    const files = modelFiles();
    const cut = { ...files, "steam.txt": files["steam.txt"]!.slice(0, -60) };
    expect(await failure(load(cut))).to.be.instanceOf(TruncatedModelError);
    const mixed = { ...files, "steam.txt": files["steam.static.txt"]! };
    const error = await failure(load(mixed));
    expect(error).to.be.instanceOf(ModelCardError);
    expect(error.message).to.include("steam.txt").and.to.include("different models");
  });

  it("names the feature that a table lacks, and the meter type that it does not know", async () => {
    const model = await load(modelFiles());
    const table = tableOf([{ building: 1, meter: 0, hour: 3 }]);
    const without = new Map([...table.columns].filter(([name]) => name !== "hour"));
    expect(() => predictReadings(model, { ...table, columns: without })).to.throw(ModelCardError, /lacks hour/);
    const chilled = tableOf([{ building: 1, meter: 1, hour: 3 }]);
    expect(() => predictReadings(model, chilled)).to.throw(ModelCardError, /knows no meter 1.*0 \(electricity\)/);
  });
});

describe("the shipped model", () => {
  it("is of this version of the features and of these uses, and knows all meter types", async () => {
    const { card, meters } = await loadModel((name) => readFileSync(join(shipped, name), "utf8"));
    expect(card.featureTableVersion).to.equal(featureTableVersion);
    expect(card.primaryUses).to.deep.equal(primaryUseCodes);
    expect([...meters.keys()]).to.deep.equal([0, 1, 2, 3]);
    expect(featuresOf(card)).to.include.members(["past_count", card.base.feature]);
  });

  it("says what it is worth on buildings that it has not seen: with readings better than without", () => {
    const { meters } = JSON.parse(readFileSync(join(shipped, "card.json"), "utf8")) as ModelCard;
    for (const { rmsle, rmsleByDays } of Object.values(meters)) {
      expect(rmsle).to.be.lessThan(rmsleByDays["7"]! * 1.02);
      expect(rmsleByDays["7"]).to.be.lessThan(rmsleByDays["0"]!);
    }
  });

  it("has three megabytes at most", () => {
    const bytes = readdirSync(shipped).reduce((sum, name) => sum + statSync(join(shipped, name)).size, 0);
    expect(bytes).to.be.lessThan(3 * 1024 ** 2);
  });
});
