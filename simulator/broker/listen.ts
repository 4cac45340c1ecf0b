import type { AddressInfo, Server } from "node:net";

/** A port that cannot be listened on; the message says what to do. */
export class PortError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PortError";
  }
}

/**
 * Listens on 127.0.0.1 only.
 *
 * @param port 0 for any that is free
 * @param option the command-line option that chooses the port
 * @returns the port
 * @throws PortError when it is taken or may not be used
 */
export async function listenOnLoopback(server: Server, port: number, option: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(portError(error, port, option)));
    server.listen({ port, host: "127.0.0.1" }, resolve);
  });
  return (server.address() as AddressInfo).port;
}

function portError(error: NodeJS.ErrnoException, port: number, option: string): Error {
  if (error.code === "EADDRINUSE") {
    return new PortError(
      `Port ${port} is in use: choose another with ${option} N, or ${option} 0 for any that is free.`,
    );
  }
  if (error.code === "EACCES") {
    return new PortError(`Port ${port} may not be used by this user: choose another with ${option} N, above 1023.`);
  }
  return error;
}
