import { randomBytes } from "node:crypto";
import { MqttConnections } from "./mqtt-connections.ts";
import type { Connection } from "./mqtt-connections.ts";
import { putObject } from "./objects.ts";
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

/** Messages that one connection gets before the next one has its turn: enough that a write to its socket carries many. */
const turn = 64;

const reconnectAfter = { first: 250, longest: 250 };

/**
 * Publishes to a broker that knows no limits, on this machine or near it, with QoS 1 over several connections. A connection that is lost
 * is made again, and what was not acknowledged on it is sent again.
 * @throws PublishError when the broker cannot be reached
 */
export async function mqttTarget(options: MqttTargetOptions): Promise<Target> {
  const { url, bucketUrl, connections: count = 4, windowPerConnection = 1000 } = options;
  const { giveUpAfter = 30_000, connectWithin = 5000, clientId = "metercast-loader" } = options;
  const run = randomBytes(4).toString("hex");
  const connections = await MqttConnections.open({
    url,
    clients: Array.from({ length: count }, (_, i) => ({ clientId: `${clientId}-${run}-${String(i)}` })),
    connectWithin,
    giveUpAfter,
    reconnectAfter,
    hint: "Does the simulator or broker run there, and what does it say itself?",
  });
  const { all } = connections;

  let current = 0;
  let leftOfTurn = turn;
  /** Connections have their turns one after the other; one whose window is full is passed over while another one's is not. */
  function next(): Connection {
    if (--leftOfTurn <= 0 || (all[current] as Connection).underWay >= windowPerConnection) {
      leftOfTurn = turn;
      for (let i = 0; i < count; i++) {
        current = (current + 1) % count;
        if ((all[current] as Connection).underWay < windowPerConnection) break;
      }
    }
    return all[current] as Connection;
  }

  return {
    window: count * windowPerConnection,
    publish: (topic, payload) => connections.publish(next(), topic, payload),
    putObject: (key, body) => putObject(bucketUrl, key, body),
    close: () => connections.close(),
  };
}
