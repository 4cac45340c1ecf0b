import { expect } from "chai";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parquetReadObjects } from "hyparquet";
import type { Evaluation } from "@metercast/graph";
import { DataFolder, newestRecords, reprocess, type Reprocessed } from "../index.ts";
import { readGraph } from "../declared/index.ts";
import { completeReplacement, Replacement } from "../reprocess/replacement.ts";
import { finish } from "../run.ts";
import { bucket, bucketResource, evaluationOf, lambda, rule, stream, table, temporaryFolder } from "./declare.ts";
import { start } from "./running.ts";

/**
 * Takes apart envelopes of {"v": number} and stores those for which `stays` is true; the others it puts to the stream
 * "aside". What has a "fail" fails as a whole while `failing` is true.
 */
function transform(stays: string, factor = 1, failing = false): string {
  return `export const handler = async ({ records }) => {
  const aside = [];
  const answers = records.map(({ recordId, approximateArrivalTimestamp, data }) => {
    const message = JSON.parse(Buffer.from(data, "base64").toString());
    if (message.fail && ${failing}) return { recordId, result: "ProcessingFailed", data };
    const rows = [];
    [message].flat().forEach(({ v }, position) => {
      const row = { v: v * ${factor}, received: approximateArrivalTimestamp, record_id: recordId, position };
      (${stays} ? rows : aside).push(JSON.stringify(row) + "\\n");
    });
    const text = rows.join("");
    return { recordId, result: text === "" ? "Dropped" : "Ok", data: Buffer.from(text).toString("base64") };
  });
  if (aside.length > 0) {
    const authorization = "AWS4-HMAC-SHA256 Credential=" + process.env.AWS_ACCESS_KEY_ID + "/20260101/us-east-1/firehose/aws4_request, Signature=0";
    const body = JSON.stringify({ DeliveryStreamName: "aside", Records: aside.map((line) => ({ Data: Buffer.from(line).toString("base64") })) });
    const headers = { "x-amz-target": "Firehose_20150804.PutRecordBatch", authorization };
    const answer = await fetch(process.env.AWS_ENDPOINT_URL, { method: "POST", body, headers });
    if (!answer.ok) throw new Error(await answer.text());
  }
  return { records: answers };
};`;
}

function program(source: string): Evaluation {
  const columns = { v: "double", received: "bigint", record_id: "string", position: "int" };
  const resources = [
    ...[bucketResource(), table("kept", columns), table("left", columns), lambda("f", source)],
    rule("all", { sql: "SELECT * FROM 'in'", to: "main" }),
    stream("main", { functionName: "f", table: "kept", backup: true, retries: 0 }),
    stream("aside", { table: "left" }),
  ];
  return evaluationOf(resources, [source]);
}

/** A folder in which messages went through a transform, each list in objects of its own. */
async function published(source: string, ...objects: string[][]): Promise<string> {
  const data = temporaryFolder();
  const running = await start(program(source), data);
  for (const messages of objects) {
    for (const message of messages) expect(await running.publish("in", message)).to.equal(200);
    await running.simulator.flush();
  }
  await running.simulator.close();
  return data;
}

function again(data: string, source: string, from = 0, to = Infinity): Promise<Reprocessed> {
  const warn = (sentence: string) => {
    throw new Error(sentence);
  };
  const span = { from, to: Number.isFinite(to) ? to : Number.MAX_SAFE_INTEGER };
  return reprocess({
    evaluate: () => Promise.resolve(program(source)),
    data,
    stream: "main",
    leftOutStreams: ["aside"],
    ...span,
    warn,
  });
}

interface StoredRow {
  v: number;
  received: number;
  record_id: string;
  position: number;
}

async function rowsOf(data: string, folder: "main" | "aside"): Promise<StoredRow[]> {
  const root = join(data, "buckets", bucket, folder);
  if (!existsSync(root)) return [];
  const rows: StoredRow[] = [];
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    rows.push(...((await parquetReadObjects({ file })) as unknown as StoredRow[]));
  }
  return rows.sort((a, b) =>
    a.record_id < b.record_id ? -1 : a.record_id > b.record_id ? 1 : a.position - b.position,
  );
}

const valuesOf = async (data: string, folder: "main" | "aside") => (await rowsOf(data, folder)).map(({ v }) => v);

/** What of a row says which element it is. */
const identityOf = ({ record_id, position, received }: StoredRow) => `${record_id} ${position} ${received}`;

function failuresIn(data: string): string[] {
  const root = join(data, "buckets", bucket, "errors");
  if (!existsSync(root)) return [];
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8").trim().split("\n"));
}

