import { expect } from "chai";
import type { DatasetItem, Run } from "../../plan/events.ts";
import { compilePublish } from "../../publish/publish.ts";
import type { MarkEvent, Marked, Published, PublishEvent, QueryExecution } from "../../publish/events.ts";
import type { PublishConfig } from "../../publish/config.ts";
import { contents, MemoryStorage } from "./memory-storage.ts";
import { beginRun, planned, selected, unloaded } from "./run-builders.ts";

const config: PublishConfig = {
  environment: "dev",
  bucket: "lake",
  datasets: [
    { name: "use", keep: { days: 3 } },
    { name: "own", keep: { days: 90, versions: 2 } },
  ],
};

function itemOf(version: string, changes: Partial<DatasetItem> = {}): DatasetItem {
  return {
    name: "use",
    version,
    statements: [{ before: "UNLOAD (...) TO 's3://lake/...0-", after: "/'" }],
    days: [{ from: "2018-12-10", to: "2018-12-13" }],
    stored: "by day",
    ...changes,
  };
}

function file(version: string, day: string | undefined, name = "a", dataset = "use"): string {
  return `s3://lake/datasets/${dataset}/versions/${version}/0-0/${day === undefined ? "" : `dt=${day}/`}${name}`;
}

async function publish(storage: MemoryStorage, item: DatasetItem, ...results: QueryExecution[]): Promise<Published> {
  const event: PublishEvent = { step: "publish", item, results };
  return (await compilePublish(config, storage)(event)) as Published;
}

async function fault(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("It did not fail.");
}

