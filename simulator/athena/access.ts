import { calls, type Call, type Caller, type Permissions } from "../permissions/index.ts";
import type { Reads } from "./catalog.ts";
import { QueryError } from "./errors.ts";
import type { S3Folder } from "./glue-table.ts";

/** What a query does with the permissions of who started it; without a caller everything is allowed. */
export class QueryAccess {
  readonly #permissions: Permissions;
  readonly #caller: Caller | undefined;

  constructor(permissions: Permissions, caller: Caller | undefined) {
    this.#permissions = permissions;
    this.#caller = caller;
  }

  /**
   * Whether it may read its tables: of the objects of a folder one stands for all.
   *
   * @throws QueryError as Athena's reason
   */
  requireReads({ tables, objects, folders }: Reads): void {
    const hidden = (message: string) =>
      new QueryError(`Insufficient permissions to execute the query. ${message}`, { code: "GENERIC_USER_ERROR" });
    this.#require(calls.queryFindsCatalog, {}, hidden);
    this.#require(calls.queryFindsDefaultDatabase, {}, hidden);
    for (const database of new Set(tables.map((table) => table.database))) {
      this.#require(calls.queryReadsDatabase, { database }, hidden);
    }
    for (const { database, name: table } of tables) this.#require(calls.queryReadsTable, { database, table }, hidden);
    for (const folder of folders) this.requireListing(folder);
    const asked = new Set<string>();
    for (const { bucket, key } of objects) {
      const folder = `${bucket}/${key.slice(0, key.lastIndexOf("/") + 1)}`;
      if (asked.has(folder)) continue;
      asked.add(folder);
      this.#require(calls.queryReadsData, { bucket, key }, unreadable(`s3://${bucket}/${key}`));
    }
  }

  /** @throws QueryError */
  requireListing({ bucket, prefix }: S3Folder): void {
    const target = { bucket, prefix: prefix === "" ? "" : `${prefix}/` };
    this.#require(calls.queryListsData, target, unreadable(`s3://${bucket}/${target.prefix}`));
  }

  /** @throws QueryError */
  requireWrite(bucket: string, key: string): void {
    const refused = (message: string) =>
      new QueryError(`Access denied when writing output to url: s3://${bucket}/${key} . ${message}`, {
        code: "PERMISSION_DENIED",
      });
    this.#require(calls.queryWritesResult, { bucket, key }, refused);
  }

  /** @throws what `error` makes of AWS's sentence */
  #require<Target>(call: Call<Target>, target: Target, error: (message: string) => Error): void {
    const refused = this.#caller && this.#permissions.refusal(call, this.#caller, target);
    if (refused) throw error(refused.message);
  }
}

function unreadable(path: string): (message: string) => QueryError {
  return (message) =>
    new QueryError(`Permission denied on S3 path: ${path} (${message})`, { code: "PERMISSION_DENIED" });
}
