import { expect } from "chai";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DataFolder, newestRecords } from "../index.ts";
import { readGraph } from "../declared/index.ts";
import { bucket, bucketResource, evaluationOf, rule, stream, temporaryFolder } from "./declare.ts";
import { start } from "./running.ts";

const evaluation = evaluationOf([
  bucketResource(),
  rule("all", { sql: "SELECT * FROM 'in'", to: "main" }),
  stream("main", { backup: true }),
]);

/** A folder whose channel has an object for each list of messages. */
async function published(...objects: (string | Uint8Array)[][]): Promise<string> {
  const data = temporaryFolder();
  const running = await start(evaluation, data);
  for (const messages of objects) {
    for (const message of messages) await running.publish("in", message);
    await running.simulator.flush();
  }
  await running.simulator.close();
  return data;
}

async function newest(data: string, count: number): Promise<string[]> {
  const channel = readGraph(evaluation.graph).streams.get("main");
  if (!channel) throw new Error("there is no stream main");
  const records = await newestRecords(DataFolder.open(data, { create: false }), channel, count);
  return records.map((record) => Buffer.from(record.data).toString("latin1"));
}

const channelFolder = (data: string) => join(data, "buckets", bucket, "channel", "main");

function channelFile(data: string): string {
  const [file] = readdirSync(channelFolder(data), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  return join(file?.parentPath ?? "", file?.name ?? "");
}

describe("The newest records of a channel", function () {
  this.timeout(20_000);

  it("are the last that came, over its objects, the newest first", async () => {
    const data = await published(['{"a":1}', '{"a":2}'], ['{"a":3}'], ['{"a":4}', '{"a":5}']);
    expect(await newest(data, 1)).to.deep.equal(['{"a":5}\n']);
    expect(await newest(data, 4)).to.deep.equal(['{"a":5}\n', '{"a":4}\n', '{"a":3}\n', '{"a":2}\n']);
    expect(await newest(data, 100)).to.have.length(5);
  });

  it("are the bytes that came, whatever they are", async () => {
    const data = await published(["two\nlines\n", Uint8Array.of(0xff, 0x00, 0x0a, 0xfe), ""]);
    expect(await newest(data, 3)).to.deep.equal(["\n", "\xff\0\n\xfe\n", "two\nlines\n\n"]);
  });

  it("are many in one object", async () => {
    const large = "x".repeat(3000);
    const data = await published(Array.from({ length: 300 }, (_, index) => JSON.stringify({ index, large })));
    expect((await newest(data, 2)).map((line) => (JSON.parse(line) as { index: number }).index)).to.deep.equal([
      299, 298,
    ]);
    expect(await newest(data, 300)).to.have.length(300);
  });

  it("are none where nothing came", async () => {
    expect(await newest(await published(), 5)).to.deep.equal([]);
  });

  it("are refused, with the file, where an object is cut or its index is missing", async () => {
    const cut = await published(['{"a":1}']);
    writeFileSync(channelFile(cut), gzipSync('{"a"'));
    expect(String(await newest(cut, 1).catch((error: unknown) => error))).to.match(
      /ends within the record \d{18}: restore it/,
    );
    const lost = await published(['{"a":1}']);
    rmSync(join(lost, "streams", "main", "records"), { recursive: true });
    expect(String(await newest(lost, 1).catch((error: unknown) => error))).to.match(
      /is not known, since .* is missing/,
    );
  });
});
