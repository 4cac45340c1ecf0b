import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from "@duckdb/node-api";
import type { Graph } from "@metercast/graph";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DeclarationError } from "../declared/read.ts";
import { runChecks } from "./dialect/checks.ts";
import { macroStatements } from "./dialect/macros.ts";
import { translate, unnamed, type TableName, type Translation } from "./dialect/index.ts";
import { asQueryError } from "./errors.ts";
import { GlueCatalog } from "./glue-catalog.ts";
import type { FileTable } from "./glue-table.ts";
import type { View } from "./glue-view.ts";
import { quoteName, quoteText } from "./quote.ts";
import { jsonOf, type Json, type Row } from "./rows.ts";
import { emptyScan, Scans } from "./scan.ts";
import { statementOf } from "./statements.ts";

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
  const declared = new GlueCatalog(options.graph, options.database);
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "2",
    memory_limit: "512MB",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    temp_directory: join(tmpdir(), `metercast-athena-${randomUUID()}`), // made for what does not fit into memory
  });
  const connection = await instance.connect();
  try {
    const catalog = new DuckDBCatalog(declared, options, connection);
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
  readonly #declared: GlueCatalog;
  readonly #options: CatalogOptions;
  readonly #connection: DuckDBConnection;
  readonly #scans: Scans;
  /** The tables and views that a view reads. */
  readonly #readBy = new Map<View, TableName[]>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(declared: GlueCatalog, options: CatalogOptions, connection: DuckDBConnection) {
    this.#declared = declared;
    this.#options = options;
    this.#connection = connection;
    this.#scans = new Scans(options.bucketFolder, connection);
  }

  async setUp(): Promise<void> {
    const run = (sql: string) => this.#connection.run(sql);
    await run("SET TimeZone = 'UTC'"); // Athena's session is in UTC
    await run(macroStatements());
    const tables = this.#declared.all();
    const folders = new Set<string>();
    for (const table of tables) {
      if (table.kind === "files") folders.add(resolve(this.#options.bucketFolder(table.root.bucket)));
    }
    await run(`SET allowed_directories = [${[...folders].map((folder) => quoteText(`${folder}/`)).join(", ")}]`);
    await run("SET enable_external_access = false");
    await run("SET lock_configuration = true");
    for (const database of this.#declared.databases()) await run(`CREATE SCHEMA IF NOT EXISTS ${quoteName(database)}`);
    for (const table of tables) {
      if (table.kind === "files") await this.#define(table, emptyScan(table));
    }
    const open = new Set<View>();
    for (const table of tables) {
      if (table.kind === "view") await this.#defineView(table, open);
    }
  }

  /** One after the other: each query first looks which files its tables have. */
  query(sql: string): Promise<Row[]> {
    const result = this.#last.then(() => this.#answer(sql));
    this.#last = result.catch(() => undefined); // its own caller hears of it
    return result;
  }

  async #answer(sql: string): Promise<Row[]> {
    const statement = statementOf(sql);
    switch (statement.kind) {
      case "databases":
        return this.#declared.databases().map((name) => ({ database_name: name }));
      case "tables":
        return this.#declared.in(statement.database).map(({ name }) => ({ tab_name: name }));
      case "views":
        return this.#declared
          .in(statement.database)
          .filter(({ kind }) => kind === "view")
          .map(({ name }) => ({ views: name }));
      case "columns":
        return columnsOf(this.#declared.find(statement.database, statement.table)).map(({ name }) => ({ field: name }));
      case "describe":
        return columnsOf(this.#declared.find(statement.database, statement.table)).map(({ name, type }) => ({
          col_name: name,
          data_type: type,
        }));
      case "select":
        return this.#select(statement.sql, "");
      case "explain": {
        const plans = await this.#select(statement.sql, "EXPLAIN ");
        return plans.map((row) => ({ "Query Plan": row["explain_value"] ?? null }));
      }
    }
  }

  async #select(sql: string, prefix: "" | "EXPLAIN "): Promise<Row[]> {
    const translation = await this.#translate(sql, undefined);
    const now = this.#options.now?.() ?? new Date();
    try {
      for (const table of this.#filesBehind(translation.tables)) {
        await this.#define(table, await this.#scans.of(table, now));
      }
      await runChecks(translation.checks, this.#connection);
      const reader = await this.#connection.runAndReadAll(prefix + translation.sql);
      const names = columnNames(reader.columnNames());
      const rows: DuckDBValue[][] = reader.getRows();
      return rows.map((values) =>
        Object.fromEntries(names.map((name, index): [string, Json] => [name, jsonOf(values[index] ?? null)])),
      );
    } catch (error) {
      throw asQueryError(error);
    }
  }

  /** @param database where tables that are named without one are looked up; undefined is the default */
  async #translate(sql: string, database: string | undefined): Promise<Translation> {
    return translate(sql, (named, name) => this.#declared.find(named ?? database, name), this.#connection);
  }

  #filesBehind(names: readonly TableName[], found = new Set<FileTable>()): Set<FileTable> {
    for (const name of names) {
      const table = this.#declared.get(name);
      if (table.kind === "files") found.add(table);
      else this.#filesBehind(this.#readBy.get(table) ?? [], found);
    }
    return found;
  }

  async #define(table: FileTable | View, select: string): Promise<void> {
    const name = `${quoteName(table.database)}.${quoteName(table.name)}`;
    await this.#connection.run(`CREATE OR REPLACE VIEW ${name} AS ${select}`);
  }

  /** Views read views: those below first. */
  async #defineView(view: View, open: Set<View>): Promise<void> {
    if (this.#readBy.has(view)) return;
    if (open.has(view)) throw new DeclarationError(view.resource, `the view ${view.name} reads itself`);
    open.add(view);
    try {
      const translation = await this.#translate(view.sql, view.schema);
      for (const name of translation.tables) {
        const table = this.#declared.get(name);
        if (table.kind === "view") await this.#defineView(table, open);
      }
      await runChecks(translation.checks, this.#connection);
      await this.#define(view, translation.sql);
      this.#readBy.set(view, translation.tables);
    } catch (error) {
      if (error instanceof DeclarationError) throw error;
      throw new DeclarationError(view.resource, `its SQL: ${asQueryError(error).message}`);
    }
    await this.#checkColumns(view);
  }

  /** A view of Athena is stale, and refused, when its columns are not what its SQL gives. */
  async #checkColumns(view: View): Promise<void> {
    const reader = await this.#connection.runAndReadAll(`DESCRIBE ${quoteName(view.database)}.${quoteName(view.name)}`);
    const rows = reader.getRows();
    const names = columnNames(rows.map(([name]) => String(name).toLowerCase()));
    for (let index = 0; index < Math.max(rows.length, view.columns.length); index++) {
      const declared = view.columns[index];
      const type = athenaEqual(String(rows[index]?.[1] ?? ""));
      if (declared && declared.name === names[index] && athenaEqual(declared.duckdbType) === type) continue;
      const says = declared ? `declared as ${declared.name} ${declared.type}` : "not declared";
      const gives = names[index] === undefined ? "does not give it" : `gives ${names[index]} ${type.toLowerCase()}`;
      throw new DeclarationError(view.resource, `column ${index + 1} is ${says}, and its SQL ${gives}`);
    }
  }
}

function columnsOf(table: FileTable | View): { name: string; type: string }[] {
  return table.kind === "files" ? [...table.columns, ...table.partitionKeys] : table.columns;
}

/** As Athena names them; a name that stands twice gets a number, since a row is an object. */
function columnNames(names: readonly string[]): string[] {
  const given = new Set<string>();
  return names.map((name, index) => {
    const base = name.startsWith(unnamed) ? `_col${index}` : name;
    let unique = base;
    for (let count = 1; given.has(unique); count++) unique = `${base}_${count}`;
    given.add(unique);
    return unique;
  });
}

/** DuckDB's type with the widths folded that Athena does not have: a sum of whole numbers is a bigint there. */
function athenaEqual(type: string): string {
  return type.replaceAll("HUGEINT", "BIGINT").replaceAll("TIMESTAMP_MS", "TIMESTAMP");
}
