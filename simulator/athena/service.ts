import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Graph } from "@metercast/graph";
import type { DataFolder } from "../data-folder.ts";
import type { Workgroup } from "../declared/index.ts";
import { calls, type Call, type Caller, type Permissions } from "../permissions/index.ts";
import type { ObjectStore } from "../s3/index.ts";
import { QueryAccess } from "./access.ts";
import type { Catalog } from "./catalog.ts";
import { openCatalog } from "./open-catalog.ts";
import { cancelled, end, executionOf, fail, type Execution, type Taken } from "./execution.ts";
import { s3Folder, type S3Folder } from "./glue-table.ts";
import { AthenaRefusal, isOver, type QueryExecution, type StartQuery } from "./query-execution.ts";
import type { ResultColumn } from "./result-file.ts";
import { ResultDelivery } from "./result-delivery.ts";
import type { Row } from "./rows.ts";

export interface AthenaServiceOptions {
  graph: Graph;
  folder: DataFolder;
  workgroups: ReadonlyMap<string, Workgroup>;
  permissions: Permissions;
  store: ObjectStore;
  /** Makes everything that was acknowledged before the call visible. */
  flush: () => Promise<void>;
  /** Executions that are remembered once they are over. */
  remembered?: number;
}

/** Bytes of a query's text at most (Athena quotas). */
const queryBytes = 262_144;

/** Executions of an account stay for 45 days; these are enough for a laptop. */
const remembered = 10_000;

/**
 * Athena's query executions. One runs at a time, in DuckDB's own threads and within its own memory, so that messages are
 * taken meanwhile; each sees everything that was acknowledged before it runs.
 */
