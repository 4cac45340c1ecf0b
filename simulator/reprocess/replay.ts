import type { Graph } from "@metercast/graph";
import { HttpEndpoint, type Answer } from "../broker/http.ts";
import { refusesPut, type PutRequest } from "../broker/put-records.ts";
import type { DataFolder } from "../data-folder.ts";
import { readGraph, type Declared } from "../declared/index.ts";
import { StreamFactory } from "../delivery/stream-factory.ts";
import type { Staging } from "../delivery/stage.ts";
import type { Stream } from "../delivery/stream.ts";
import type { StreamRecord } from "../delivery/transform.ts";
import { Invocations } from "../lambda/invocations.ts";
import { Permissions, sentenceOf } from "../permissions/index.ts";
import { ObjectStore, S3Endpoint } from "../s3/index.ts";

/**
 * The delivery streams of a graph without its log: records go through one of them, what its function puts to others goes
 * through those, and everything that is delivered is staged. The record that goes through keeps its id and arrival, and
 * stays in the channel, which gets no second copy.
 */
export class Replay {
  readonly declared: Declared;
  readonly #graph: Graph;
  readonly #permissions: Permissions;
  readonly #streams = new Map<string, Stream>();
  readonly #endpoint: HttpEndpoint;
  #factory: StreamFactory | undefined;
  #invocations: Invocations | undefined;
  #objects: S3Endpoint | undefined;
  #puts = 0;

  private constructor(graph: Graph, warn: (sentence: string) => void) {
    this.#graph = graph;
    this.declared = readGraph(graph);
    this.#permissions = new Permissions(graph, (decision) => {
      if (!decision.allowed) warn(sentenceOf(decision));
    });
    const notServed = () => Promise.resolve({ status: 503, body: { message: "the channel is being reprocessed" } });
    this.#endpoint = new HttpEndpoint({
      publish: () => Promise.reject(new Error("no messages are taken while the channel is reprocessed")),
      putRecords: (request) => this.#putRecords(request),
      invoke: (request) => this.#invocations?.answer(request) ?? notServed(),
      objects: (...request) => this.#objects?.answer(...request) ?? Promise.reject(new Error("the replay is starting")),
      states: () => Promise.reject(new Error("no state machine runs while the channel is reprocessed")),
      queries: () => Promise.reject(new Error("no query runs while the channel is reprocessed")),
      emails: () => Promise.reject(new Error("no e-mail is sent while the channel is reprocessed")),
      flush: () => Promise.reject(new Error("the channel is being reprocessed")),
    });
  }

  /** @throws DeclarationError */
  static async start(
    graph: Graph,
    folder: DataFolder,
    stage: Staging,
    warn: (sentence: string) => void,
  ): Promise<Replay> {
    const replay = new Replay(graph, warn);
    const endpoint = `http://127.0.0.1:${await replay.#endpoint.listen(0)}`;
    const { declared } = replay;
    const permissions = replay.#permissions;
    const store = new ObjectStore(folder, declared.buckets);
    replay.#objects = new S3Endpoint(store, folder, declared, permissions, graph.accountId);
    replay.#invocations = new Invocations(declared, permissions, graph, folder, endpoint);
    const { region } = graph;
    replay.#factory = new StreamFactory({ declared, permissions, folder, region, endpoint, timeScale: 0 });
    for (const stream of declared.streams.values()) {
      replay.#streams.set(stream.name, replay.#factory.create({ ...stream, backup: undefined }, stage));
    }
    return replay;
  }

  async add(name: string, record: StreamRecord): Promise<void> {
    const stream = this.#stream(name);
    if (stream.isBusy) await stream.ready();
    stream.add(record);
  }

  /** Delivers what a stream has. */
  async deliver(name: string): Promise<void> {
    await this.#stream(name).deliver(0);
  }

  /** Delivers what every stream has; what a function puts to another stream meanwhile is delivered in the next round. */
  async deliverAll(): Promise<void> {
    for (let round = 0; round <= this.#streams.size; round++) {
      for (const stream of this.#streams.values()) if (!stream.isEmpty) await stream.deliver(0);
    }
  }

  async close(): Promise<void> {
    await this.#factory?.close();
    await this.#invocations?.close();
    await this.#endpoint.close();
  }

  #stream(name: string): Stream {
    const stream = this.#streams.get(name);
    if (!stream) throw new Error(`there is no delivery stream ${name}`);
    return stream;
  }

  async #putRecords(request: PutRequest): Promise<Answer> {
    const refused = refusesPut(request, this.declared, this.#permissions, this.#graph.accountId);
    if (refused) return refused;
    const { stream, records } = request;
    for (const data of records) {
      const recordId = `reprocessed-${String(++this.#puts).padStart(12, "0")}`;
      await this.add(stream, { recordId, arrival: Date.now(), data });
    }
    const responses = records.map(() => ({ RecordId: crypto.randomUUID() }));
    return { status: 200, body: { FailedPutCount: 0, RequestResponses: responses, RecordId: responses[0]?.RecordId } };
  }
}
