import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { DataFolder, DataFolderError } from "../data-folder.ts";
import { readGraph } from "../declared/index.ts";
import { finish, run } from "../run.ts";
import { bucketResource, evaluationOf, graphOf, lambda, resource, rule, stream, temporaryFolder } from "./declare.ts";
import { start } from "./running.ts";

const resources = [bucketResource(), stream("output"), rule("all", { sql: "SELECT * FROM 'in/#'", to: "output" })];

const quiet = {
  mqttPort: 0,
  httpPort: 0,
  warn: () => {},
  onFailure: (error: Error) => {
    throw error;
  },
};

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => new Error("no error"),
    (error: Error) => error,
  );
}

describe("a data folder", () => {
  it("that is a file is refused in a sentence", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const error = await errorOf(run({ ...quiet, evaluation: evaluationOf(resources), data: file }));
    expect(error).to.be.instanceOf(DataFolderError);
    expect(error.message).to.equal(`${file} is a file, not a folder: name another place with --data.`);
  });

  it("with a file where it has a folder is refused in a sentence", async () => {
    const data = temporaryFolder();
    writeFileSync(join(data, "buckets"), "");
    const error = await errorOf(run({ ...quiet, evaluation: evaluationOf(resources), data }));
    expect(error.message).to.equal(
      `${join(data, "buckets")} is a file where the simulator keeps a folder: move it away, or name another place with --data.`,
    );
  });

  it("below a file is refused in a sentence", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const error = await errorOf(run({ ...quiet, evaluation: evaluationOf(resources), data: join(file, "data") }));
    expect(error.message).to.contain("cannot be made (ENOTDIR): name another place with --data");
  });

  it("that another simulator holds is refused, and free again when that one ends", async () => {
    const data = temporaryFolder();
    const { simulator } = await start(evaluationOf(resources), data);
    const error = await errorOf(run({ ...quiet, evaluation: evaluationOf(resources), data }));
    expect(error.message).to.contain(`is held by process ${process.pid}, another simulator: stop it (Ctrl-C)`);
    await simulator.close();
    await (await start(evaluationOf(resources), data)).simulator.close();
  });

  it("whose holder was killed is free", async () => {
    const data = temporaryFolder();
    writeFileSync(join(data, "lock"), JSON.stringify({ pid: process.pid, started: "1" }));
    await (await start(evaluationOf(resources), data)).simulator.close();
  });

  it("whose holder was killed is free before the holder's parent has asked for it", async function () {
    if (!existsSync("/proc/self/stat")) this.skip();
    const data = temporaryFolder();
    const parent = spawn("sh", ["-c", "true & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const pid = Number(String((await once(parent.stdout, "data"))[0]));
      const fields = () => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      while (fields()[0] !== "Z") await new Promise((resolve) => setTimeout(resolve, 5));
      writeFileSync(join(data, "lock"), JSON.stringify({ pid, started: fields()[19] }));
      await (await start(evaluationOf(resources), data)).simulator.close();
    } finally {
      parent.kill("SIGKILL");
    }
  });

  it("of a killed simulator is finished once, whoever asks for it at the same time", async () => {
    const data = temporaryFolder();
    const running = await start(evaluationOf(resources), data);
    await running.publish("in/a", "{}");
    const killed = temporaryFolder();
    cpSync(data, killed, { recursive: true });
    rmSync(join(killed, "lock"));
    await running.simulator.close();

    const folder = DataFolder.open(killed, { create: false });
    const [again] = await Promise.all([start(evaluationOf(resources), killed), finish(folder), finish(folder)]);
    expect(again.objects("output/").map(({ text }) => text)).to.deep.equal(["{}\n"]);
    await again.simulator.close();
  });

  it("can be asked while its simulator is stopped", async () => {
    const data = temporaryFolder();
    const running = await start(evaluationOf(resources), data);
    await running.publish("in/a", "{}");
    await Promise.all([running.simulator.close(), finish(DataFolder.open(data, { create: false }))]);
    expect(running.objects("output/")).to.have.length(1);
  });

  it("of another environment is refused", async () => {
    const data = temporaryFolder();
    await (await start(evaluationOf(resources), data)).simulator.close();
    const error = await errorOf(run({ ...quiet, evaluation: evaluationOf(resources, [], "other"), data }));
    expect(error.message).to.contain("holds the environment test, not other");
  });

  it("without a graph cannot be queried", async () => {
    const folder = DataFolder.open(temporaryFolder(), { create: false });
    expect((await errorOf(finish(folder))).message).to.contain("run `npm start` first");
  });

  it("delivers what a running simulator holds when another command asks", async () => {
    const data = temporaryFolder();
    const running = await start(evaluationOf(resources), data);
    await running.publish("in/a", "{}");
    await finish(DataFolder.open(data, { create: false }));
    expect(running.objects("output/")).to.have.length(1);
    await running.simulator.close();
  });

  it("finishes under the old program what was published before a new one is run", async () => {
    const data = temporaryFolder();
    const before = await start(evaluationOf(resources), data);
    await before.publish("in/a", '{"at":"before"}');
    await before.simulator.close();
    const renamed = [bucketResource(), stream("renamed"), rule("all", { sql: "SELECT * FROM 'in/#'", to: "renamed" })];
    const running = await start(evaluationOf(renamed), data);
    await running.publish("in/a", '{"at":"after"}');
    await running.simulator.flush();
    expect(running.objects("output/").map(({ text }) => text)).to.deep.equal(['{"at":"before"}\n']);
    expect(running.objects("renamed/").map(({ text }) => text)).to.deep.equal(['{"at":"after"}\n']);
    await running.simulator.close();
  });

  it("gives a delivery stream that is new nothing that was published before it was declared", async () => {
    const data = temporaryFolder();
    const before = await start(evaluationOf(resources), data);
    await before.publish("in/a", '{"at":"before"}');
    await before.simulator.close();
    const more = [...resources, stream("added"), rule("more", { sql: "SELECT * FROM 'in/#'", to: "added" })];
    const running = await start(evaluationOf(more), data);
    await running.publish("in/a", '{"at":"after"}');
    await running.simulator.flush();
    const texts = (prefix: string) => running.objects(prefix).map(({ text }) => text);
    expect(texts("output/")).to.have.members(['{"at":"before"}\n', '{"at":"after"}\n']);
    expect(texts("added/")).to.deep.equal(['{"at":"after"}\n']);
    await running.simulator.close();
  });
});

