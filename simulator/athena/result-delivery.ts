import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DataFolder } from "../data-folder.ts";
import { calls, type Permissions } from "../permissions/index.ts";
import { keysOf, type ObjectStore } from "../s3/index.ts";
import type { QueryAccess } from "./access.ts";
import type { Ran } from "./catalog.ts";
import { QueryError } from "./errors.ts";
import type { Execution } from "./execution.ts";
import { s3Folder, type S3Folder } from "./glue-table.ts";

/** What queries write, from this machine's files to their places in buckets. */
export class ResultDelivery {
  readonly #store: ObjectStore;
  readonly #folder: DataFolder;
  readonly #permissions: Permissions;

  constructor(store: ObjectStore, folder: DataFolder, permissions: Permissions) {
    this.#store = store;
    this.#folder = folder;
    this.#permissions = permissions;
  }

  /** UNLOAD writes into nothing but an empty place (Athena user guide, UNLOAD). */
  async requireEmpty(to: string, access: QueryAccess): Promise<void> {
    const target = targetOf(to);
    if (!this.#store.has(target.bucket)) {
      throw new QueryError(`Failed to write to ${to}: the specified bucket does not exist.`, {
        code: "HIVE_FILESYSTEM_ERROR",
      });
    }
    access.requireListing(target);
    access.requireWrite(target.bucket, `${target.prefix}/`);
    const [there] = await keysOf(this.#folder.bucket(target.bucket), `${target.prefix}/`);
    if (there === undefined) return;
    const left = `You may need to manually clean the data at location '${to}' before retrying. Athena will not delete data in your account.`;
    throw new QueryError(`Target directory already exists: ${to} holds ${there}. ${left}`, {
      code: "HIVE_PATH_ALREADY_EXISTS",
    });
  }

  /** Puts what a query wrote into its bucket. */
  async deliver(execution: Execution, ran: Ran, folder: string, access: QueryAccess): Promise<void> {
    const { told, output } = execution;
    const id = told.QueryExecutionId;
    const place = output.prefix === "" ? id : `${output.prefix}/${id}`;
    const put = async (bucket: string, key: string, file: string) => {
      access.requireWrite(bucket, key);
      await this.#store.adopt(bucket, key, file);
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
      (this.#permissions.refusal(calls.readsQueryResults, caller, { workgroup: told.WorkGroup }) ??
        this.#permissions.refusal(calls.queryResultsAreRead, caller, { bucket, key }));
    if (refused) throw new QueryError(refused.message, { code: "PERMISSION_DENIED" });
    if (!ran.isSelect) throw new QueryError("Only the rows of a SELECT can be taken.", { code: "NOT_SUPPORTED" });
    await taken?.take(ran.file);
  }
}

/** @throws QueryError for a place that is no folder of a bucket */
function targetOf(to: string): S3Folder {
  const target = s3Folder(to);
  if (target && target.prefix !== "") return target;
  throw new QueryError(`UNLOAD TO '${to}': it must be 's3://bucket/folder/'.`, { code: "INVALID_TABLE_PROPERTY" });
}
