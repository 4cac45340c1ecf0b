import { load, mqttTarget, type LoadOptions, type TopicTemplates } from "@metercast/loader";
import { DataFolder, openCatalog } from "@metercast/simulator";
import { environmentFile, loadEnvironment } from "../environments/index.ts";
import { processorSeconds } from "./processes.ts";
import { countRows, measured, type Measured, type Published, type Size } from "./raw-load.ts";
import { benchEnvironment, Simulated } from "./simulated.ts";

const hour = 3_600_000;
/** The environment's 445 buildings have about so many meters, each of which reads once an hour. */
const meters = 830;

/** The simulator with the project's own loader in this process, generated readings and about the size that is asked for. */
export async function measureLoader({ readings, envelope }: Size): Promise<Measured> {
  const simulator = await Simulated.start();
  try {
    const before = processorSeconds(simulator.child);
    const from = Date.UTC(2018, 11, 3);
    const window = { from, to: from + Math.ceil(readings / meters) * hour };
    const sent = await send(simulator, benchEnvironment, { readings: "generated", window, envelope });
    await simulator.flush();
    const stored = await countRows(simulator.parquet("readings"));
    const result = measured(sent.readings, sent, simulator.child, before);
    const all = stored + (await countRows(simulator.parquet("left_out")));
    if (all !== sent.readings) throw new Error(`${all} of ${sent.readings} readings are accounted for`);
    return result;
  } finally {
    await simulator.stop();
  }
}

/** Seconds from the first publish of a weather file to a query of the environment "prod" that finds all of it. */
export async function measureWeather(file: string): Promise<{ seconds: number; observations: number }> {
  const environment = environmentFile("prod");
  const simulator = await Simulated.start(environment);
  try {
    const sent = await send(simulator, environment, { weather: { file } });
    await simulator.flush();
    const folder = DataFolder.open(simulator.data, { create: false });
    const graph = simulator.graph;
    const catalog = await openCatalog({ graph, bucketFolder: (bucket) => folder.bucket(bucket) });
    try {
      const [row] = await catalog.query("SELECT count(*) AS observations FROM weather");
      const seconds = (performance.now() - sent.first) / 1000;
      if (row?.["observations"] !== sent.weather) throw new Error(`not all observations: ${JSON.stringify(row)}`);
      return { seconds, observations: sent.weather };
    } finally {
      catalog.close();
    }
  } finally {
    await simulator.stop();
  }
}

interface Sent extends Published {
  readings: number;
  weather: number;
}

async function send(
  { graph, mqtt, http }: Simulated,
  environment: string,
  what: Pick<LoadOptions, "readings" | "weather" | "window" | "envelope">,
): Promise<Sent> {
  const { topics, bucket } = graph.outputs as { topics: TopicTemplates; bucket: string };
  const target = await mqttTarget({ url: mqtt, bucketUrl: `${http}/${bucket}` });
  let first: number | undefined;
  const noting = {
    ...target,
    publish: (topic: string, payload: Uint8Array | string) => {
      first ??= performance.now();
      return target.publish(topic, payload);
    },
  };
  try {
    const { readings, weather } = await load({
      environment: loadEnvironment(environment),
      topics,
      target: noting,
      ...what,
    });
    if (first === undefined) throw new Error("the load was empty");
    const acknowledgedSeconds = (performance.now() - first) / 1000;
    return { first, acknowledgedSeconds, readings: readings.sent, weather: weather.sent };
  } finally {
    await target.close();
  }
}