describe("Publishing", () => {
  it("lists the files of each day, as they were written, in the day's manifest", async () => {
    const storage = new MemoryStorage();
    const files = [file("v1", "2018-12-11", "b"), file("v1", "2018-12-10"), file("v1", "2018-12-11", "a")];
    expect(await publish(storage, itemOf("v1"), unloaded(storage, "q", files))).to.deep.equal({
      ...{ name: "use", version: "v1", written: 2, superseded: 0, files: 3, delivered: [] },
    });
    expect(contents(storage, "datasets/use/current/")).to.deep.equal({
      "datasets/use/current/dt=2018-12-10/manifest": `${file("v1", "2018-12-10")}\n`,
      "datasets/use/current/dt=2018-12-11/manifest": `${file("v1", "2018-12-11", "a")}\n${file("v1", "2018-12-11", "b")}\n`,
    });
  });

  it("takes the files of all statements of an item", async () => {
    const storage = new MemoryStorage();
    const [statement] = itemOf("v1").statements;
    if (statement === undefined) throw new Error("no statement");
    const item = itemOf("v1", { statements: [statement, statement] });
    const results = [
      unloaded(storage, "p", [file("v1", "2018-12-10")]),
      unloaded(storage, "q", [file("v1", "2018-12-12")]),
    ];
    expect(await publish(storage, item, ...results)).to.include({ written: 2, files: 2 });
  });

  it("replaces a day by a later version, and never by an earlier one", async () => {
    const storage = new MemoryStorage();
    await publish(storage, itemOf("v2"), unloaded(storage, "q2", [file("v2", "2018-12-10")]));
    const late = await publish(
      storage,
      itemOf("v1"),
      unloaded(storage, "q1", [file("v1", "2018-12-10"), file("v1", "2018-12-11")]),
    );
    expect(late).to.include({ written: 1, superseded: 1 });
    expect(storage.text("datasets/use/current/dt=2018-12-10/manifest")).to.equal(`${file("v2", "2018-12-10")}\n`);
    await publish(storage, itemOf("v3"), unloaded(storage, "q3", [file("v3", "2018-12-10")]));
    expect(storage.text("datasets/use/current/dt=2018-12-10/manifest")).to.equal(`${file("v3", "2018-12-10")}\n`);
  });

  it("empties the list of a day that no longer has rows, and makes none where there was none", async () => {
    const storage = new MemoryStorage();
    await publish(storage, itemOf("v1"), unloaded(storage, "q1", [file("v1", "2018-12-10")]));
    await publish(storage, itemOf("v2"), unloaded(storage, "q2", [file("v2", "2018-12-12")]));
    expect(contents(storage, "datasets/use/current/")).to.deep.equal({
      "datasets/use/current/dt=2018-12-10/manifest": "",
      "datasets/use/current/dt=2018-12-12/manifest": `${file("v2", "2018-12-12")}\n`,
    });
    const late = await publish(storage, itemOf("v1"), unloaded(storage, "q3", [file("v1", "2018-12-10")]));
    expect(late.superseded).to.equal(2);
    expect(storage.text("datasets/use/current/dt=2018-12-10/manifest")).to.equal("");
  });

  it("gives way to a later version that is written at the same moment", async () => {
    const storage = new MemoryStorage();
    await publish(storage, itemOf("v1"), unloaded(storage, "q1", [file("v1", "2018-12-10")]));
    const execution = unloaded(storage, "q2", [file("v2", "2018-12-10")]);
    storage.beforePut = (key) => {
      storage.beforePut = undefined;
      storage.set(key, `${file("v3", "2018-12-10")}\n`, { version: "v3" });
    };
    expect(await publish(storage, itemOf("v2"), execution)).to.include({ written: 0, superseded: 1 });
    expect(storage.text("datasets/use/current/dt=2018-12-10/manifest")).to.equal(`${file("v3", "2018-12-10")}\n`);
  });

  it("takes the place of an earlier version that is written at the same moment", async () => {
    const storage = new MemoryStorage();
    const execution = unloaded(storage, "q2", [file("v2", "2018-12-10")]);
    storage.beforePut = (key) => {
      storage.beforePut = undefined;
      storage.set(key, `${file("v1", "2018-12-10")}\n`, { version: "v1" });
    };
    expect(await publish(storage, itemOf("v2"), execution)).to.include({ written: 1, superseded: 0 });
    expect(storage.text("datasets/use/current/dt=2018-12-10/manifest")).to.equal(`${file("v2", "2018-12-10")}\n`);
  });

  it("ends in Contention where others never leave a manifest alone", async () => {
    const storage = new MemoryStorage();
    const execution = unloaded(storage, "q2", [file("v2", "2018-12-10")]);
    let writes = 0;
    storage.beforePut = (key) => void storage.set(key, `${writes++}\n`, { version: "v1" });
    const error = await fault(publish(storage, itemOf("v2"), execution));
    expect(error.name).to.equal("Contention");
    expect(error.message).to.match(/dt=2018-12-10\/manifest was replaced by others 10 times/);
  });

  const refused: [string, (storage: MemoryStorage) => QueryExecution[], RegExp][] = [
    [
      "files of another dataset",
      (storage) => [unloaded(storage, "q", [file("v1", "2018-12-10", "a", "other")])],
      /and not below s3:\/\/lake\/datasets\/use\/versions\/v1\//,
    ],
    ["files of another version", (storage) => [unloaded(storage, "q", [file("v0", "2018-12-10")])], /and not below/],
    [
      "files of a day that was not asked for",
      (storage) => [unloaded(storage, "q", [file("v1", "2018-12-13")])],
      /is of no day that was asked for \(2018-12-10 to 2018-12-13\)/,
    ],
    ["files of no day", (storage) => [unloaded(storage, "q", [file("v1", undefined)])], /is of no day/],
    ["a result of something else", (storage) => [selected(storage, "q", "")], /has no Statistics.DataManifestLocation/],
    ["fewer results than statements", () => [], /1 statements were planned, and 0 results are there/],
  ];
  for (const [what, results, message] of refused) {
    it(`refuses ${what}, and publishes nothing`, async () => {
      const storage = new MemoryStorage();
      const error = await fault(publish(storage, itemOf("v1"), ...results(storage)));
      expect(error.name).to.equal("InvalidResult");
      expect(error.message).to.match(message);
      expect(storage.keys("datasets/use/current/")).to.deep.equal([]);
    });
  }

  it("knows its steps", async () => {
    const error = await fault(compilePublish(config, new MemoryStorage())({ step: "end" } as unknown as MarkEvent));
    expect(error).to.have.property("name", "InvalidInput");
  });
});

