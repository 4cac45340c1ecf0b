import { createServer, type Server, type Socket } from "node:net";
import type { AedesPublishPacket, Client, PublishPacket } from "aedes";
import { Distributor } from "./distributor.ts";
import type { DevicePolicies } from "./device-policy.ts";
import { listenOnLoopback } from "./listen.ts";
import { refusal } from "./limits.ts";
import { PublishRates } from "./rates.ts";

/** Takes a message; answers when it is durable. */
export type Accept = (topic: string, payload: Uint8Array, client: string, done: (error: Error | null) => void) => void;

/** MQTT 3.1.1, 3.2.2.3. */
const notAuthorized = 5;

/** How much of a connection is read at once: the messages of one read are made durable together. */
const readBytes = 1024 * 1024;

/**
 * Longer than any packet that AWS IoT Core takes. The parser keeps the bytes of a packet until all have come, and a
 * packet may announce 256 MB: a connection that sends more than this without ending one is closed.
 */
const largestPacket = 256 * 1024;

/**
 * The message broker: MQTT 3.1.1 on loopback. A QoS 1 publish is acknowledged when its message is durable; one that
 * AWS IoT Core would refuse closes the connection without an acknowledgement, as it does there.
 */
export class MqttBroker {
  readonly #aedes: Distributor;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly rates: PublishRates;

  private constructor(aedes: Distributor, received: WeakMap<object, number>, rates: PublishRates) {
    this.#aedes = aedes;
    this.rates = rates;
    this.#server = createServer({ highWaterMark: readBytes, noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("readable", () => {
        const since = socket.bytesRead - (received.get(socket) ?? 0);
        if (since > largestPacket + 2 * readBytes) socket.destroy();
      });
      aedes.handle(socket);
    });
  }

  /** @param warn gets a sentence for each refused publish */
  static async create(accept: Accept, policies: DevicePolicies, warn: (sentence: string) => void): Promise<MqttBroker> {
    const received = new WeakMap<object, number>();
    const rates = new PublishRates();
    const noteProgress = (client: Client | null) => {
      if (client) received.set(client.conn, (client.conn as Socket).bytesRead);
    };
    const aedes = new Distributor({
      authenticate: (client, _user, _password, done) => {
        const reason = policies.refusesConnect(client.id);
        if (reason === undefined) return done(null, true);
        warn(`Client ${client.id} refused: ${reason}.`);
        done(Object.assign(new Error(reason), { returnCode: notAuthorized }), false);
      },
      authorizePublish: (client, packet, callback) => {
        noteProgress(client);
        const id = client?.id ?? "";
        const reason = refusalOf(packet) ?? policies.refusesPublish(id, packet.topic);
        if (reason !== undefined) {
          warn(`Client ${id}: publish to "${packet.topic.slice(0, 100)}" refused: ${reason}.`);
          return callback(new Error(reason));
        }
        rates.count(id, Date.now());
        accept(packet.topic, payloadOf(packet), id, callback);
      },
    });
    await aedes.listen();
    // a refused or broken connection is the client's affair; the broker goes on
    aedes.on("clientError", () => {});
    aedes.on("connectionError", () => {});
    aedes.on("ping", (_packet, client) => noteProgress(client));
    aedes.on("subscribe", (_subscriptions, client) => noteProgress(client));
    return new MqttBroker(aedes, received, rates);
  }

  /** @param port 0 for any that is free */
  listen(port: number): Promise<number> {
    return listenOnLoopback(this.#server, port, "--mqtt-port");
  }

  async close(): Promise<void> {
    if (this.#aedes.closed) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
  }

  /** Passes a message that came over HTTP on to MQTT subscribers. */
  forward(topic: string, payload: Uint8Array, qos: 0 | 1): void {
    const packet = { cmd: "publish", topic, payload: Buffer.from(payload), qos, retain: false, dup: false };
    this.#aedes.publish(packet as AedesPublishPacket, () => {});
  }
}

function refusalOf(packet: PublishPacket): string | undefined {
  if ((packet.qos as number) === 2) return "AWS IoT Core has no QoS 2";
  // MQTT 3.1.1, 1.5.3; the parser puts this character in place of bytes that are no UTF-8
  if (packet.topic.includes("\uFFFD")) return "the topic is not UTF-8";
  return refusal(packet.topic, packet.payload.length);
}

function payloadOf(packet: PublishPacket): Uint8Array {
  return typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
}
