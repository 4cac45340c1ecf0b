import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Collection } from "./peer-collector.ts";
import { answerOf, end, processorSeconds, start } from "./processes.ts";
import { kept, measured, publish, requireRows, type Measured, type Size } from "./raw-load.ts";

/** Where Debian and Homebrew put it, if not on the path. */
const places = ["mosquitto", "/usr/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto", "/usr/local/sbin/mosquitto"];

/** The program mosquitto; undefined where it is not installed. */
export function findMosquitto(): string | undefined {
  return places.find((place) =>
    place.includes("/") ? existsSync(place) : spawnSync(place, ["-h"], { stdio: "ignore" }).error === undefined,
  );
}

/** mosquitto, and behind it mqtt.js and hyparquet-writer, with the raw publisher. Memory and time are the collector's. */
export async function measurePeer(mosquitto: string, size: Size): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "metercast-bench-"));
  let broker: ChildProcess | undefined;
  let collector: ChildProcess | undefined;
  try {
    const port = await freePort();
    broker = await startMosquitto(mosquitto, folder, port);
    collector = start("peer-collector.ts");
    const file = join(folder, "readings.parquet");
    collector.send({ port, file, messages: size.readings / size.envelope } satisfies Collection);
    await answerOf(collector);
    const before = processorSeconds(collector);
    const stored = answerOf(collector);
    const published = await publish(port, size);
    await stored;
    await requireRows(file, kept(size.readings));
    return measured(size.readings, published, collector, before);
  } finally {
    if (collector) await end(collector);
    if (broker) await end(broker);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startMosquitto(mosquitto: string, folder: string, port: number): Promise<ChildProcess> {
  const configuration = join(folder, "mosquitto.conf");
  // without limits it discards nothing, and hands on as fast as it can
  const settings = [
    `listener ${port} 127.0.0.1`,
    "allow_anonymous true",
    "max_inflight_messages 0",
    "max_queued_messages 0",
    "set_tcp_nodelay true",
  ];
  writeFileSync(configuration, `${settings.join("\n")}\n`);
  const broker = spawn(mosquitto, ["-c", configuration], { stdio: "ignore" });
  for (let attempt = 0; attempt < 50; attempt++) {
    const socket = connect(port, "127.0.0.1");
    const isUp = await Promise.race([
      once(socket, "connect").then(
        () => true,
        () => false,
      ),
      setTimeout(1000, false),
    ]);
    socket.destroy();
    if (isUp) return broker;
    await setTimeout(100);
  }
  throw new Error("mosquitto does not listen");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
