/** The worker thread that delivers, so that taking messages and writing Parquet do not wait for each other. */
import { parentPort, workerData } from "node:worker_threads";
import type { Graph } from "@metercast/graph";
import { DataFolder } from "../data-folder.ts";
import type { Decision } from "../permissions/index.ts";
import { Traffic } from "../traffic.ts";
import { Delivery } from "./delivery.ts";

export interface WorkerData {
  graph: Graph;
  dataFolder: string;
  endpoint: string;
  timeScale: number;
  /** What passes is counted there. */
  traffic: Traffic["shared"];
  /** One 64-bit integer: the position before which the log is durable. */
  durableEnd: SharedArrayBuffer;
}

export type Request = { type: "wake" } | { type: "flush"; id: number } | { type: "close" };
export type Reply =
  { type: "ready" } | { type: "decided"; decision: Decision } | { type: "flushed"; id: number } | { type: "closed" };

const data = workerData as WorkerData;
const port = parentPort;
if (!port) throw new Error("delivery runs in a worker thread");
const durableEnd = new BigInt64Array(data.durableEnd);
const reply = (message: Reply) => port.postMessage(message);
const delivery = new Delivery({
  graph: data.graph,
  folder: DataFolder.open(data.dataFolder, { create: false }),
  endpoint: data.endpoint,
  durableEnd: () => Number(Atomics.load(durableEnd, 0)),
  timeScale: data.timeScale,
  traffic: new Traffic(data.traffic.keys, data.traffic.memory),
  decided: (decision) => reply({ type: "decided", decision }),
});

async function take(request: Request): Promise<void> {
  switch (request.type) {
    case "wake":
      return delivery.wake();
    case "flush":
      await delivery.flush();
      return reply({ type: "flushed", id: request.id });
    case "close":
      await delivery.close();
      reply({ type: "closed" });
      port?.close();
  }
}

port.on("message", (request: Request) => void take(request));

reply({ type: "ready" });
// a rejection ends the thread, and the simulator with it: nothing acknowledged is lost, the log has it
await delivery.run();
