import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Evaluation, Graph } from "@metercast/graph";
import { replaceFile } from "./durable-file.ts";

/**
 * Where everything that a simulator keeps lives:
 *
 * - `graph.json`, `assets/<sha256>`: what was declared when it last ran
 * - `log/`: the write-ahead log of what clients published
 * - `streams/<name>/`: how far each delivery stream has come, what it is about to deliver, and which records its channel
 *   holds
 * - `buckets/<bucket>/<key>`: the objects of the declared buckets
 * - `object-headers/`: what objects have beside their bytes, where they have any; `uploads/`: objects that are received
 * - `executions/<machine>/`: executions of the state machines, and their histories
 * - `notifications/`: what was published to topics and sent as e-mail, which goes to nobody
 * - `processing-jobs/<name>/`: what became of a processing job, and its log
 * - `spice/<data set>/`: the last complete import of a data set of the dashboard
 * - `queries/`: what Athena's queries are about to put into a bucket
 * - `queues/<queue>.jsonl`: messages of queues
 * - `functions/`: the unpacked code of the declared functions, `function-logs/`: what they print, `function-files/`: what
 *   they keep in their /tmp while they run
 * - `delivery-logs/`: what delivery streams log of their errors
 * - `replacement/`: what a reprocessing is about to put in the place of objects
 * - `lock`: who holds the folder
 */
export class DataFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * @throws DataFolderError where the path is a file or cannot be made, or a file stands where it has a folder
   */
  static open(path: string, options: { create: boolean }): DataFolder {
    const folder = new DataFolder(resolve(path));
    const stat = statSync(folder.path, { throwIfNoEntry: false });
    if (stat && !stat.isDirectory()) {
      throw new DataFolderError(`${folder.path} is a file, not a folder: name another place with --data.`);
    }
    if (!stat && !options.create) {
      throw new DataFolderError(
        `There is no data folder ${folder.path}: run \`npm start\` first, or name it with --data.`,
      );
    }
    try {
      // Node looks for missing parents for ever where a folder is there and takes none, as /proc does
      mkdirSync(folder.path, { recursive: !existsSync(dirname(folder.path)) || stat !== undefined });
    } catch (error) {
      throw new DataFolderError(
        `The data folder ${folder.path} cannot be made (${(error as NodeJS.ErrnoException).code}): name another place with --data.`,
      );
    }
    for (const place of ["assets", "buckets", "executions", "function-logs", "functions", "loads", "log", "streams"]) {
      const inside = join(folder.path, place);
      if (statSync(inside, { throwIfNoEntry: false })?.isFile()) {
        throw new DataFolderError(
          `${inside} is a file where the simulator keeps a folder: move it away, or name another place with --data.`,
        );
      }
    }
    return folder;
  }

  get log(): string {
    return join(this.path, "log");
  }
  get lock(): string {
    return join(this.path, "lock");
  }
  get functions(): string {
    return join(this.path, "functions");
  }
  /** What running functions keep in their /tmp. */
  get functionFiles(): string {
    return join(this.path, "function-files");
  }
  get functionLogs(): string {
    return join(this.path, "function-logs");
  }
  get deliveryLogs(): string {
    return join(this.path, "delivery-logs");
  }
  get executions(): string {
    return join(this.path, "executions");
  }
  /** Messages of queues. */
  get queues(): string {
    return join(this.path, "queues");
  }
  stream(name: string): string {
    return join(this.path, "streams", name);
  }
  /** Which records an object of a stream's channel holds. */
  recordIndex(stream: string, key: string): string {
    return join(this.stream(stream), "records", `${basename(key)}.csv.gz`);
  }
  /** What is being put in the place of objects that there are. */
  get replacement(): string {
    return join(this.path, "replacement");
  }
  /** What objects have beside their bytes. */
  get objectHeaders(): string {
    return join(this.path, "object-headers");
  }
  /** A processing job: what became of it, its log, and its container while it runs. */
  processingJob(name: string): string {
    return join(this.path, "processing-jobs", name);
  }
  /** What was published to topics. */
  get notifications(): string {
    return join(this.path, "notifications", "messages.jsonl");
  }
  /** E-mails that functions sent. */
  get emails(): string {
    return join(this.path, "notifications", "emails.jsonl");
  }
  /** The import of a data set; of all of them, without one. */
  spice(dataSet = ""): string {
    return join(this.path, "spice", dataSet);
  }
  /** What queries write before it is in a bucket. */
  get queries(): string {
    return join(this.path, "queries");
  }
  /** Objects that are being received. */
  get uploads(): string {
    return join(this.path, "uploads");
  }
  bucket(name: string): string {
    return join(this.path, "buckets", name);
  }
  asset(hash: string): string {
    return join(this.path, "assets", hash);
  }

  /** The graph that the folder was last run with; undefined in a new folder. */
  storedGraph(): Graph | undefined {
    const file = join(this.path, "graph.json");
    if (!existsSync(file)) return undefined;
    try {
      return JSON.parse(readFileSync(file, "utf8")) as Graph;
    } catch (error) {
      throw new DataFolderError(
        `${file} cannot be read (${(error as Error).message}): \`npm start\` writes it anew when it is moved away, or name another place with --data.`,
      );
    }
  }

  /** Keeps what is about to run, so that a query or a later start needs no program. */
  storeEvaluation({ graph, assets }: Evaluation): void {
    for (const [hash, bytes] of assets) {
      if (existsSync(this.asset(hash))) continue;
      mkdirSync(join(this.path, "assets"), { recursive: true });
      replaceFile(this.asset(hash), bytes);
    }
    replaceFile(join(this.path, "graph.json"), JSON.stringify(graph));
  }
}

/** Something is wrong with the data folder; the message is one sentence that says what to do. */
export class DataFolderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DataFolderError";
  }
}

/** What a person reads when nothing more can be written. */
export function diskFull(folder: DataFolder): DataFolderError {
  return new DataFolderError(
    `The disk that holds ${folder.path} is full: free some space and start again; every acknowledged message is kept.`,
  );
}