describe("a declaration", () => {
  it("with a property that the simulator does not know names resource and property", () => {
    const declared = stream("output");
    const s3 = declared.inputs["extendedS3Configuration"] as Record<string, unknown>;
    s3["dynamicPartitioningConfiguration"] = { enabled: true };
    expect(() => readGraph(graphOf([declared]))).to.throw(
      'FirehoseDeliveryStream "output": the simulator does not know the property extendedS3Configuration.dynamicPartitioningConfiguration',
    );
  });

  it("with a value that the simulator cannot run names resource and property", () => {
    const declared = lambda("f", "");
    declared.inputs["runtime"] = "python3.13";
    expect(() => readGraph(graphOf([declared]))).to.throw(
      'Function "f": the simulator does not know how to run this value of runtime',
    );
  });

  it("of a type that the simulator does not know is refused", () => {
    expect(() => readGraph(graphOf([resource("aws:dynamodb/table:Table", "q", {})]))).to.throw(
      'aws:dynamodb/table:Table "q": the simulator does not know this type of resource',
    );
  });

  it("of a rule whose SQL does not parse says where", () => {
    expect(() => readGraph(graphOf([rule("r", { sql: "SELECT FROM 'a'", to: "x" })]))).to.throw(
      /TopicRule "r": sql, line 1, column \d+:/,
    );
  });

  it("of a rule whose template does not parse says where", () => {
    expect(() => readGraph(graphOf([rule("r", { sql: "SELECT * FROM 'a'", to: "x-${topic(}" })]))).to.throw(
      /TopicRule "r": firehoses\.0\.deliveryStreamName, line 1, column \d+:/,
    );
  });

  it("of format conversion with less than 64 MiB is refused, as Firehose does", () => {
    const declared = stream("output", { table: "t" });
    (declared.inputs["extendedS3Configuration"] as Record<string, unknown>)["bufferingSize"] = 5;
    expect(() => readGraph(graphOf([declared]))).to.throw("Firehose takes 64 to 128 with format conversion");
  });
});
