import { expect } from "chai";
import { compilePublish } from "../../publish/publish.ts";
import type { DatasetItem, Run } from "../../plan/events.ts";
import { StorageError } from "../../storage/index.ts";
import { MemoryStorage } from "./memory-storage.ts";
import { beginRun, planConfig, planned, selected, unloaded } from "./run-builders.ts";

const publishConfig = {
  environment: "dev",
  bucket: "lake",
  datasets: planConfig().datasets.map(({ name, keep }) => ({ name, keep })),
};

/**
 * The datasets part of the state machine: what arrived, the plan, queries, publishing, marks. The queries write rows that
 * depend on the dataset and the day only, as those of the same readings do.
 */
async function execute(
  storage: MemoryStorage,
  name: string,
  startTime: string,
  arrived: readonly string[],
): Promise<void> {
  const publish = compilePublish(publishConfig, storage);
  const run = await beginRun(storage, {}, { name, startTime });
  const own = await beginRun(storage, { datasets: ["own"] }, { name: `${name}-own`, startTime });
  for (const item of [...(await planned(storage, run, arrived)), ...(await planned(storage, own, []))]) {
    await publish({ step: "publish", item, results: item.statements.map((_, chunk) => answer(storage, item, chunk)) });
  }
  await publish({ step: "mark", run });
}

function answer(storage: MemoryStorage, item: DatasetItem, chunk: number) {
  const id = `${item.version}-${item.name}-${chunk}`;
  if (item.stored === "no") return selected(storage, id, '"rows of own"\n');
  const { from = "", to = "" } = item.days[chunk] ?? {};
  const files: string[] = [];
  for (let day = Date.parse(from); day < Date.parse(to); day += 86_400_000) {
    const date = new Date(day).toISOString().slice(0, 10);
    files.push(`s3://lake/datasets/${item.name}/versions/${item.version}/${chunk}-0/dt=${date}/part`);
  }
  const execution = unloaded(storage, id, files);
  for (const file of files)
    storage.set(file.slice("s3://lake/".length), `${item.name} of ${file.split("/").at(-2) ?? ""}`);
  return execution;
}

/** What a query would find: the rows of every current file, by dataset and day. */
function rows(storage: MemoryStorage): Record<string, (string | undefined)[]> {
  const manifests = storage.keys("datasets/").filter((key) => key.endsWith("/manifest"));
  return Object.fromEntries(
    manifests.map((key) => {
      const files = (storage.text(key) ?? "").split("\n").filter(Boolean);
      return [key, files.map((url) => storage.text(url.slice("s3://lake/".length)))];
    }),
  );
}

const arrived = ["2018-12-10", "2018-12-11"];

describe("A run that is ended anywhere", () => {
  it("leaves, once it is run again, the same rows, delivery and marks as one that was not", async () => {
    const whole = new MemoryStorage();
    await execute(whole, "first", "2018-12-16T12:00:00.000Z", arrived);
    await execute(whole, "second", "2018-12-16T13:00:00.000Z", arrived);
    const calls = whole.calls;
    const expected = rows(whole);
    expect(Object.keys(expected)).to.have.length(2 + 5 + 7 + 1);
    expect(Object.values(expected).every((files) => files.length === 1 && files[0] !== undefined)).to.equal(true);
    let ended = 0;
    for (const done of [false, true]) {
      for (let at = 1; at <= calls; at++) {
        const storage = new MemoryStorage();
        storage.fails = { at, done };
        try {
          await execute(storage, "first", "2018-12-16T12:00:00.000Z", arrived);
        } catch (error) {
          expect(error).to.be.instanceOf(StorageError);
          ended++;
        }
        storage.fails = undefined;
        await execute(storage, "second", "2018-12-16T13:00:00.000Z", arrived);
        expect(rows(storage), `ended at call ${at}`).to.deep.equal(expected);
        expect(storage.text("runs/marks.json"), `ended at call ${at}`).to.equal(whole.text("runs/marks.json"));
        expect(storage.keys("dataset/own/"), `ended at call ${at}`).to.include(
          "dataset/own/2018-12-16T13:00:00Z/20181216T130000000Z-second-own.csv",
        );
      }
    }
    expect(ended).to.be.at.least(calls / 2);
  });

  it("never shows a reader a file that is not there, nor a day twice", async () => {
    const storage = new MemoryStorage();
    await execute(storage, "first", "2018-12-16T12:00:00.000Z", arrived);
    const calls = storage.calls;
    for (let at = 1; at <= calls; at++) {
      const broken = new MemoryStorage();
      broken.fails = { at, done: true };
      await execute(broken, "first", "2018-12-16T12:00:00.000Z", arrived).catch((error: unknown) => {
        if (!(error instanceof StorageError)) throw error;
      });
      for (const [key, files] of Object.entries(rows(broken))) {
        expect(files, `${key} after call ${at}`).to.have.length(1);
        expect(files[0], `${key} after call ${at}`).not.to.equal(undefined);
      }
    }
  });
});

describe("Two runs at once", () => {
  it("leave the rows of the one that began later, whichever publishes first", async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const storage = new MemoryStorage();
      const publish = compilePublish(publishConfig, storage);
      const runs: Run[] = [
        await beginRun(storage, {}, { name: "a", startTime: "2018-12-16T12:00:00.000Z" }),
        await beginRun(storage, {}, { name: "b", startTime: "2018-12-16T12:00:01.000Z" }),
      ];
      const items = await Promise.all(runs.map((run) => planned(storage, run, arrived)));
      for (const turn of order) {
        const [run, mine] = [runs[turn], items[turn]];
        if (run === undefined || mine === undefined) throw new Error("no such run");
        for (const item of mine) {
          await publish({
            step: "publish",
            item,
            results: item.statements.map((_, chunk) => answer(storage, item, chunk)),
          });
        }
        await publish({ step: "mark", run });
      }
      const manifests = storage.keys("datasets/").filter((key) => key.endsWith("/manifest"));
      expect(manifests).to.have.length(2 + 5 + 7);
      for (const key of manifests)
        expect(storage.text(key), key).to.match(/^s3:\/\/lake\/.*\/20181216T120001000Z-b\/[^\n]*\n$/);
      expect(JSON.parse(storage.text("runs/marks.json") ?? "")).to.include({ arrivedThrough: "2018-12-16" });
    }
  });

  it("leave one version of each day when their writes alternate", async () => {
    const storage = new MemoryStorage();
    const publish = compilePublish(publishConfig, storage);
    const runs = [
      await beginRun(storage, {}, { name: "a", startTime: "2018-12-16T12:00:00.000Z" }),
      await beginRun(storage, {}, { name: "b", startTime: "2018-12-16T12:00:01.000Z" }),
    ];
    storage.beforePut = () => new Promise((resolve) => setImmediate(resolve));
    await Promise.all(
      runs.map(async (run) => {
        for (const item of await planned(storage, run, arrived)) {
          await publish({
            step: "publish",
            item,
            results: item.statements.map((_, chunk) => answer(storage, item, chunk)),
          });
        }
      }),
    );
    for (const key of storage.keys("datasets/").filter((one) => one.endsWith("/manifest"))) {
      expect(storage.text(key), key).to.match(/^s3:\/\/lake\/.*\/20181216T120001000Z-b\/[^\n]*\n$/);
    }
  });
});
