import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import type { Graph } from "@metercast/graph";
import { resolve } from "node:path";
import { DeclarationError } from "../declared/read.ts";
import { translate, type TableName } from "./dialect.ts";
import { list, QueryError } from "./errors.ts";
import { glueTableOf, type FileTable, type View } from "./glue-table.ts";
import { quoteName, quoteText } from "./quote.ts";
import { jsonOf, type Row } from "./rows.ts";
import { emptyScan, scanOf } from "./scan.ts";

export interface CatalogOptions {
  graph: Graph;
  /** The folder that holds a bucket's objects, each at its key. */
  bucketFolder: (bucket: string) => string;
  /**
   * The database of tables that are named without one.
   *
   * @default the declared one, where there is just one
   */
  database?: string;
  /** The time by which a projection's NOW goes. */
  now?: () => Date;
}

/** The declared Glue tables and views over the files that are there now. */
export interface Catalog {
  /**
   * The rows of one SELECT, SHOW, DESCRIBE or EXPLAIN in Athena's SQL. Every call sees the files of its moment.
   *
   * @throws QueryError
   */
  query(sql: string): Promise<Row[]>;
  close(): void;
}

/**
 * Opens what Athena would see of a graph. Nothing of the files is read before the first query.
 *
 * @throws DeclarationError for a table or view that Athena could not read, or that the simulator does not know how to
 */
export async function openCatalog(options: CatalogOptions): Promise<Catalog> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "2",
    memory_limit: "512MB",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  try {
    const catalog = new DuckDBCatalog(options, connection);
    await catalog.setUp();
    return { query: (sql) => catalog.query(sql), close };
  } catch (error) {
    close();
    throw error;
  }

  function close(): void {
    connection.closeSync();
    instance.closeSync();
  }
}

class DuckDBCatalog {
  readonly #tables = new Map<string, FileTable | View>();
  readonly #databases = new Set<string>();
  readonly #defaultDatabase: string | undefined;
  readonly #options: CatalogOptions;
  readonly #connection: DuckDBConnection;
  /** The tables and views that a view reads. */
  readonly #readBy = new Map<View, TableName[]>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: CatalogOptions, connection: DuckDBConnection) {
    this.#options = options;
    this.#connection = connection;
    for (const resource of options.graph.resources) {
      if (resource.type === "aws:glue/catalogDatabase:CatalogDatabase") {
        this.#databases.add(String(resource.outputs["name"] ?? resource.inputs["name"]).toLowerCase());
      }
    }
    for (const resource of options.graph.resources) {
      if (resource.type !== "aws:glue/catalogTable:CatalogTable") continue;
      const table = glueTableOf(resource);
      if (!this.#databases.has(table.database)) {
        throw new DeclarationError(
          resource,
          `databaseName is ${table.database}; declared are ${list([...this.#databases])}`,
        );
      }
      if (this.#tables.has(keyOf(table))) {
        throw new DeclarationError(resource, `the table ${table.name} of ${table.database} is declared twice`);
      }
      this.#tables.set(keyOf(table), table);
    }
    this.#defaultDatabase =
      options.database?.toLowerCase() ?? (this.#databases.size === 1 ? [...this.#databases][0] : undefined);
  }

  async setUp(): Promise<void> {
    const run = (sql: string) => this.#connection.run(sql);
    await run("SET TimeZone = 'UTC'");
    const folders = new Set<string>();
    for (const table of this.#tables.values()) {
      if (table.kind === "files") {
        const bucket = table.projection?.bucket ?? table.location.bucket;
        folders.add(resolve(this.#options.bucketFolder(bucket)));
      }
    }
    await run(`SET allowed_directories = [${[...folders].map((folder) => quoteText(`${folder}/`)).join(", ")}]`);
    await run("SET enable_external_access = false");
    await run("SET lock_configuration = true");
    for (const database of this.#databases) await run(`CREATE SCHEMA IF NOT EXISTS ${quoteName(database)}`);
    for (const table of this.#tables.values()) {
      if (table.kind === "files") await this.#define(table, emptyScan(table));
    }
    const open = new Set<View>();
    for (const table of this.#tables.values()) {
      if (table.kind === "view") await this.#defineView(table, open);
    }
  }

  /** One after the other: each query first looks which files its tables have. */
  query(sql: string): Promise<Row[]> {
    const result = this.#last.then(() => this.#answer(sql));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #answer(sql: string): Promise<Row[]> {
    const translation = await translate(
      sql,
      (database, name) => this.#resolve(database ?? this.#defaultDatabase, name),
      this.#connection,
    );
    const now = this.#options.now?.() ?? new Date();
    for (const table of this.#filesBehind(translation.tables)) {
      await this.#define(table, await scanOf(table, this.#options.bucketFolder, this.#connection, now));
    }
    const reader = await this.#connection.runAndReadAll(translation.sql).catch((error: unknown) => {
      throw new QueryError(error instanceof Error ? error.message : String(error), { cause: error });
    });
    const names = reader.deduplicatedColumnNames();
    return reader.getRows().map((row) => Object.fromEntries(row.map((value, index) => [names[index], jsonOf(value)])));
  }

  #filesBehind(names: readonly TableName[], found = new Set<FileTable>()): Set<FileTable> {
    for (const name of names) {
      const table = this.#tables.get(keyOf(name));
      if (table?.kind === "files") found.add(table);
      if (table?.kind === "view") this.#filesBehind(this.#readBy.get(table) ?? [], found);
    }
    return found;
  }

