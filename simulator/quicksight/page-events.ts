import type { ServerResponse } from "node:http";
import type { PageEvents } from "../../page/api.ts";

/** Browsers that may listen at once: each tab is one. */
const mostListeners = 64;

const heartbeatMilliseconds = 15_000;

/** Server-sent events (HTML Living Standard, 9.2) to every open page. */
export class PageListeners {
  readonly #listeners = new Set<ServerResponse>();
  readonly #started = Date.now();
  readonly #heartbeat: NodeJS.Timeout;

  constructor() {
    this.#heartbeat = setInterval(() => this.tell("heartbeat", { started: this.#started }), heartbeatMilliseconds);
    this.#heartbeat.unref();
  }

  get count(): number {
    return this.#listeners.size;
  }

  /** Answers a request with events from now on. @returns false where there are too many already */
  add(response: ServerResponse, headers: Readonly<Record<string, string>>): boolean {
    if (this.#listeners.size >= mostListeners) return false;
    response.writeHead(200, { ...headers, "content-type": "text/event-stream", "cache-control": "no-store" });
    response.on("close", () => this.#listeners.delete(response));
    this.#listeners.add(response);
    // how long a browser waits before it asks again, when the simulator has gone
    response.write(`retry: 1000\n${eventText("heartbeat", { started: this.#started })}`);
    return true;
  }

  tell<Name extends keyof PageEvents>(name: Name, data: PageEvents[Name]): void {
    const text = eventText(name, data);
    for (const listener of this.#listeners) listener.write(text);
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const listener of this.#listeners) listener.end();
  }
}

function eventText<Name extends keyof PageEvents>(name: Name, data: PageEvents[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
