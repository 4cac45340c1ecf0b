import type { Graph } from "@metercast/graph";
import type { DataFolder } from "../data-folder.ts";
import { readGraph } from "../declared/index.ts";
import { entryKinds, type PlacedEntry } from "../log/entry.ts";
import { LogReader } from "../log/reader.ts";
import { removeSegmentsBefore } from "../log/segments.ts";
import { Permissions, type Decision } from "../permissions/index.ts";
import { recordId, Router, type Put } from "../rules/router.ts";
import { counters, type Traffic } from "../traffic.ts";
import { Stage } from "./stage.ts";
import { StreamFactory } from "./stream-factory.ts";
import type { Stream } from "./stream.ts";
import { Unrouted } from "./unrouted.ts";

export interface DeliveryOptions {
  graph: Graph;
  folder: DataFolder;
  /** Where the functions' own AWS calls go. */
  endpoint: string;
  /** Position before which the log is durable and may be read; its writer moves it on. */
  durableEnd: () => number;
  /** The share of a declared buffer interval that is waited here. */
  timeScale: number;
  /** What passes is counted there. */
  traffic: Traffic;
  /** Called once for each call between resources that is allowed or refused here. */
  decided: (decision: Decision) => void;
}

interface Flush {
  /** What has to be delivered before the answer. */
  target: number;
  rounds: number;
  done: () => void;
}

/**
 * Follows the log: sends each message through the rules and each record through its delivery stream. It keeps nothing
 * that it cannot make again from the log, apart from what the streams have committed.
 */
export class Delivery {
  readonly #folder: DataFolder;
  readonly #router: Router;
  readonly #factory: StreamFactory;
  readonly #streams = new Map<string, Stream>();
  readonly #traffic: Traffic;
  /** Keys of the counters, since a record that makes a text is slower. */
  readonly #counters: { rule: Map<string, string>; received: Map<string, string> };
  readonly #unrouted: Unrouted;
  readonly #reader: LogReader;
  readonly #durableEnd: () => number;
  #flushes: Flush[] = [];
  #closing = false;
  #wake: () => void = () => {};

  constructor({ graph, folder, endpoint, durableEnd, timeScale, traffic, decided }: DeliveryOptions) {
    this.#folder = folder;
    this.#durableEnd = durableEnd;
    const declared = readGraph(graph);
    this.#traffic = traffic;
    this.#counters = {
      rule: new Map(declared.rules.map(({ name }) => [name, counters.rule(name)])),
      received: new Map([...declared.streams.keys()].map((name) => [name, counters.received(name)])),
    };
    const permissions = new Permissions(graph, decided);
    this.#router = new Router(declared, permissions, graph.region, graph.accountId);
    this.#factory = new StreamFactory({ declared, permissions, folder, region: graph.region, endpoint, timeScale });
    for (const stream of declared.streams.values()) {
      this.#streams.set(stream.name, this.#factory.create(stream, new Stage(folder, stream.name)));
    }
    this.#unrouted = new Unrouted(folder);
    this.#reader = new LogReader(folder.log, this.#committed());
  }

  /** Says that the log has grown. */
  wake(): void {
    this.#wake();
  }

  /** Resolves when everything that was durable before the call can be queried. */
  flush(): Promise<void> {
    return new Promise((done) => {
      this.#flushes.push({ target: this.#durableEnd(), rounds: 0, done });
      this.#wake();
    });
  }

  /** Follows the log until `close`. @throws what makes delivery impossible, such as a full disk */
  async run(): Promise<void> {
    while (!this.#closing) {
      for (const entry of this.#reader.read(this.#durableEnd())) await this.#take(entry);
      await this.#deliverDue();
      await this.#answerFlushes();
      if (!this.#hasWork()) await this.#somethingToDo();
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#wake();
    this.#reader.close();
    await this.#factory.close();
  }

  async #take(entry: PlacedEntry): Promise<void> {
    const puts = entry.kind === entryKinds.put ? [putOf(entry)] : this.#router.route(entry);
    if (puts.length === 0 && entry.position >= this.#unrouted.position) this.#unrouted.count++;
    for (const { stream: name, rule, recordId, data } of puts) {
      this.#traffic.add(this.#counters.received.get(name) ?? "");
      if (rule !== undefined) this.#traffic.add(this.#counters.rule.get(rule) ?? "");
      const stream = this.#streams.get(name);
      if (!stream) throw new Error(`The log holds a record for the delivery stream ${name}, which is not declared.`);
      if (entry.position >= stream.position) stream.add({ recordId, arrival: entry.received, data });
    }
    for (const stream of this.#streams.values()) {
      if (stream.isBusy) await stream.ready();
      // only here has every stream all that this entry gives it
      if (stream.isFull) await stream.deliver(entry.end);
    }
  }

  async #deliverDue(): Promise<void> {
    const now = Date.now();
    const due = [...this.#streams.values()].filter((stream) => stream.dueAt <= now);
    if (due.length > 0) await this.#deliver(due);
  }

  async #deliver(streams: Stream[]): Promise<void> {
    const { position } = this.#reader;
    for (const stream of streams) await stream.deliver(position);
    for (const stream of this.#streams.values()) if (stream.isEmpty) await stream.deliver(position);
    this.#unrouted.save(position);
    removeSegmentsBefore(this.#folder.log, this.#committed());
  }

  /**
   * A delivered batch may have made a function put records to another stream, so one delivery may call for the next;
   * no chain of streams is longer than their number.
   */
  async #answerFlushes(): Promise<void> {
    const ready = this.#flushes.filter(({ target }) => target <= this.#reader.position);
    if (ready.length === 0) return;
    await this.#deliver([...this.#streams.values()]);
    const end = this.#durableEnd();
    for (const flush of ready) {
      flush.rounds++;
      if (end > this.#reader.position && flush.rounds < this.#streams.size) {
        flush.target = end;
      } else {
        this.#flushes.splice(this.#flushes.indexOf(flush), 1);
        flush.done();
      }
    }
  }

  #hasWork(): boolean {
    return (
      this.#closing ||
      this.#reader.position < this.#durableEnd() ||
      this.#flushes.some(({ target }) => target <= this.#reader.position)
    );
  }

  #committed(): number {
    return Math.min(this.#unrouted.position, ...[...this.#streams.values()].map(({ position }) => position));
  }

  #somethingToDo(): Promise<void> {
    const due = Math.min(...[...this.#streams.values()].map(({ dueAt }) => dueAt));
    return new Promise((resolve) => {
      const timer = Number.isFinite(due) ? setTimeout(resolve, Math.max(0, due - Date.now())) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function putOf(entry: PlacedEntry): Put {
  return { stream: entry.address, recordId: recordId(entry), data: Buffer.from(entry.payload) };
}
