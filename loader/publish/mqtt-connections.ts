import mqtt from "mqtt";
import type { IClientOptions, IClientPublishOptions, MqttClient } from "mqtt";
import { PublishError } from "./target.ts";

export interface MqttConnectionsOptions {
  /** mqtt, mqtts, ws or wss, without anything secret: it is shown in messages. */
  url: string;
  /** Of each connection: its client id, and what else differs. */
  clients: readonly (IClientOptions & { clientId: string })[];
  /** How long the first connections may take, milliseconds. */
  connectWithin: number;
  /** How long a connection may be down before all is given up, milliseconds. */
  giveUpAfter: number;
  /** Milliseconds before a lost connection is made again; doubled at each attempt that fails, up to the longest. */
  reconnectAfter: { first: number; longest: number };
  /** A connection whose oldest message is not acknowledged for so long, milliseconds, is made again. @default never */
  acknowledgeWithin?: number;
  /** Where to look when there is no connection, as a sentence. */
  hint: string;
  /** A connection was lost: it is about to be made again. */
  onLost?: (connection: Connection) => void;
  /** A connection was made again, and what was not acknowledged on it is sent again. */
  onMadeAgain?: (connection: Connection) => void;
}

export interface Connection {
  readonly index: number;
  readonly client: MqttClient;
  /** Messages that were not acknowledged yet. */
  underWay: number;
  /** Whether anything was acknowledged since it was last made. */
  acknowledged: boolean;
  /** When each of those under way was last sent, milliseconds, the oldest first; kept only where acknowledgements have a limit. */
  sent: Set<{ at: number }>;
}

/** Connections that end this often in a row without an acknowledgement are given up: what they resend is what ends them. */
const fruitlessConnections = 5;

const qos1: IClientPublishOptions = { qos: 1 };

/** Connections to one MQTT 3.1.1 broker that are made again when they are lost, with all that was not acknowledged. */
export class MqttConnections {
  readonly all: readonly Connection[];
  readonly #options: MqttConnectionsOptions;
  readonly #waiting = new Set<(error: PublishError) => void>();
  readonly #watch: NodeJS.Timeout | undefined;
  #failure: PublishError | undefined;

  /** @throws PublishError when the broker cannot be reached */
  static async open(options: MqttConnectionsOptions): Promise<MqttConnections> {
    const connections = new MqttConnections(options);
    await Promise.all(connections.all.map((connection) => connections.#connected(connection)));
    return connections;
  }

  private constructor(options: MqttConnectionsOptions) {
    this.#options = options;
    this.all = options.clients.map((client, index) => this.#connect(client, index));
    const limit = options.acknowledgeWithin;
    this.#watch = limit === undefined ? undefined : setInterval(() => this.#endSilent(limit), limit / 4);
  }

  /** Resolves when the message was acknowledged. @throws PublishError when the connections are given up */
  publish(connection: Connection, topic: string, payload: Uint8Array | string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      const sent = this.#watch === undefined ? undefined : { at: performance.now() };
      if (sent) connection.sent.add(sent);
      connection.underWay++;
      this.#waiting.add(reject);
      connection.client.publish(topic, payload as string | Buffer, qos1, (error) => {
        connection.underWay--;
        if (sent) connection.sent.delete(sent);
        if (!this.#waiting.delete(reject)) return;
        if (error) {
          reject(new PublishError(`A message to ${topic} was not published: ${error.message}`, { cause: error }));
        } else {
          connection.acknowledged = true;
          resolve();
        }
      });
    });
  }

  /** Ends the connections after what is under way was acknowledged. */
  async close(): Promise<void> {
    clearInterval(this.#watch);
    await Promise.all(this.all.map(({ client }) => client.endAsync(this.#failure !== undefined)));
  }

  #connected({ client }: Connection): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      client.once("connect", () => {
        this.#waiting.delete(reject);
        resolve();
      });
    });
  }

  #giveUp(error: PublishError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    clearInterval(this.#watch);
    for (const { client } of this.all) client.end(true);
    for (const reject of this.#waiting) reject(error);
    this.#waiting.clear();
  }

  /** What is published beyond a limit of the service is discarded without a word: only a new connection sends it again. */
  #endSilent(limit: number): void {
    for (const { client, sent } of this.all) {
      const [oldest] = sent;
      if (client.connected && oldest !== undefined && performance.now() - oldest.at > limit) client.stream.destroy();
    }
  }

  #connect(differing: IClientOptions, index: number): Connection {
    const { url, connectWithin, giveUpAfter, reconnectAfter, hint, onLost, onMadeAgain } = this.#options;
    const client = mqtt.connect(url, {
      protocolVersion: 4,
      reconnectPeriod: reconnectAfter.first,
      connectTimeout: 10_000,
      keepalive: 30,
      ...differing,
    });
    const result: Connection = { index, client, underWay: 0, acknowledged: true, sent: new Set() };
    let reason = "no answer";
    let fruitless = 0;
    let up = false;
    let again = false;
    const giveUpLater = (milliseconds: number): NodeJS.Timeout =>
      setTimeout(() => {
        this.#giveUp(
          new PublishError(
            `No connection to ${url} within ${String(milliseconds / 1000)} s (${reason}). ${hint} A load continues where it stopped.`,
          ),
        );
      }, milliseconds);
    let down = giveUpLater(connectWithin);

    // Its event "connect" comes only when all that waited to be sent again was acknowledged: too late to tell whether that helps.
    client.on("packetreceive", ({ cmd, ...packet }) => {
      if (cmd !== "connack" || ("returnCode" in packet && packet.returnCode !== 0)) return;
      clearTimeout(down);
      up = true;
      result.acknowledged = false;
      client.options.reconnectPeriod = reconnectAfter.first;
      for (const message of result.sent) message.at = performance.now();
      if (again) onMadeAgain?.(result);
      again = true;
    });
    client.on("error", (error) => {
      reason = error.message || String((error as NodeJS.ErrnoException).code);
    });
    client.on("close", () => {
      if (client.disconnecting) {
        clearTimeout(down);
        return;
      }
      // mqtt.js does not pass on an error without a code, such as an answer that refuses a WebSocket.
      reason = client.stream.errored?.message ?? reason;
      onLost?.(result);
      const { first, longest } = reconnectAfter;
      client.options.reconnectPeriod = Math.min(longest, 2 * (client.options.reconnectPeriod ?? first));
      // Attempts to connect again that fail close, too: time runs from the first.
      if (!up) return;
      up = false;
      fruitless = result.acknowledged || result.underWay === 0 ? 0 : fruitless + 1;
      if (fruitless < fruitlessConnections) {
        down = giveUpLater(giveUpAfter);
        return;
      }
      this.#giveUp(
        new PublishError(
          `${url} closed the connection ${String(fruitless)} times without acknowledging a message. It refuses what is sent, or cannot store it. ${hint}`,
        ),
      );
    });
    return result;
  }
}
