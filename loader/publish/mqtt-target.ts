import { randomBytes } from "node:crypto";
import mqtt from "mqtt";
import type { IClientPublishOptions, MqttClient } from "mqtt";
import { putObject } from "./objects.ts";
import { PublishError } from "./target.ts";
import type { Target } from "./target.ts";

export interface MqttTargetOptions {
  /** mqtt://host:port */
  url: string;
  /** The bucket's URL, to which a key is appended: http://127.0.0.1:4566/bucket */
  bucketUrl: string;
  /** @default 4 */
  connections?: number;
  /** Publishes under way per connection. @default 1000 */
  windowPerConnection?: number;
  /** How long a connection may be down before the target gives up, milliseconds. @default 30000 */
  giveUpAfter?: number;
  /** How long the first connections may take, milliseconds. @default 5000 */
  connectWithin?: number;
  /** What client ids begin with. @default "metercast-loader" */
  clientId?: string;
}

/** Connections that end this often in a row without an acknowledgement are given up: what they resend is what ends them. */
const fruitlessConnections = 5;
const reconnectEvery = 250;

/** Messages that one connection gets before the next one has its turn: enough that a write to its socket carries many. */
const turn = 64;

const qos1: IClientPublishOptions = { qos: 1 };

/**
 * Publishes to an MQTT 3.1.1 broker with QoS 1 over several connections. A connection that is lost is made again, and what was not
 * acknowledged on it is sent again.
 * @throws PublishError when the broker cannot be reached
 */
export async function mqttTarget(options: MqttTargetOptions): Promise<Target> {
  const { url, bucketUrl, connections = 4, windowPerConnection = 1000 } = options;
  const { giveUpAfter = 30_000, connectWithin = 5000, clientId = "metercast-loader" } = options;
  const run = randomBytes(4).toString("hex");
  const waiting = new Set<(error: PublishError) => void>();
  let failure: PublishError | undefined;

  const giveUp = (error: PublishError): void => {
    if (failure !== undefined) return;
    failure = error;
    for (const { client } of all) client.end(true);
    for (const reject of waiting) reject(error);
    waiting.clear();
  };
  const all = Array.from({ length: connections }, (_, i) =>
    connection(url, `${clientId}-${run}-${String(i)}`, { connectWithin, giveUpAfter }, giveUp),
  );
  await Promise.all(
    all.map(
      ({ client }) =>
        new Promise<void>((resolve, reject) => {
          waiting.add(reject);
          client.once("connect", () => {
            waiting.delete(reject);
            resolve();
          });
        }),
    ),
  );

  let current = 0;
  let leftOfTurn = turn;
  /** Connections have their turns one after the other; one whose window is full is passed over while another one's is not. */
  function next(): Connection {
    if (--leftOfTurn <= 0 || (all[current] as Connection).underWay >= windowPerConnection) {
      leftOfTurn = turn;
      for (let i = 0; i < connections; i++) {
        current = (current + 1) % connections;
        if ((all[current] as Connection).underWay < windowPerConnection) break;
      }
    }
    return all[current] as Connection;
  }

  return {
    window: connections * windowPerConnection,
    publish: (topic, payload) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        const used = next();
        used.underWay++;
        waiting.add(reject);
        used.client.publish(topic, payload as string | Buffer, qos1, (error) => {
          used.underWay--;
          if (!waiting.delete(reject)) return;
          if (error) {
            reject(new PublishError(`A message to ${topic} was not published: ${error.message}`, { cause: error }));
          } else {
            used.acknowledged = true;
            resolve();
          }
        });
      }),
    putObject: (key, body) => putObject(bucketUrl, key, body),
    close: async () => {
      await Promise.all(all.map(({ client }) => client.endAsync(failure !== undefined)));
    },
  };
}

interface Connection {
  client: MqttClient;
  underWay: number;
  /** Whether anything was acknowledged since it was last made. */
  acknowledged: boolean;
}

function connection(
  url: string,
  clientId: string,
  patience: { connectWithin: number; giveUpAfter: number },
  giveUp: (error: PublishError) => void,
): Connection {
  const client = mqtt.connect(url, {
    clientId,
    protocolVersion: 4,
    reconnectPeriod: reconnectEvery,
    connectTimeout: 10_000,
    keepalive: 30,
  });
  const result: Connection = { client, underWay: 0, acknowledged: true };
  let reason = "no answer";
  let fruitless = 0;
  let up = false;
  let down = expect(patience.connectWithin);

  function expect(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      giveUp(
        new PublishError(
          `No connection to ${url} within ${String(milliseconds / 1000)} s (${reason}). Is the simulator or broker running there? Once it is, load again: a load continues where it stopped.`,
        ),
      );
    }, milliseconds);
  }
  // Its event "connect" comes only when all that waited to be sent again was acknowledged: too late to tell whether that helps.
  client.on("packetreceive", ({ cmd }) => {
    if (cmd !== "connack") return;
    clearTimeout(down);
    up = true;
    result.acknowledged = false;
  });
  client.on("error", (error) => {
    reason = error.message || String((error as NodeJS.ErrnoException).code);
  });
  client.on("close", () => {
    // Attempts to connect again that fail close, too: time runs from the first.
    if (!up) {
      if (client.disconnecting) clearTimeout(down);
      return;
    }
    up = false;
    if (client.disconnecting) return;
    fruitless = result.acknowledged || result.underWay === 0 ? 0 : fruitless + 1;
    if (fruitless < fruitlessConnections) {
      down = expect(patience.giveUpAfter);
      return;
    }
    giveUp(
      new PublishError(
        `${url} closed the connection ${String(fruitless)} times without acknowledging a message. It refuses what is sent, or cannot store it (see its own messages).`,
      ),
    );
  });
  return result;
}
