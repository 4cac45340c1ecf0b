/**
 * A process that publishes as fast as a broker takes it: packets that were made before, on plain sockets, so that it
 * is the broker that is measured. Told `{ port, messages, envelope }` it makes them and answers "ready"; told "go" it publishes
 * and answers "acknowledged" when the last one was.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { publishPacket } from "../cli/fuzzing/mqtt-connection.ts";
import { reading, topics } from "./readings.ts";

export interface Load {
  port: number;
  /** Over all connections. */
  messages: number;
  /** Readings of a message; 1 is a reading by itself. */
  envelope: number;
}

/** Publishes of a connection that may wait for their acknowledgement; also its packet identifiers, used in turn. */
const window = 1000;
/** Different messages of a connection; then they begin again. A multiple of the window, as identifiers need it. */
const different = { single: 20_000, envelopes: 1000 };
/** A write to a socket is of so many packets at least, while there are more to come. */
const leastPackets = { single: 100, envelopes: 2 };
const pubackBytes = 4;

class Connection {
  readonly #packets: Buffer;
  /** Where each packet begins in `packets`, and the end. */
  readonly #starts: number[] = [0];
  readonly #messages: number;
  readonly #least: number;
  #socket: Socket | undefined;
  #sent = 0;
  #ackBytes = 0;
  readonly #acknowledged = Promise.withResolvers<void>();

  constructor(connection: number, messages: number, envelope: number) {
    const kind = envelope === 1 ? "single" : "envelopes";
    this.#messages = messages;
    this.#least = leastPackets[kind];
    const packets: Buffer[] = [];
    for (let index = 0; index < Math.min(different[kind], messages); index++) {
      const elements = Array.from({ length: envelope }, (_, element) =>
        reading(connection, index * envelope + element),
      );
      const payload = Buffer.from(envelope === 1 ? (elements[0] as string) : `[${elements.join()}]`);
      const packet = publishPacket(topics[connection] as string, payload, (index % window) + 1, { qos: 1 });
      packets.push(packet);
      this.#starts.push((this.#starts.at(-1) as number) + packet.length);
    }
    this.#packets = Buffer.concat(packets);
  }

  async open(port: number, name: string): Promise<void> {
    const opened = Promise.withResolvers<void>();
    const buffer = Buffer.alloc(64 * 1024);
    let isOpen = false;
    const socket = connect({
      port,
      host: "127.0.0.1",
      noDelay: true,
      onread: {
        buffer,
        callback: (bytes) => {
          if (isOpen) this.#take(buffer, bytes);
          else opened.resolve();
          isOpen = true;
          return true;
        },
      },
    });
    socket.once("close", () => this.#acknowledged.reject(new Error("the broker closed the connection")));
    await once(socket, "connect");
    const id = Buffer.from(name);
    const connectPacket = [0x10, 12 + id.length, 0, 4, ...Buffer.from("MQTT"), 4, 2, 0, 0, 0, id.length, ...id];
    socket.write(Buffer.from(connectPacket));
    await opened.promise;
    this.#socket = socket;
  }

  /** Resolves when every message is acknowledged. */
  publish(): Promise<void> {
    this.#send(window);
    return this.#acknowledged.promise;
  }

  #take(buffer: Buffer, bytes: number): void {
    // acknowledgements come in the order of the publishes; a wrong type would be an error of the broker
    if (this.#ackBytes % pubackBytes === 0 && buffer[0] !== 0x40) throw new Error("the broker sent something else");
    this.#ackBytes += bytes;
    const acknowledged = Math.floor(this.#ackBytes / pubackBytes);
    if (acknowledged >= this.#messages) return this.#acknowledged.resolve();
    const room = window - (this.#sent - acknowledged);
    if (room >= this.#least || this.#messages - this.#sent <= room) this.#send(room);
  }

  #send(count: number): void {
    const kinds = this.#starts.length - 1;
    let left = Math.min(count, this.#messages - this.#sent);
    while (left > 0) {
      const first = this.#sent % kinds;
      const packets = Math.min(left, kinds - first);
      this.#socket?.write(this.#packets.subarray(this.#starts[first], this.#starts[first + packets]));
      this.#sent += packets;
      left -= packets;
    }
  }
}

const [load] = (await once(process, "message")) as [Load];
const connections = topics.map((_, index) => new Connection(index, load.messages / topics.length, load.envelope));
await Promise.all(connections.map((connection, index) => connection.open(load.port, `publisher-${index}`)));
process.send?.("ready");
await once(process, "message");
await Promise.all(connections.map((connection) => connection.publish()));
process.send?.("acknowledged", () => process.exit());