const positive = transform("v > 0");

describe("Reprocessing a channel", function () {
  this.timeout(20_000);

  it("sends each record through the pipeline of today, and its rows take the place of those that were", async () => {
    const data = await published(positive, ['{"v":1}', '[{"v":2},{"v":-3},{"v":4}]'], ['{"v":-5}', '{"v":6}']);
    const before = [...(await rowsOf(data, "main")), ...(await rowsOf(data, "aside"))].map(identityOf).sort();
    expect(await again(data, transform("v < 5", 10))).to.deep.include({ records: 4 });
    expect(await valuesOf(data, "main")).to.deep.equal([10, 20, -30, 40, -50]);
    expect(await valuesOf(data, "aside")).to.deep.equal([60]);
    const after = [...(await rowsOf(data, "main")), ...(await rowsOf(data, "aside"))].map(identityOf).sort();
    expect(after).to.deep.equal(before);
  });

  it("changes nothing the second time", async () => {
    const data = await published(positive, ['{"v":1}', '{"v":-2}']);
    await again(data, positive);
    const rows = [await rowsOf(data, "main"), await rowsOf(data, "aside")];
    await again(data, positive);
    expect([await rowsOf(data, "main"), await rowsOf(data, "aside")]).to.deep.equal(rows);
  });

  it("leaves what arrived outside of the span, within the same objects too", async () => {
    const data = temporaryFolder();
    const running = await start(program(positive), data);
    for (const v of [1, -1, 2, -2]) {
      await running.publish("in", JSON.stringify({ v }));
      // the next one arrives in a later millisecond
      await setTimeout(3);
    }
    await running.simulator.close();
    const arrivals = [...(await rowsOf(data, "main")), ...(await rowsOf(data, "aside"))].map(({ received }) =>
      Number(received),
    );
    const [, second, , fourth] = arrivals.sort((a, b) => a - b);
    expect((await again(data, transform("true", 100), second, fourth)).records).to.equal(2);
    expect(await valuesOf(data, "main")).to.deep.equal([1, -100, 200]);
    expect(await valuesOf(data, "aside")).to.deep.equal([-2]);
    expect((await again(data, positive, 0, arrivals[0])).records).to.equal(0);
  });

  it("keeps the channel as it is", async () => {
    const data = await published(positive, ['{"v":1}'], ['{"v":2}']);
    const folder = DataFolder.open(data, { create: false });
    const before = await newestRecords(folder, channelOf(positive), 10);
    await again(data, transform("false"));
    expect(await newestRecords(folder, channelOf(positive), 10)).to.deep.equal(before);
  });

  it("takes what had failed, which then is no failure any more", async () => {
    const data = await published(
      transform("v > 0", 1, true),
      ['{"v":1,"fail":true}', '{"v":2}'],
      ['{"v":3,"fail":true}'],
    );
    expect(failuresIn(data)).to.have.length(2);
    await again(data, positive);
    expect(await valuesOf(data, "main")).to.deep.equal([1, 2, 3]);
    expect(failuresIn(data)).to.deep.equal([]);
  });

  it("leaves all as it was when a record does not go through", async () => {
    const data = await published(positive, ['{"v":1,"fail":true}', '{"v":-2}']);
    const error: unknown = await again(data, transform("true", 10, true)).catch((error: unknown) => error);
    expect(String(error)).to.match(
      /^ReprocessError: 1 record could not go through the delivery stream main again \(Lambda\.ProcessingFailedStatus: .*\), so nothing was changed/,
    );
    expect(await valuesOf(data, "main")).to.deep.equal([1]);
    expect(await valuesOf(data, "aside")).to.deep.equal([-2]);
    expect(existsSync(join(data, "replacement"))).to.equal(false);
  });

  it("finishes first what a killed simulator had taken", async () => {
    const data = temporaryFolder();
    const running = await start(program(positive), data);
    await running.publish("in", '{"v":7}');
    // what is on the disk before the delivery is due, as a process leaves it that is killed now
    const left = temporaryFolder();
    cpSync(data, left, { recursive: true });
    rmSync(join(left, "lock"));
    await running.simulator.close();
    expect(await rowsOf(left, "main")).to.deep.equal([]);
    expect((await again(left, transform("true", 2))).records).to.equal(1);
    expect(await valuesOf(left, "main")).to.deep.equal([14]);
  });

  it("is refused while a simulator runs on the folder", async () => {
    const data = temporaryFolder();
    const running = await start(program(positive), data);
    const error: unknown = await again(data, positive).catch((error: unknown) => error);
    await running.simulator.close();
    expect(String(error)).to.match(/is held by process \d+, another simulator: stop it/);
  });

  it("is refused for a folder of another environment", async () => {
    const data = await published(positive, ['{"v":1}']);
    const other = { ...program(positive), graph: { ...program(positive).graph, stack: "other" } };
    const error: unknown = await reprocess({
      ...{ evaluate: () => Promise.resolve(other), data, stream: "main", leftOutStreams: [], from: 0, to: 1 },
      warn: () => {},
    }).catch((error: unknown) => error);
    expect(String(error)).to.match(/holds the environment test, not other/);
  });

  it("is refused for a stream without a channel", async () => {
    const data = await published(positive, ['{"v":-1}']);
    const error: unknown = await reprocess({
      ...{
        evaluate: () => Promise.resolve(program(positive)),
        data,
        stream: "aside",
        leftOutStreams: [],
        from: 0,
        to: 1,
        warn: () => {},
      },
    }).catch((error: unknown) => error);
    expect(String(error)).to.match(/The delivery stream aside keeps no channel/);
  });
});

