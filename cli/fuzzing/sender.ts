import type { Simulator } from "@metercast/simulator";
import type { FuzzMessage } from "./messages.ts";
import { MqttConnection } from "./mqtt-connection.ts";

const connections = 4;
/** Publishes under way: per connection, and over HTTP. */
const window = { mqtt: 200, http: 16 };

/** A message that was not answered as it should be. */
export class AnswerError extends Error {
  readonly fuzzed: FuzzMessage;

  constructor(message: FuzzMessage, answer: string) {
    super(`message ${message.index}, over ${message.transport}, was ${answer}`);
    this.name = "AnswerError";
    this.fuzzed = message;
  }
}

/**
 * Sends messages over several connections, many under way at once; those that the broker must refuse on a connection of
 * their own, which it closes.
 */
export class Sender {
  readonly #simulator: Simulator;
  readonly #connections: MqttConnection[];
  readonly #underWay = { mqtt: new Set<Promise<void>>(), http: new Set<Promise<void>>() };
  #turn = 0;
  #failure: Error | undefined;

  private constructor(simulator: Simulator, all: MqttConnection[]) {
    this.#simulator = simulator;
    this.#connections = all;
  }

  static async open(simulator: Simulator): Promise<Sender> {
    const all = Array.from({ length: connections }, (_, index) =>
      MqttConnection.open(simulator.mqttPort ?? 0, { clientId: `fuzz-${index}` }),
    );
    return new Sender(simulator, await Promise.all(all));
  }

  /** Resolves when there is room for the next. @throws AnswerError for this or one before it */
  async send(message: FuzzMessage): Promise<void> {
    const { transport } = message;
    const underWay = this.#underWay[transport];
    const sending: Promise<void> = (transport === "http" ? this.#overHttp(message) : this.#overMqtt(message))
      .catch((error: Error) => {
        this.#failure ??= error;
      })
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
    const most = transport === "http" ? window.http : window.mqtt * connections;
    while (underWay.size >= most) await Promise.race(underWay);
    if (this.#failure) throw this.#failure;
  }

  /** Resolves when all are answered. @throws AnswerError */
  async close(): Promise<void> {
    await Promise.all([...this.#underWay.mqtt, ...this.#underWay.http]);
    await Promise.all(this.#connections.map((connection) => connection.disconnect()));
    if (this.#failure) throw this.#failure;
  }

  async #overMqtt(message: FuzzMessage): Promise<void> {
    const { topic, payload, route } = message;
    if (route === "refused") {
      const own = await MqttConnection.open(this.#simulator.mqttPort ?? 0, { clientId: `refused-${message.index}` });
      const answer = await own.publish(topic, payload);
      if (answer !== "closed") throw new AnswerError(message, answer);
      return;
    }
    this.#turn = (this.#turn + 1) % connections;
    const answer = await (this.#connections[this.#turn] as MqttConnection).publish(topic, payload);
    if (answer !== "acknowledged") throw new AnswerError(message, answer);
  }

  async #overHttp(message: FuzzMessage): Promise<void> {
    const { topic, payload, route } = message;
    const response = await fetch(`${this.#simulator.http}/topics/${encodeURIComponent(topic)}?qos=1`, {
      method: "POST",
      body: payload as Uint8Array<ArrayBuffer>,
    });
    await response.arrayBuffer();
    if (response.ok === (route === "refused")) throw new AnswerError(message, `answered ${response.status}`);
  }
}
