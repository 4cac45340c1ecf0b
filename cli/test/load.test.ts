import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { loadEnvironment } from "../../environments/index.ts";
import { deployedStack, deployedThings } from "../deployed.ts";
import { metercast, Started, temporaryFolder } from "./command.ts";

const small = fileURLToPath(new URL("small.yaml", import.meta.url));
const meter = "metercast/small/{city}/meter/{type}";
const outputs = {
  environment: "small",
  region: "us-east-1",
  endpoint: "example-ats.iot.us-east-1.amazonaws.com",
  bucket: "metercast-small-123456789012-us-east-1",
  topics: { meters: { electricity: meter, chilledwater: meter, steam: null, hotwater: meter }, weather: "w/{city}" },
};

function outputsFile(content: unknown): string {
  const file = join(temporaryFolder(), "outputs.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

describe("the outputs of a deployed stack", () => {
  it("say where to publish, and which thing publishes there", () => {
    const { topics, ...stack } = deployedStack("small", outputsFile(outputs));
    expect(stack).to.deep.equal({
      environment: "small",
      region: "us-east-1",
      endpoint: outputs.endpoint,
      bucket: "metercast-small-123456789012-us-east-1",
    });
    expect(deployedThings(loadEnvironment(small), topics).slice(3)).to.deep.include.members([
      { name: "metercast_small_Minneapolis_electricity", topics: ["metercast/small/Minneapolis/meter/electricity"] },
      { name: "metercast_small_Minneapolis_steam", topics: [] },
      { name: "metercast_small_London_weather", topics: ["w/London"] },
    ]);
  });

  it("that cannot be used are refused with what is wrong", () => {
    const refused: [unknown, RegExp][] = [
      ["{", /outputs\.json: not JSON/],
      [{ ...outputs, endpoint: undefined }, /the output endpoint is missing/],
      [{ ...outputs, bucket: 3 }, /the output bucket is 3/],
      [{ ...outputs, topics: { meters: { steam: 1 } } }, /the output topics is/],
      [{ ...outputs, environment: "other" }, /outputs of other, not of small/],
    ];
    for (const [content, message] of refused) {
      expect(() => deployedStack("small", outputsFile(content)), String(message)).to.throw(message);
    }
  });
});

describe("metercast load --to an environment", function () {
  this.timeout(60_000);

  it("publishes by the data plane, here a simulator's, and puts the register", async () => {
    const data = temporaryFolder();
    const started = new Started("--environment", small, "--data", data, "--no-load");
    const { http } = await started.event("ready");
    const secrets = {
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret/example",
      AWS_ENDPOINT_URL: http,
    };
    Object.assign(process.env, secrets);
    try {
      const steam = {
        ...outputs.topics,
        meters: { ...outputs.topics.meters, steam: meter },
        weather: "metercast/small/{city}/weather",
      };
      const file = outputsFile({ ...outputs, topics: steam, endpoint: http });
      const span = ["--from", "2018-12-03T00:00Z", "--until", "2018-12-03T02:00Z"];
      const loaded = await metercast("load", "--to", small, "--outputs", file, "--via", "https", ...span, "--json");
      expect(loaded.error).to.equal("");
      expect(loaded.code).to.equal(0);
      const { readings, weather } = JSON.parse(loaded.out) as Record<"readings" | "weather", { sent: number }>;
      expect(weather.sent).to.equal(4);
      const status = JSON.parse((await metercast("status", "--data", data, "--json")).out) as Record<
        "readings" | "weather",
        { accepted: number }
      >;
      expect([status.readings.accepted, status.weather.accepted]).to.deep.equal([readings.sent, weather.sent]);
    } finally {
      for (const name of Object.keys(secrets)) Reflect.deleteProperty(process.env, name);
      await started.stop("SIGINT");
    }
  });

  it("refuses options that contradict each other", async () => {
    const wrong: [string[], RegExp][] = [
      [["--via", "https"], /--via is for a deployed environment/],
      [["--to", small, "--data", "x"], /--data is for the simulator/],
      [["--to", small, "-e", "dev"], /contradict each other/],
      [["--to", small, "--certificates", "x", "-t", "a"], /--certificates and --topic exclude each other/],
      [["-t", "a/+/b"], /Nothing can be published to "a\/\+\/b": the topic of a publish has a wildcard/],
      [["--from", "2018-12-04T00:00Z", "--until", "2018-12-03T00:00Z"], /--until is not after --from/],
    ];
    for (const [words, message] of wrong) {
      const { code, error } = await metercast("load", ...words);
      expect([code, error]).to.satisfy(([exit, text]: [number, string]) => exit === 2 && message.test(text), error);
    }
  });
});
