import { connect, type Socket } from "node:net";

/** What became of a publish: acknowledged, or the broker closed the connection without an answer. */
export type Answer = "acknowledged" | "closed";

export interface PublishOptions {
  qos?: 0 | 1 | 2;
  retain?: boolean;
}

export interface ConnectionOptions {
  clientId: string;
  /** What the broker publishes for the client when the connection breaks. */
  will?: { topic: string; payload: Uint8Array };
}

const packetTypes = { connack: 2, puback: 4 } as const;

/**
 * A connection to an MQTT 3.1.1 broker that sends whatever it is told to: unlike a client library it checks nothing, so that
 * hostile packets can be sent, and it never connects again.
 */
export class MqttConnection {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #received: Buffer = Buffer.alloc(0);
  #nextId = 0;
  #connected: () => void = () => {};
  #isClosed = false;
  /** Resolves when the connection is closed, whoever does it. */
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (bytes: Buffer) => this.#take(bytes));
    // a reset is one way in which a broker closes
    socket.on("error", () => {});
    this.closed = new Promise((resolve) =>
      socket.once("close", () => {
        this.#isClosed = true;
        for (const answer of this.#waiting.values()) answer("closed");
        this.#waiting.clear();
        resolve();
      }),
    );
  }

  /** @throws Error when the broker does not let it in */
  static async open(port: number, { clientId, will }: ConnectionOptions): Promise<MqttConnection> {
    const connection = new MqttConnection(connect({ port, host: "127.0.0.1" }));
    const connected = new Promise<"connected">((resolve) => (connection.#connected = () => resolve("connected")));
    const fields = [field(clientId), ...(will ? [field(will.topic), field(will.payload)] : [])];
    // clean session, and a will with QoS 1; a keep-alive of 0 switches it off
    const start = Buffer.concat([field("MQTT"), Buffer.from([4, will ? 0x0e : 0x02, 0, 0])]);
    connection.write(packet(0x10, [start, ...fields]));
    if ((await Promise.race([connected, connection.closed])) === undefined) {
      throw new Error(`the broker closed the connection of ${clientId}`);
    }
    return connection;
  }

  /** Publishes under way. */
  get underWay(): number {
    return this.#waiting.size;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Bytes that the socket has not taken yet. */
  get pendingBytes(): number {
    return this.#socket.writableLength;
  }

  /** Publishes; QoS 0 is answered at once. */
  publish(topic: string | Uint8Array, payload: Uint8Array, options: PublishOptions = {}): Promise<Answer> {
    const { qos = 1 } = options;
    if (this.#isClosed) return Promise.resolve("closed");
    if (qos === 0) {
      this.write(publishPacket(topic, payload, 0, options));
      return Promise.resolve("acknowledged");
    }
    do this.#nextId = (this.#nextId % 65_535) + 1;
    while (this.#waiting.has(this.#nextId));
    const id = this.#nextId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.write(publishPacket(topic, payload, id, options));
    });
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Breaks the connection as a device without power does. */
  break(): Promise<void> {
    this.#socket.destroy();
    return this.closed;
  }

  /** Ends the connection as the protocol has it. */
  disconnect(): Promise<void> {
    this.#socket.end(Buffer.from([0xe0, 0]));
    return this.closed;
  }

  #take(bytes: Buffer): void {
    let rest = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    while (rest.length >= 2) {
      const length = remainingLength(rest);
      if (length === undefined || rest.length < length.at + length.value) break;
      const type = (rest[0] as number) >> 4;
      if (type === packetTypes.connack && rest[length.at + 1] === 0) this.#connected();
      if (type === packetTypes.puback) this.#acknowledged(rest.readUInt16BE(length.at));
      rest = rest.subarray(length.at + length.value);
    }
    this.#received = rest;
  }

  #acknowledged(id: number): void {
    this.#waiting.get(id)?.("acknowledged");
    this.#waiting.delete(id);
  }
}

/** A PUBLISH packet. */
export function publishPacket(
  topic: string | Uint8Array,
  payload: Uint8Array,
  id: number,
  { qos = 1, retain = false }: PublishOptions,
): Buffer {
  const identifier = qos === 0 ? [] : [Buffer.from([id >> 8, id & 0xff])];
  return packet(0x30 | (qos << 1) | (retain ? 1 : 0), [field(topic), ...identifier, payload]);
}

function packet(firstByte: number, parts: Uint8Array[]): Buffer {
  let length = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const header = [firstByte];
  do {
    const seven = length % 128;
    length = Math.floor(length / 128);
    header.push(length > 0 ? seven | 0x80 : seven);
  } while (length > 0);
  return Buffer.concat([Buffer.from(header), ...parts]);
}

function field(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** The remaining length of a packet, and where its body begins; undefined where it has not come yet. */
function remainingLength(bytes: Buffer): { value: number; at: number } | undefined {
  let value = 0;
  for (let at = 1; at <= 4 && at < bytes.length; at++) {
    const byte = bytes[at] as number;
    value += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 128) return { value, at: at + 1 };
  }
  return undefined;
}