describe("A replacement of objects", () => {
  const place = (data: string, key: string) => join(data, "buckets", "b", key);

  function prepared(): { data: string; folder: DataFolder; replacement: Replacement } {
    const data = temporaryFolder();
    const folder = DataFolder.open(data, { create: false });
    mkdirSync(place(data, "t"), { recursive: true });
    for (const key of ["t/old", "t/both"]) writeFileSync(place(data, key), "old");
    const replacement = new Replacement(folder);
    for (const key of ["t/both", "u/new"]) {
      const file = replacement.newFile();
      writeFileSync(file, "new");
      replacement.put({ file, bucket: "b", key });
    }
    replacement.remove("b", "t/old");
    return { data, folder, replacement };
  }

  const objects = (data: string) =>
    Object.fromEntries(
      ["t/old", "t/both", "u/new"].map((key) => [
        key,
        existsSync(place(data, key)) ? readFileSync(place(data, key), "utf8") : null,
      ]),
    );
  const asBefore = { "t/old": "old", "t/both": "old", "u/new": null };
  const done = { "t/old": null, "t/both": "new", "u/new": "new" };

  it("has not happened before it is decided, and leaves nothing then", () => {
    const { data, folder } = prepared();
    completeReplacement(folder);
    expect(objects(data)).to.deep.equal(asBefore);
    expect(existsSync(folder.replacement)).to.equal(false);
  });

  it("is done as a whole once it is decided, by whoever comes next", () => {
    const { data, folder, replacement } = prepared();
    expect(replacement.decide()).to.deep.equal({ put: 2, removed: 1 });
    expect(objects(data)).to.deep.equal(asBefore);
    completeReplacement(folder);
    expect(objects(data)).to.deep.equal(done);
    expect(existsSync(folder.replacement)).to.equal(false);
  });

  it("is gone on with where it was interrupted, wherever that was", () => {
    for (let steps = 0; steps < 3; steps++) {
      const { data, folder, replacement } = prepared();
      replacement.decide();
      const kept = readFileSync(join(folder.replacement, "decided.json"));
      const staged = ["1", "2"].map((name) => readFileSync(join(folder.replacement, name)));
      completeReplacement(folder);
      // as it was after some of the steps
      mkdirSync(folder.replacement);
      writeFileSync(join(folder.replacement, "decided.json"), kept);
      if (steps < 2) writeFileSync(place(data, "t/old"), "old");
      if (steps < 1) {
        writeFileSync(join(folder.replacement, "2"), staged[1] ?? "");
        rmSync(place(data, "u/new"));
      }
      completeReplacement(folder);
      expect(objects(data), `${steps} steps`).to.deep.equal(done);
    }
  });

  it("is completed before a folder is used", async () => {
    const data = await published(positive, ['{"v":1}']);
    const folder = DataFolder.open(data, { create: false });
    const replacement = new Replacement(folder);
    const [file] = readdirSync(join(data, "buckets", bucket, "main"), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    );
    const key = join(file?.parentPath ?? "", file?.name ?? "").slice(folder.bucket(bucket).length + 1);
    replacement.remove(bucket, key);
    replacement.decide();
    await finish(folder);
    expect(await valuesOf(data, "main")).to.deep.equal([]);
  });
});

function channelOf(source: string) {
  const declared = readGraph(program(source).graph).streams.get("main");
  if (!declared) throw new Error("there is no stream main");
  return declared;
}
