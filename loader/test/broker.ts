import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { Aedes } from "aedes";

/** An MQTT broker for a test. */
export interface Broker {
  url: string;
  port: number;
  messages: { topic: string; payload: string; qos: number }[];
  clients: Set<string>;
  /** Ends all connections; new ones are taken. */
  drop(): void;
  close(): Promise<void>;
}

/**
 * @param accept called with each message's number, from 1; false ends its connection without an acknowledgement
 * @param port 0: any that is free
 * @param delay of each acknowledgement, milliseconds
 */
export async function startBroker(
  accept: (number: number) => boolean = () => true,
  port = 0,
  delay = 0,
): Promise<Broker> {
  const messages: Broker["messages"] = [];
  const clients = new Set<string>();
  const sockets = new Set<Socket>();
  let number = 0;
  const aedes = await Aedes.createBroker({
    authorizePublish(client, packet, callback) {
      if (!accept(++number)) {
        callback(new Error("refused"));
        return;
      }
      if (client !== null) clients.add(client.id);
      messages.push({ topic: packet.topic, payload: packet.payload.toString(), qos: packet.qos });
      if (delay === 0) callback(null);
      else setTimeout(callback, delay, null);
    },
  });
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: bound } = server.address() as AddressInfo;
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `mqtt://127.0.0.1:${String(bound)}`,
    port: bound,
    messages,
    clients,
    drop,
    close: async () => {
      drop();
      await new Promise((resolve) => server.close(resolve));
      await new Promise<void>((resolve) => aedes.close(resolve));
    },
  };
}
