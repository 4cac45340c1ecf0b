import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Graph } from "@metercast/graph";
import type { DataFolder } from "../data-folder.ts";
import type { Workgroup } from "../declared/index.ts";
import { calls, type Call, type Caller, type Permissions } from "../permissions/index.ts";
import { keysOf, type ObjectStore } from "../s3/index.ts";
import { QueryAccess } from "./access.ts";
import { openCatalog, type Catalog, type Ran } from "./catalog.ts";
import { QueryError } from "./errors.ts";
import { s3Folder, type S3Folder } from "./glue-table.ts";
import { AthenaRefusal, isOver, type QueryExecution, type StartQuery } from "./query-execution.ts";
import type { ResultColumn } from "./result-file.ts";
import { failureOf } from "./failure.ts";
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

interface Execution {
  told: QueryExecution;
  output: S3Folder;
  caller: Caller | undefined;
  columns: ResultColumn[];
  isSelect: boolean;
  /** Whether somebody wants it to end. */
  stopped: boolean;
  over: Promise<void>;
  /** Of a SELECT whose rows do not become an object. */
  taken: Taken | undefined;
}

/** Who takes the rows of a SELECT: the columns in DuckDB's types, and what becomes of the Parquet file that has them. */
export interface Taken {
  columns: readonly { name: string; duckdbType: string }[];
  /** The file is gone when it has resolved. */
  take: (file: string) => Promise<void>;
}

/** Bytes of a query's text at most (Athena quotas). */
const queryBytes = 262_144;

/** Athena's reason of an execution that was stopped. */
const cancelled = "Query was cancelled by user";

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
  #catalog: Promise<Catalog> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(options: AthenaServiceOptions) {
    this.#options = options;
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
    let failure: unknown;
    const take = (file: string) =>
      taken.take(file).catch((error: unknown) => {
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
          if (reads.to !== undefined) await this.#requireEmpty(reads.to, access);
        },
      });
      await this.#deliver(execution, ran, folder, access);
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

  /** As if the rows had been written as an object and read from it. */
  async #handOver(
    { told, output, caller, taken }: Execution,
    ran: Extract<Ran, { kind: "rows" }>,
    access: QueryAccess,
    key: string,
  ): Promise<void> {
    const { bucket } = output;
    access.requireWrite(bucket, key);
    const refused =
      caller &&
      (this.#options.permissions.refusal(calls.readsQueryResults, caller, { workgroup: told.WorkGroup }) ??
        this.#options.permissions.refusal(calls.queryResultsAreRead, caller, { bucket, key }));
    if (refused) throw new QueryError(refused.message, { code: "PERMISSION_DENIED" });
    if (!ran.isSelect) throw new QueryError("Only the rows of a SELECT can be taken.", { code: "NOT_SUPPORTED" });
    await taken?.take(ran.file);
  }

  /** UNLOAD writes into nothing but an empty place (Athena user guide, UNLOAD). */
  async #requireEmpty(to: string, access: QueryAccess): Promise<void> {
    const target = targetOf(to);
    if (!this.#options.store.has(target.bucket)) {
      throw new QueryError(`Failed to write to ${to}: the specified bucket does not exist.`, {
        code: "HIVE_FILESYSTEM_ERROR",
      });
    }
    access.requireListing(target);
    access.requireWrite(target.bucket, `${target.prefix}/`);
    const [there] = await keysOf(this.#options.folder.bucket(target.bucket), `${target.prefix}/`);
    if (there === undefined) return;
    const left = `You may need to manually clean the data at location '${to}' before retrying. Athena will not delete data in your account.`;
    throw new QueryError(`Target directory already exists: ${to} holds ${there}. ${left}`, {
      code: "HIVE_PATH_ALREADY_EXISTS",
    });
  }

  /** Puts what a query wrote into its bucket. */
  async #deliver(execution: Execution, ran: Ran, folder: string, access: QueryAccess): Promise<void> {
    const { told, output } = execution;
    const { store } = this.#options;
    const id = told.QueryExecutionId;
    const place = output.prefix === "" ? id : `${output.prefix}/${id}`;
    const put = async (bucket: string, key: string, file: string) => {
      access.requireWrite(bucket, key);
      await store.adopt(bucket, key, file);
    };
    told.StatementType = ran.kind === "rows" && !ran.isSelect ? "UTILITY" : "DML";
    if (ran.kind === "rows") {
      const key = `${place}.${ran.isSelect ? "csv" : "txt"}`;
      told.ResultConfiguration.OutputLocation = `s3://${output.bucket}/${key}`;
      if (execution.taken) await this.#handOver(execution, ran, access, key);
      else await put(output.bucket, key, ran.file);
      execution.columns = ran.columns;
      execution.isSelect = ran.isSelect;
      return;
    }
    const target = targetOf(ran.to);
    const keys = ran.files.map(({ folder: below }) => `${target.prefix}/${below}${id.slice(0, 8)}_${randomUUID()}`);
    for (const [index, { path }] of ran.files.entries()) await put(target.bucket, keys[index] as string, path);
    const manifest = join(folder, "manifest");
    await writeFile(manifest, keys.map((key) => `s3://${target.bucket}/${key}\n`).join(""));
    await put(output.bucket, `${place}-manifest.csv`, manifest);
    told.ResultConfiguration.OutputLocation = `s3://${output.bucket}/${place}`;
    told.Statistics.DataManifestLocation = `s3://${output.bucket}/${place}-manifest.csv`;
  }
}

function invalid(message: string): AthenaRefusal {
  return new AthenaRefusal("InvalidRequestException", message);
}

function folderOf(location: string): S3Folder {
  return s3Folder(location) as S3Folder;
}

/** @throws QueryError for a place that is no folder of a bucket */
function targetOf(to: string): S3Folder {
  const target = s3Folder(to);
  if (target && target.prefix !== "") return target;
  throw new QueryError(`UNLOAD TO '${to}': it must be 's3://bucket/folder/'.`, { code: "INVALID_TABLE_PROPERTY" });
}

function executionOf(request: StartQuery, workgroup: Workgroup, output: S3Folder): QueryExecution {
  const { Database: database, Catalog: catalog } = request.QueryExecutionContext ?? {};
  return {
    QueryExecutionId: randomUUID(),
    Query: request.QueryString,
    WorkGroup: workgroup.name,
    QueryExecutionContext: {
      ...(database !== undefined && { Database: database }),
      Catalog: catalog?.toLowerCase() ?? "awsdatacatalog",
    },
    ResultConfiguration: { OutputLocation: `s3://${output.bucket}/${output.prefix}/` },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    EngineVersion: {
      SelectedEngineVersion: "Athena engine version 3",
      EffectiveEngineVersion: "Athena engine version 3",
    },
    Status: { State: "QUEUED", SubmissionDateTime: Date.now() },
    Statistics: {},
  };
}

function end(told: QueryExecution, state: "SUCCEEDED" | "FAILED" | "CANCELLED", reason?: string): void {
  told.Status.State = state;
  told.Status.CompletionDateTime = Date.now();
  if (reason !== undefined) told.Status.StateChangeReason = reason;
}

function fail(told: QueryExecution, error: Error): void {
  const { reason, ...athenaError } = failureOf(error, told.Query);
  end(told, "FAILED", reason);
  told.Status.AthenaError = { ...athenaError, Retryable: false, ErrorMessage: reason };
}
