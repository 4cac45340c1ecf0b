import type { PageEvents } from "../api.ts";

/** What happens in the simulator, as it happens. */
export interface Listener {
  imported(event: PageEvents["imported"]): void;
  execution(event: PageEvents["execution"]): void;
  status(): void;
  /** It answers again after it was gone; `restarted` where it is another process. What happened meanwhile was not told. */
  back(restarted: boolean): void;
  gone(): void;
}

const retryMilliseconds = 1500;

/** Listens to the simulator's events, and asks for them again as long as they are gone. */
export class Connection {
  readonly #listener: Listener;
  #started: number | undefined;
  #isGone = false;

  constructor(listener: Listener) {
    this.#listener = listener;
    this.#open();
  }

  #open(): void {
    const source = new EventSource("/api/events");
    const on = <Name extends keyof PageEvents>(name: Name, take: (data: PageEvents[Name]) => void) =>
      source.addEventListener(name, (event: MessageEvent<string>) => take(JSON.parse(event.data) as PageEvents[Name]));
    on("imported", (event) => this.#listener.imported(event));
    on("execution", (event) => this.#listener.execution(event));
    on("status", () => this.#listener.status());
    on("heartbeat", ({ started }) => {
      const restarted = this.#started !== undefined && this.#started !== started;
      this.#started = started;
      if (!this.#isGone && !restarted) return;
      this.#isGone = false;
      this.#listener.back(restarted);
    });
    source.addEventListener("error", () => {
      // some browsers give up at the first refusal, so that asking again is left to nobody else
      source.close();
      setTimeout(() => this.#open(), retryMilliseconds);
      if (this.#isGone) return;
      this.#isGone = true;
      this.#listener.gone();
    });
  }
}
