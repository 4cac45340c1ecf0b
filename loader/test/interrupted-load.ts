/** Loads a day of generated data in a process of its own, for a test that kills it: node interrupted-load.ts URL RESUME_FILE ENVELOPE */
import { load, mqttTarget } from "../index.ts";
import { city, environment, topics } from "./builders.ts";

const [url = "", resumeFile = "", envelope = "1"] = process.argv.slice(2);
const from = Date.UTC(2018, 11, 3);
const target = await mqttTarget({ url, bucketUrl: "http://127.0.0.1:1", connections: 2, windowPerConnection: 50 });
const report = await load({
  environment: environment([city(7), city(10), city(14)]),
  topics,
  target: { ...target, putObject: () => Promise.resolve() },
  readings: "generated",
  weather: "generated",
  window: { from, to: from + 24 * 3_600_000 },
  envelope: Number(envelope),
  resumeFile,
});
await target.close();
process.stdout.write(JSON.stringify(report));