export class AthenaService {
  readonly #options: AthenaServiceOptions;
  /** By id, in the order in which they began. */
  readonly #executions = new Map<string, Execution>();
  readonly #byToken = new Map<string, string>();
  readonly #delivery: ResultDelivery;
  #catalog: Promise<Catalog> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(options: AthenaServiceOptions) {
    this.#options = options;
    this.#delivery = new ResultDelivery(options.store, options.folder, options.permissions);
    rmSync(options.folder.queries, { recursive: true, force: true }); // what a killed simulator was writing
  }

  /**
   * Starts a query with the permissions of a caller.
   *
   * @param caller undefined for this machine's user, who may do everything
   * @returns its id
   * @throws AthenaRefusal
   */
  start(request: StartQuery, caller: Caller | undefined): string {
    return this.#start(request, caller, undefined);
  }

  /**
   * Runs a SELECT for a service of AWS that starts it, follows it and reads its result with the permissions of a caller.
   * Its rows go from hand to hand and not through an object: they may be many.
   *
   * @returns the execution when it is over
   * @throws AthenaRefusal, and what `take` throws
   */
  async select(request: StartQuery, caller: Caller, taken: Taken): Promise<QueryExecution> {
    let failure: Error | undefined;
    const take = (file: string) =>
      taken.take(file).catch((error: Error) => {
        failure = error;
        throw error;
      });
    const id = this.#start(request, caller, { ...taken, take });
    await this.finished(id);
    if (failure !== undefined) throw failure;
    return this.get(id, caller);
  }

  /** The rows of a SELECT for this machine's user, of what has been delivered. @throws QueryError */
  async query(sql: string): Promise<Row[]> {
    const catalog = await (this.#catalog ??= this.#open());
    return catalog.query(sql);
  }

  #start(request: StartQuery, caller: Caller | undefined, taken: Taken | undefined): string {
    const workgroup = this.#workgroup(request.WorkGroup ?? "primary", caller);
    if (Buffer.byteLength(request.QueryString) > queryBytes) {
      throw invalid(`Query string length is limited to ${queryBytes} bytes`);
    }
    const same = request.ClientRequestToken && this.#byToken.get(request.ClientRequestToken);
    if (same !== undefined && same !== "") {
      if (this.get(same).Query === request.QueryString) return same;
      throw invalid("Idempotent parameters do not match");
    }
    const output = this.#outputOf(workgroup, request, caller);
    const told = executionOf(request, workgroup, output);
    const execution = {
      told,
      output,
      caller,
      columns: [],
      isSelect: false,
      stopped: false,
      over: Promise.resolve(),
      taken,
    };
    this.#remember(execution, request.ClientRequestToken);
    execution.over = this.#last = this.#last.then(() => this.#execute(execution));
    return told.QueryExecutionId;
  }

  /** @throws AthenaRefusal */
  get(id: string, caller?: Caller): QueryExecution {
    const { told } = this.#find(id, calls.followsQuery, caller);
    return told;
  }

  /** Resolves when nothing more becomes of an execution. @throws AthenaRefusal */
  async finished(id: string): Promise<QueryExecution> {
    const execution = this.#find(id, calls.followsQuery, undefined);
    await execution.over;
    return execution.told;
  }

  /** Stops an execution that is not over. @throws AthenaRefusal */
  async stop(id: string, caller?: Caller): Promise<void> {
    const execution = this.#find(id, calls.stopsQuery, caller);
    if (isOver(execution.told)) return;
    execution.stopped = true;
    if (execution.told.Status.State === "QUEUED") end(execution.told, "CANCELLED", cancelled);
    // it may stand between two statements, where there is nothing to interrupt
    while (!isOver(execution.told)) {
      (await this.#catalog)?.interrupt();
      await Promise.race([execution.over, pause(20)]);
    }
  }

  /** Of an execution that succeeded: where its result is, and its columns. @throws AthenaRefusal */
  resultOf(id: string, caller?: Caller): { bucket: string; key: string; columns: ResultColumn[]; isSelect: boolean } {
    const { told, columns, isSelect } = this.#find(id, calls.readsQueryResults, caller);
    const { State: state } = told.Status;
    if (state !== "SUCCEEDED") {
      const why = isOver(told) ? "Query did not finish successfully" : "Query has not yet finished";
      throw invalid(`${why}. Current query state: ${state}${isOver(told) ? `. ${told.Status.StateChangeReason}` : ""}`);
    }
    const { bucket, prefix: key } = folderOf(told.ResultConfiguration.OutputLocation);
    const refused = caller && this.#options.permissions.refusal(calls.queryResultsAreRead, caller, { bucket, key });
    if (refused) throw new AthenaRefusal("AccessDeniedException", refused.message);
    return { bucket, key, columns, isSelect };
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    for (const { told } of this.#executions.values()) if (!isOver(told)) await this.stop(told.QueryExecutionId);
    await this.#last;
    await this.#catalog?.then(
      (catalog) => catalog.close(),
      () => undefined, // each query was told why it does not open
    );
    this.#catalog = undefined;
  }

  #workgroup(name: string, caller: Caller | undefined): Workgroup {
    const refused = caller && this.#options.permissions.refusal(calls.startsQuery, caller, { workgroup: name });
    if (refused) throw new AthenaRefusal("AccessDeniedException", refused.message);
    const found = this.#options.workgroups.get(name);
    if (found) return found;
    if (name !== "primary") throw invalid(`WorkGroup ${name} is not found.`);
    return { name, enforced: false, outputLocation: undefined, expectedBucketOwner: undefined };
  }

  #outputOf(workgroup: Workgroup, { ResultConfiguration }: StartQuery, caller: Caller | undefined): S3Folder {
    const asked = workgroup.enforced ? undefined : ResultConfiguration?.OutputLocation;
    const location = asked ?? workgroup.outputLocation;
    if (location === undefined) {
      throw invalid(
        "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.",
      );
    }
    const output = s3Folder(location);
    if (!output) throw invalid(`outputLocation is not a valid S3 path: ${location}`);
    const { permissions, store, graph } = this.#options;
    const unverified = `Unable to verify/create output bucket ${output.bucket}`;
    const owner = workgroup.expectedBucketOwner;
    if (owner !== undefined && owner !== graph.accountId) throw invalid(`${unverified}: its owner is not ${owner}`);
    const refused = caller && permissions.refusal(calls.queryFindsResultBucket, caller, { bucket: output.bucket });
    if (refused) throw invalid(`${unverified}. ${refused.message}`);
    if (!store.has(output.bucket)) throw invalid(`${unverified}: it does not exist`);
    return output;
  }

  #remember(execution: Execution, token: string | undefined): void {
    const id = execution.told.QueryExecutionId;
    this.#executions.set(id, execution);
    if (token !== undefined) this.#byToken.set(token, id);
    const oldest = this.#executions.values().next().value;
    if (!oldest || this.#executions.size <= (this.#options.remembered ?? remembered) || !isOver(oldest.told)) return;
    this.#executions.delete(oldest.told.QueryExecutionId);
  }

  #find(id: string, call: Call<{ workgroup: string }>, caller: Caller | undefined): Execution {
    const execution = this.#executions.get(id);
    if (!execution) throw invalid(`QueryExecution ${id} was not found`);
    const workgroup = execution.told.WorkGroup;
    const refused = caller && this.#options.permissions.refusal(call, caller, { workgroup });
    if (refused) throw new AthenaRefusal("AccessDeniedException", refused.message);
    return execution;
  }

  async #execute(execution: Execution): Promise<void> {
    const { told, caller } = execution;
    if (isOver(told)) return;
    const started = Date.now();
    told.Status.State = "RUNNING";
    told.Statistics.QueryQueueTimeInMillis = started - told.Status.SubmissionDateTime;
    const folder = join(this.#options.folder.queries, told.QueryExecutionId);
    const access = new QueryAccess(this.#options.permissions, caller);
    try {
      await this.#options.flush();
      mkdirSync(folder, { recursive: true });
      const catalog = await (this.#catalog ??= this.#open());
      const ran = await catalog.run(told.Query, {
        database: told.QueryExecutionContext.Database,
        parquet: execution.taken?.columns,
        folder,
        reading: async (reads) => {
          if (execution.stopped) throw new Error(cancelled);
          access.requireReads(reads);
          if (reads.to !== undefined) await this.#delivery.requireEmpty(reads.to, access);
        },
      });
      await this.#delivery.deliver(execution, ran, folder, access);
      end(told, "SUCCEEDED");
    } catch (error) {
      if (execution.stopped) end(told, "CANCELLED", cancelled);
      else fail(told, error as Error);
    } finally {
      told.Statistics.EngineExecutionTimeInMillis = Date.now() - started;
      told.Statistics.TotalExecutionTimeInMillis = Date.now() - told.Status.SubmissionDateTime;
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #open(): Promise<Catalog> {
    const { graph, folder } = this.#options;
    mkdirSync(folder.queries, { recursive: true });
    return openCatalog({ graph, bucketFolder: (bucket) => folder.bucket(bucket), outputFolder: folder.queries });
  }
}

function invalid(message: string): AthenaRefusal {
  return new AthenaRefusal("InvalidRequestException", message);
}

function folderOf(location: string): S3Folder {
  return s3Folder(location) as S3Folder;
}
