import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { commandLine } from "../command-line.ts";
import type { Preview } from "../preview/preview.ts";

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../environments/test/fixtures/${name}.yaml`, import.meta.url));
const topic = "metercast/functions/Dublin/meter/electricity";

const reading = (meter_reading: number) =>
  JSON.stringify({ building_id: 3, meter: 0, timestamp: 1544065200000, meter_reading });

async function run(...words: string[]): Promise<{ code: number; out: string; error: string }> {
  let [out, error] = ["", ""];
  const console = { out: (text: string) => void (out += text), error: (text: string) => void (error += text) };
  const code = await commandLine(["pipeline", "preview", ...words], console);
  return { code, out, error };
}

async function previewOf(...words: string[]): Promise<Preview> {
  const { code, out, error } = await run(...words, "--json");
  if (code !== 0) throw new Error(error);
  return JSON.parse(out) as Preview;
}

const readings = ["--environment", fixture("functions"), "--pipeline", "readings"];

describe("metercast pipeline preview", function () {
  this.timeout(60_000);

  it("shows what each activity makes of a message, functions among them, and its row", async () => {
    const { elements, rule } = await previewOf(...readings, "--payload", reading(10), "--topic", topic);
    expect(rule).to.equal("metercast_functions_electricity");
    expect(elements).to.have.length(1);
    expect(
      elements[0]?.steps.map(({ activity, outcome, attributes }) => [activity, outcome, attributes?.["meter_reading"]]),
    ).to.deep.equal([
      ["filter: meter_reading >= 0", "passed", 10],
      ["lambda: calibrate.ts", "passed", 20],
      ["math: kbtu = meter_reading * 3.412", "passed", 20],
    ]);
    expect(elements[0]?.row).to.deep.include({
      building_id: 3,
      meter_reading: 20,
      factor: 2,
      kbtu: 68.24,
      city: "Dublin",
    });
  });

  it("tells people the same", async () => {
    const { out } = await run(...readings, "--payload", `[${reading(10)},${reading(-1)},5]`);
    expect(out).to.match(/^Pipeline readings of functions\n/);
    expect(out).to.contain('\n   lambda: calibrate.ts                passed: {"building_id":3,');
    expect(out).to.contain("\n   stored: {");
    expect(out).to.contain('\n   dropped by "filter: meter_reading >= 0"\n');
    expect(out).to.contain("\n   rejected: not an object\n");
  });

  it("says why a function broke its contract", async () => {
    const dublin = JSON.stringify({ site_id: 12, timestamp: 1544065200000, air_temperature: 9 });
    const { out, error } = await run("-e", fixture("functions"), "--pipeline", "weather", "--payload", dublin);
    expect(out).to.contain("rejected: lambda failed: lambda: grade.mjs\n");
    expect(error).to.equal(
      'lambda activity "lambda: grade.mjs": 1 messages rejected: metercast-functions-weather-lambda-grade got 1 messages and gave 0\n',
    );
  });

  it("takes the message from a file", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "metercast-")), "message.json");
    writeFileSync(file, `${reading(-5)}\n`);
    expect((await previewOf(...readings, "--payload", `@${file}`)).elements[0]?.ended).to.equal("dropped");
    const { code, error } = await run(...readings, "--payload", "@nowhere.json");
    expect(code).to.equal(2);
    expect(error).to.match(/nowhere\.json cannot be read/);
  });

  it("has the message go through the rule of its topic first", async () => {
    const own = ["--environment", fixture("iot-analytics"), "--pipeline", "readings", "--topic", "jh-iot-device-data"];
    expect((await previewOf(...own, "--payload", reading(1))).elements[0]?.ended).to.equal("stored");
    const envelope = await previewOf(...own, "--payload", `[${reading(1)}]`);
    expect(envelope.elements.map(({ sent, reason }) => ({ sent, reason }))).to.deep.equal([
      { sent: "{}", reason: "missing building_id" },
    ]);
  });

  it("knows the topics that the pipeline's rules take", async () => {
    const { code, error } = await run(...readings, "--payload", "{}", "--topic", "metercast/functions/Dublin/weather");
    expect(code).to.equal(2);
    expect(error).to.equal(
      "No rule of the pipeline readings takes the topic metercast/functions/Dublin/weather: they take metercast/functions/+/meter/electricity, metercast/functions/+/meter/steam.\n",
    );
  });

  it("needs a pipeline that there is", async () => {
    const { code, error } = await run("--payload", "{}", "--pipeline", "gas");
    expect(code).to.equal(2);
    expect(error).to.match(/Allowed choices are readings, weather/);
  });
});