  async #define(table: FileTable | View, select: string): Promise<void> {
    await this.#connection.run(
      `CREATE OR REPLACE VIEW ${quoteName(table.database)}.${quoteName(table.name)} AS ${select}`,
    );
  }

  /** Views read views: those below first. */
  async #defineView(view: View, open: Set<View>): Promise<void> {
    if (this.#readBy.has(view)) return;
    if (open.has(view)) throw new DeclarationError(view.resource, `the view ${view.name} reads itself`);
    open.add(view);
    try {
      const translation = await translate(
        view.sql,
        (database, name) => this.#resolve(database ?? view.schema, name),
        this.#connection,
      );
      for (const name of translation.tables) {
        const table = this.#tables.get(keyOf(name));
        if (table?.kind === "view") await this.#defineView(table, open);
      }
      await this.#define(view, translation.sql);
      this.#readBy.set(view, translation.tables);
    } catch (error) {
      if (error instanceof DeclarationError) throw error;
      throw new DeclarationError(view.resource, `its SQL: ${error instanceof Error ? error.message : String(error)}`);
    }
    await this.#checkColumns(view);
    open.delete(view);
  }

  /** A view of Athena is stale, and refused, when its columns are not what its SQL gives. */
  async #checkColumns(view: View): Promise<void> {
    const reader = await this.#connection.runAndReadAll(`DESCRIBE ${quoteName(view.database)}.${quoteName(view.name)}`);
    const given = reader
      .getRows()
      .map(([name, type]) => ({ name: String(name).toLowerCase(), type: athenaEqual(String(type)) }));
    for (let index = 0; index < Math.max(given.length, view.columns.length); index++) {
      const [declared, column] = [view.columns[index], given[index]];
      if (declared?.name !== column?.name || (declared && athenaEqual(declared.duckdbType) !== column?.type)) {
        throw new DeclarationError(
          view.resource,
          `column ${index + 1} is declared as ${declared ? `${declared.name} ${declared.type}` : "nothing"}, its SQL gives ${column ? `${column.name} ${column.type}` : "nothing"}`,
        );
      }
    }
  }

  #resolve(database: string | undefined, name: string): TableName {
    if (database === undefined) {
      throw new QueryError(
        `Say which database ${name} is in, "database"."${name}": there are ${list([...this.#databases])}.`,
      );
    }
    const found = { database: database.toLowerCase(), name: name.toLowerCase() };
    if (!this.#databases.has(found.database)) {
      throw new QueryError(`There is no database ${database}; there is ${list([...this.#databases])}.`);
    }
    if (!this.#tables.has(keyOf(found))) {
      const names = [...this.#tables.values()]
        .filter((table) => table.database === found.database)
        .map((table) => table.name);
      throw new QueryError(`There is no table ${name} in ${found.database}; there is ${list(names.sort())}.`);
    }
    return found;
  }
}

function keyOf({ database, name }: TableName): string {
  return `${database}.${name}`;
}

/** DuckDB's type with the widths folded that Athena does not have: a sum of whole numbers is a bigint there. */
function athenaEqual(type: string): string {
  return type.replaceAll("HUGEINT", "BIGINT").replaceAll("TIMESTAMP_MS", "TIMESTAMP");
}