describe("A delivery", () => {
  const own = (version: string, deliver: string, before = "SELECT 1\n-- attempt "): DatasetItem =>
    itemOf(version, { name: "own", stored: "no", days: [], deliver, statements: [{ before, after: "" }] });

  it("of CSV is the query's result under the key; the version keeps it, too", async () => {
    const storage = new MemoryStorage();
    const made = await publish(storage, own("v1", "dataset/own/v1.csv"), selected(storage, "q", '"a"\n"1"\n'));
    expect(made.delivered).to.deep.equal(["dataset/own/v1.csv"]);
    expect(storage.text("dataset/own/v1.csv")).to.equal('"a"\n"1"\n');
    expect(contents(storage, "datasets/own/")).to.deep.equal({
      "datasets/own/current/manifest": "s3://lake/datasets/own/versions/v1/result.csv\n",
      "datasets/own/versions/v1/result.csv": '"a"\n"1"\n',
    });
  });

  it("of Parquet is the one file under the key, or each of several with its number", async () => {
    const storage = new MemoryStorage();
    const before = "UNLOAD (...) TO '";
    const one = unloaded(storage, "q1", [file("v1", undefined, "x", "own")]);
    expect((await publish(storage, own("v1", "dataset/own/v1.parquet", before), one)).delivered).to.deep.equal([
      "dataset/own/v1.parquet",
    ]);
    const two = unloaded(storage, "q2", [file("v2", undefined, "y", "own"), file("v2", undefined, "x", "own")]);
    const { delivered } = await publish(storage, own("v2", "dataset/own/v2.parquet", before), two);
    expect(delivered).to.deep.equal(["dataset/own/v2-1.parquet", "dataset/own/v2-2.parquet"]);
    expect(storage.text("dataset/own/v2-1.parquet")).to.equal(`rows of ${file("v2", undefined, "x", "own")}`);
  });

  it("that is late is made under a key of its own, and leaves a later one's under the same key", async () => {
    const storage = new MemoryStorage();
    await publish(storage, own("v2", "dataset/own/latest.csv"), selected(storage, "q2", "2"));
    expect(
      (await publish(storage, own("v1", "dataset/own/latest.csv"), selected(storage, "q1", "1"))).delivered,
    ).to.deep.equal([]);
    expect(
      (await publish(storage, own("v1", "dataset/own/v1.csv"), selected(storage, "q1", "1"))).delivered,
    ).to.deep.equal(["dataset/own/v1.csv"]);
    expect(storage.text("dataset/own/latest.csv")).to.equal("2");
    expect(storage.text("datasets/own/current/manifest")).to.include("/v2/");
  });
});

describe("The marks of a run", () => {
  async function mark(storage: MemoryStorage, run: Run): Promise<Marked> {
    return (await compilePublish(config, storage)({ step: "mark", run })) as Marked;
  }
  const marks = (storage: MemoryStorage) => JSON.parse(storage.text("runs/marks.json") ?? "null") as unknown;

  it("say up to when everything that arrived has been processed", async () => {
    const storage = new MemoryStorage();
    const run = await beginRun(storage);
    await planned(storage, run, ["2018-12-10"]);
    expect(await mark(storage, run)).to.deep.equal({ arrivedThrough: "2018-12-16", pending: [], retired: 0 });
    expect(marks(storage)).to.deep.equal({
      ...{ pending: [], arrivedThrough: "2018-12-16", retiredOn: "2018-12-16", version: run.version },
      seen: { "readings 2018-12-16 2018-12-10": 5 },
    });
  });

  it("say what the run saw that began last, whichever ends first: its datasets are the current ones", async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const storage = new MemoryStorage();
      const runs = [
        await beginRun(storage, {}, { name: "early", startTime: "2018-12-16T12:00:00.000Z" }),
        await beginRun(storage, {}, { name: "late", startTime: "2018-12-16T12:00:01.000Z" }),
      ];
      const [early, late] = runs;
      if (early === undefined || late === undefined) throw new Error("no runs");
      await planned(storage, late, ["2018-12-10"], { elements: 5 });
      await planned(storage, early, ["2018-12-10"], { elements: 7 });
      for (const turn of order) await mark(storage, runs[turn] ?? early);
      expect(marks(storage)).to.deep.include({ version: late.version, seen: { "readings 2018-12-16 2018-12-10": 5 } });
    }
  });

  it("never go back, when a run that began earlier ends later", async () => {
    const storage = new MemoryStorage();
    const early = await beginRun(storage, {}, { name: "early", startTime: "2018-12-15T23:59:00.000Z" });
    const late = await beginRun(storage, {}, { name: "late" });
    await planned(storage, early, []);
    await planned(storage, late, []);
    await mark(storage, late);
    expect((await mark(storage, early)).arrivedThrough).to.equal("2018-12-16");
  });

  it("keep what was left, until a run takes it up", async () => {
    const storage = new MemoryStorage();
    const first = await beginRun(storage);
    const days = Array.from({ length: 365 }, (_, index) =>
      new Date(Date.UTC(2017, 11, 17 + index)).toISOString().slice(0, 10),
    );
    await planned(storage, first, days);
    expect((await mark(storage, first)).pending).to.deep.equal([{ from: "2017-12-17", to: "2017-12-22" }]);
    const second = await beginRun(storage, {}, { name: "second", startTime: "2018-12-16T13:00:00.000Z" });
    await planned(storage, second, ["2018-12-16"]);
    expect((await mark(storage, second)).pending).to.deep.equal([]);
  });

  it("keep what another run has left in the meantime", async () => {
    const storage = new MemoryStorage();
    const run = await beginRun(storage);
    await planned(storage, run, ["2018-12-10"]);
    const pending = [{ from: "2017-01-01", to: "2017-01-05", arrivedFrom: "2018-12-01" }];
    storage.beforePut = () => {
      storage.beforePut = undefined;
      storage.set("runs/marks.json", JSON.stringify({ arrivedThrough: "2018-12-14", pending }));
    };
    expect(await mark(storage, run)).to.deep.include({
      arrivedThrough: "2018-12-16",
      pending: [{ from: "2017-01-01", to: "2017-01-05" }],
    });
  });

  it("are not set by a run of single datasets: what arrived is not processed by it", async () => {
    const storage = new MemoryStorage();
    const run = await beginRun(storage, { datasets: ["use"] });
    await planned(storage, run, ["2018-12-10"]);
    expect(await mark(storage, run)).to.deep.equal({ pending: [], retired: 0 });
    expect(marks(storage)).to.deep.equal({ pending: [], retiredOn: "2018-12-16" });
  });
});

