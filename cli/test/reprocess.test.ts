import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { commandLine } from "../command-line.ts";
import { Started, temporaryFolder, type Run } from "./command.ts";

const small = readFileSync(new URL("./small.yaml", import.meta.url), "utf8");
const program = fileURLToPath(new URL("../metercast.ts", import.meta.url));
const hour = 1_544_065_200_000;

/** The small environment with activities for electricity, in a file that is changed later. */
function environmentFile(folder: string, ...activities: string[]): string {
  const file = join(folder, "small.yaml");
  const lines = activities.map((activity) => `      - ${activity}\n`).join("");
  const electricity = /( {2}- type: electricity\n {4}unit: kWh\n)(?: {4}activities:\n(?: {6}.*\n)+)?/;
  writeFileSync(
    file,
    small.replace(electricity, (_all, entry: string) => `${entry}    activities:\n${lines}`),
  );
  return file;
}

/** A command in this process. */
async function metercast(...words: string[]): Promise<Run> {
  let [out, error] = ["", ""];
  const console = { out: (text: string) => void (out += text), error: (text: string) => void (error += text) };
  return { code: await commandLine(words, console), out, error };
}

async function query(data: string, sql: string): Promise<unknown> {
  const { code, out, error } = await metercast("query", sql, "--data", data, "--json");
  if (code !== 0) throw new Error(error);
  return JSON.parse(out);
}

interface Sample {
  pipeline: string;
  recordId: string;
  arrived: string;
  topic: string;
  payload: unknown;
}

async function sample(data: string, ...words: string[]): Promise<Sample[]> {
  const { code, out, error } = await metercast("channel", "sample", "--data", data, "--json", ...words);
  if (code !== 0) throw new Error(error);
  return JSON.parse(out) as Sample[];
}

async function status(data: string): Promise<Record<string, unknown>> {
  const { out } = await metercast("status", "--data", data, "--json");
  return JSON.parse(out) as Record<string, unknown>;
}

/** A stopped simulator's folder, to which one message each was published. */
async function published(file: string, data: string, ...messages: unknown[]): Promise<void> {
  const started = new Started("--environment", file, "--data", data, "--no-load");
  const { http } = await started.event("ready");
  for (const message of messages) {
    const topic = encodeURIComponent("metercast/small/Jacksonville/meter/electricity");
    const { status } = await fetch(`${String(http)}/topics/${topic}?qos=1`, {
      method: "POST",
      body: JSON.stringify(message),
    });
    expect(status).to.equal(200);
  }
  await started.stop("SIGTERM");
}

const reading = (building_id: number, meter_reading: unknown) => ({
  building_id,
  meter: 0,
  timestamp: hour,
  meter_reading,
});

describe("metercast channel sample and pipeline reprocess", function () {
  this.timeout(60_000);

  it("show what came, and send it through the pipeline as it is now, without a duplicate", async () => {
    const data = temporaryFolder();
    const folder = temporaryFolder();
    const file = environmentFile(folder, "filter: building_id <> 3");
    await published(file, data, [reading(1, 10), reading(2, "x"), reading(3, 10)], reading(4, 20));
    expect((await status(data))["readings"]).to.deep.equal({
      ...{ accepted: 4, stored: 2, dropped: { "filter: building_id <> 3": 1 } },
      rejected: { "meter_reading is not a number": 1 },
    });

    const messages = await sample(data);
    expect(messages.map(({ pipeline, payload }) => [pipeline, payload])).to.deep.equal([
      ["readings", reading(4, 20)],
      ["readings", [reading(1, 10), reading(2, "x"), reading(3, 10)]],
    ]);
    expect(messages[0]?.topic).to.equal("metercast/small/Jacksonville/meter/electricity");
    expect(await sample(data, "--count", "1", "--pipeline", "readings")).to.deep.equal(messages.slice(0, 1));

    environmentFile(folder, "filter: building_id <> 4", "{ math: meter_reading * 2, attribute: doubled }");
    const { code, out, error } = await metercast(
      "pipeline",
      "reprocess",
      "-e",
      file,
      "--pipeline",
      "readings",
      ...["--data", data, "--json", "--from", messages[1]?.arrived ?? "", "--to", "2100-01-01"],
    );
    expect({ code, error }).to.deep.equal({ code: 0, error: "" });
    const readings = {
      ...{ accepted: 4, stored: 2, dropped: { "filter: building_id <> 4": 1 } },
      rejected: { "meter_reading is not a number": 1 },
    };
    expect(JSON.parse(out)).to.deep.nested.include({ "messages": 2, "accounting.readings": readings });
    expect((await status(data))["readings"]).to.deep.equal(readings);
    expect(
      await query(data, 'SELECT building_id, doubled, record_id, "position" FROM readings ORDER BY 1'),
    ).to.deep.equal([
      { building_id: 1, doubled: 20, record_id: messages[1]?.recordId, position: 0 },
      { building_id: 3, doubled: 20, record_id: messages[1]?.recordId, position: 2 },
    ]);
    expect(await query(data, "SELECT count(*) AS readings FROM readings_landing")).to.deep.equal([{ readings: 2 }]);
  });

  it("are safe to kill: all is as it was, or as it should be", async () => {
    const data = temporaryFolder();
    const folder = temporaryFolder();
    const file = environmentFile(folder, "filter: building_id <> 3");
    const messages = Array.from({ length: 40 }, (_, id) => [reading(id, 1), reading(3, id)]);
    await published(file, data, ...messages);
    const before = (await status(data))["readings"];
    environmentFile(folder, "filter: building_id = 3");
    const words = ["pipeline", "reprocess", "-e", file, "--pipeline", "readings", "--data", data];
    const after = { accepted: 80, stored: 41, dropped: { "filter: building_id = 3": 39 }, rejected: {} };
    for (const milliseconds of [1000, 1300, 1600]) {
      const child = spawn(process.execPath, [program, ...words], { stdio: "ignore" });
      const ended = new Promise((resolve) => child.once("close", resolve));
      await Promise.race([setTimeout(milliseconds), ended]);
      child.kill("SIGKILL");
      await ended;
      expect([before, after]).to.deep.include((await status(data))["readings"]);
    }
    expect((await metercast(...words)).code).to.equal(0);
    expect((await status(data))["readings"]).to.deep.equal(after);
  });

  it("say what stands in the way: a simulator that runs, a span that is none", async () => {
    const data = temporaryFolder();
    const file = environmentFile(temporaryFolder(), "filter: building_id <> 3");
    const words = ["pipeline", "reprocess", "--pipeline", "readings", "--data", data];
    const started = new Started("--environment", file, "--data", data, "--no-load");
    await started.event("ready");
    const running = await metercast(...words, "-e", file);
    await started.stop("SIGTERM");
    expect(running.code).to.equal(1);
    expect(running.error).to.match(/^The data folder .* is held by process \d+, another simulator: stop it/);
    const span = await metercast(...words, "-e", file, "--from", "2026-02-01", "--to", "2026-01-01");
    expect(span).to.deep.include({ code: 2, error: "--from must lie before --to.\n" });
    const nothing = await metercast("channel", "sample", "--data", data);
    expect(nothing).to.deep.include({ code: 0, out: "The channel holds no message.\n" });
  });
});
