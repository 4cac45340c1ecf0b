import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { mqttTarget, PublishError } from "../index.ts";
import type { LoadReport, MqttTargetOptions, Target } from "../index.ts";
import { startBroker } from "./broker.ts";
import type { Broker } from "./broker.ts";
import { inFolder } from "./builders.ts";

async function withTarget(
  broker: Broker,
  options: Partial<MqttTargetOptions>,
  run: (target: Target) => Promise<void>,
): Promise<void> {
  const target = await mqttTarget({ url: broker.url, bucketUrl: "http://127.0.0.1:1", ...options });
  try {
    await run(target);
  } finally {
    await target.close();
    await broker.close();
  }
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i));
}

async function failureOf(run: Promise<unknown>): Promise<Error> {
  try {
    await run;
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

describe("an MQTT target", () => {
  it("publishes with QoS 1 over all its connections", async () => {
    const broker = await startBroker();
    await withTarget(broker, { connections: 3 }, async (target) => {
      expect(target.window).to.equal(3000);
      await Promise.all(numbers(1000).map((number) => target.publish(`a/${number}`, number)));
      expect(broker.messages.every(({ topic, payload, qos }) => topic === `a/${payload}` && qos === 1)).to.be.true;
      expect(new Set(broker.messages.map(({ payload }) => payload)).size).to.equal(1000);
      expect(broker.clients.size).to.equal(3);
    });
  });

  it("sends again what was not acknowledged when a connection is lost", async () => {
    let refused = 0;
    const broker = await startBroker((number) => number % 70 !== 0 || refused++ > 3);
    await withTarget(broker, { connections: 2 }, async (target) => {
      await Promise.all(numbers(500).map((number) => target.publish("a", number)));
      expect(new Set(broker.messages.map(({ payload }) => payload))).to.deep.equal(new Set(numbers(500)));
      expect(refused).to.be.greaterThan(3);
    });
  });

  it("waits for a broker that is started again", async () => {
    const broker = await startBroker();
    const target = await mqttTarget({ url: broker.url, bucketUrl: "", connections: 2 });
    await target.publish("a", "before");
    await broker.close();
    const published = Promise.all(numbers(20).map((number) => target.publish("a", number)));
    await pause(100);
    const again = await startBroker(() => true, broker.port);
    await published;
    await target.close();
    expect(again.messages.map(({ payload }) => payload)).to.include.members(numbers(20));
    await again.close();
  });

  it("says in one sentence that nothing listens at its address", async () => {
    const broker = await startBroker();
    await broker.close();
    const error = await failureOf(mqttTarget({ url: broker.url, bucketUrl: "", connectWithin: 300 }));
    expect(error).to.be.instanceOf(PublishError);
    expect(error.message).to.match(/^No connection to mqtt:\/\/127\.0\.0\.1:\d+ within 0\.3 s \(connect ECONNREFUSED/);
  });

  it("gives up when the broker does not come back", async () => {
    const broker = await startBroker();
    const target = await mqttTarget({ url: broker.url, bucketUrl: "", connections: 2, giveUpAfter: 300 });
    await broker.close();
    const error = await failureOf(target.publish("a", "lost"));
    expect(error.message).to.match(/No connection to .* within 0\.3 s/);
    expect((await failureOf(target.publish("a", "later"))).message).to.equal(error.message);
    await target.close();
  });

  it("gives up when the broker ends each connection without an acknowledgement", async () => {
    const broker = await startBroker(() => false);
    await withTarget(broker, { connections: 1 }, async (target) => {
      const error = await failureOf(target.publish("a", "too much"));
      expect(error.message).to.match(/closed the connection 5 times without acknowledging/);
    });
  });

  it("puts objects into the bucket by HTTP", async () => {
    const put: string[] = [];
    const server = createServer((request, response) => {
      const body: Buffer[] = [];
      request.on("data", (chunk: Buffer) => body.push(chunk));
      request.on("end", () => {
        put.push(`${String(request.method)} ${String(request.url)} ${Buffer.concat(body).toString()}`);
        response.writeHead(request.url === "/bucket/denied" ? 403 : 200).end("because");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const bucketUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/bucket`;
    const broker = await startBroker();
    await withTarget(broker, { bucketUrl, connections: 1 }, async (target) => {
      await target.putObject("buildings/a b.json", Buffer.from("{}"));
      expect(put).to.deep.equal(["PUT /bucket/buildings/a%20b.json {}"]);
      const denied = await failureOf(target.putObject("denied", Buffer.from("")));
      expect(denied).to.be.instanceOf(PublishError);
      expect(denied.message).to.match(/Could not put denied: .* answered 403 because/);
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("a load that is killed", () => {
  /** Runs the load in a process of its own; resolves with its report, or undefined if it was killed. */
  function run(
    broker: Broker,
    resumeFile: string,
    envelope: number,
    until?: () => boolean,
  ): Promise<LoadReport | undefined> {
    const script = join(import.meta.dirname, "interrupted-load.ts");
    const child = spawn(process.execPath, [script, broker.url, resumeFile, String(envelope)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    const watch = until && setInterval(() => until() && child.kill("SIGKILL"), 5);
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        clearInterval(watch);
        resolve(code === 0 ? (JSON.parse(Buffer.concat(output).toString()) as LoadReport) : undefined);
      });
    });
  }

  it(
    "loses nothing, and continues from what it had saved",
    inFolder(async (folder) => {
      const whole = await startBroker();
      const expected = await run(whole, join(folder, "whole.json"), 1);
      const records = new Set(whole.messages.map(({ payload }) => payload));
      await whole.close();
      expect(records.size).to.be.greaterThan(7000);

      const resumeFile = join(folder, "resume.json");
      // With a hundred messages under way the load takes two seconds at least; positions are saved every second.
      const slow = await startBroker(() => true, 0, 30);
      const killed = await run(slow, resumeFile, 1, () => existsSync(resumeFile));
      expect(killed).to.be.undefined;
      await slow.close();
      const quick = await startBroker();
      const report = await run(quick, resumeFile, 1);
      await quick.close();
      const sent = [...slow.messages, ...quick.messages].map(({ payload }) => payload);
      expect(new Set(sent)).to.deep.equal(records);
      expect(report?.readings).to.deep.equal(expected?.readings);
      expect(report?.weather).to.deep.equal(expected?.weather);
      expect(report?.finished).to.be.true;
      expect(quick.messages.length).to.be.within(1, records.size - 100);
    }),
  );
});