describe("Versions that are no longer kept", () => {
  const day = 86_400_000;

  /** Publishes versions of the same day, each a day after the one before; the last is of `end`. */
  async function versions(storage: MemoryStorage, count: number, name: "use" | "own"): Promise<void> {
    const end = storage.now;
    for (let index = 0; index < count; index++) {
      storage.now = end - (count - 1 - index) * day;
      const version = `v${index}`;
      if (name === "use") {
        const files = [file(version, "2018-12-10")];
        await publish(storage, itemOf(version), unloaded(storage, `q${index}`, files));
      } else {
        const item = itemOf(version, { name, stored: "no", days: [], statements: [{ before: "SELECT", after: "" }] });
        await publish(storage, item, selected(storage, `q${index}`, version));
      }
    }
    storage.now = end;
  }

  async function retire(storage: MemoryStorage, startTime: string): Promise<number> {
    const run = await beginRun(storage, {}, { startTime });
    await planned(storage, run, []);
    return ((await compilePublish(config, storage)({ step: "mark", run })) as Marked).retired;
  }

  const kept = (storage: MemoryStorage, name = "use") =>
    storage.keys(`datasets/${name}/versions/`).map((key) => key.split("/")[3]);

  it("are removed when they are older than their days", async () => {
    const storage = new MemoryStorage();
    await versions(storage, 6, "use");
    expect(await retire(storage, "2018-12-16T12:00:00.000Z")).to.equal(3);
    expect(kept(storage)).to.deep.equal(["v3", "v4", "v5"]);
  });

  it("stay as long as a manifest names them, however old they are", async () => {
    const storage = new MemoryStorage();
    await versions(storage, 2, "use");
    await retire(storage, "2019-12-16T12:00:00.000Z");
    expect(kept(storage)).to.deep.equal(["v1"]);
  });

  it("are removed with what a failed attempt left, once that is old", async () => {
    const storage = new MemoryStorage();
    await versions(storage, 1, "use");
    storage.set("datasets/use/versions/v0/0-1/dt=2018-12-10/half", "");
    expect(await retire(storage, "2018-12-16T12:00:00.000Z")).to.equal(0);
    expect(await retire(storage, "2018-12-20T12:00:00.000Z")).to.equal(1);
    expect(storage.keys("datasets/use/versions/")).to.deep.equal(["datasets/use/versions/v0/0-0/dt=2018-12-10/a"]);
  });

  it("are removed when there are enough later ones, but not within a day", async () => {
    const storage = new MemoryStorage();
    await versions(storage, 5, "own");
    await retire(storage, "2018-12-16T12:00:00.000Z");
    expect(kept(storage, "own")).to.deep.equal(["v3", "v4"]);
    const busy = new MemoryStorage();
    await versions(busy, 1, "own");
    for (const version of ["v1", "v2", "v3"]) {
      const item = itemOf(version, {
        name: "own",
        stored: "no",
        days: [],
        statements: [{ before: "SELECT", after: "" }],
      });
      await publish(busy, item, selected(busy, "q", version));
    }
    await retire(busy, "2018-12-16T12:00:00.000Z");
    expect(kept(busy, "own")).to.have.length(4);
  });

  it("are looked for once a day", async () => {
    const storage = new MemoryStorage();
    await versions(storage, 6, "use");
    await retire(storage, "2018-12-16T12:00:00.000Z");
    storage.now += 1;
    const before = storage.calls;
    expect(await retire(storage, "2018-12-16T13:00:00.000Z")).to.equal(0);
    expect(storage.calls - before).to.be.below(12);
    expect(await retire(storage, "2018-12-17T13:00:00.000Z")).to.equal(1);
  });
});
