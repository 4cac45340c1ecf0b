import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import type { Graph } from "@metercast/graph";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CatalogOptions, Ran, Reads, RunOptions } from "./catalog.ts";
import { DeclarationError } from "../declared/read.ts";
import { runChecks } from "./dialect/checks.ts";
import { macroStatements } from "./dialect/macros.ts";
import { translate, unnamed, type TableName, type Translation } from "./dialect/index.ts";
import { asQueryError, QueryError } from "./errors.ts";
import type { GlueCatalog } from "./glue-catalog.ts";
import type { FileTable } from "./glue-table.ts";
import type { View } from "./glue-view.ts";
import { quoteName, quoteText } from "./quote.ts";
import { lineOf, writeCsv } from "./result-file.ts";
import { writeParquet } from "./result-parquet.ts";
import { jsonOf, type Json, type Row } from "./rows.ts";
import { emptyScan, Scans } from "./scan.ts";
import { statementOf, type Statement } from "./statements.ts";
import { unload } from "./unload.ts";

/** A catalog in one connection of DuckDB. */
export class DuckDBCatalog {
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
    const buckets = new Set(bucketsOf(options.graph, declared));
    this.#scans = new Scans((bucket) => (buckets.has(bucket) ? options.bucketFolder(bucket) : undefined), connection);
  }

  async setUp(): Promise<void> {
    const run = (sql: string) => this.#connection.run(sql);
    await run("SET TimeZone = 'UTC'"); // Athena's session is in UTC
    await run(macroStatements());
    const tables = this.#declared.all();
    const { graph, bucketFolder, outputFolder } = this.#options;
    const folders = [...new Set(bucketsOf(graph, this.#declared))].map((bucket) => resolve(bucketFolder(bucket)));
    if (outputFolder !== undefined) folders.push(resolve(outputFolder));
    await run(`SET allowed_directories = [${folders.map((folder) => quoteText(`${folder}/`)).join(", ")}]`);
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

  /** @returns the answer's rows */
  query(sql: string): Promise<Row[]> {
    return this.#alone(() => this.#answer(sql));
  }

  run(sql: string, options: RunOptions): Promise<Ran> {
    return this.#alone(() => this.#run(sql, options));
  }

  /** One after the other: each first looks which files its tables have. */
  #alone<Result>(ask: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(ask);
    this.#last = result.catch(() => undefined); // its own caller hears of it
    return result;
  }

  async #answer(sql: string): Promise<Row[]> {
    const statement = statementOf(sql);
    switch (statement.kind) {
      case "select":
        return this.#select(statement.sql, "");
      case "explain": {
        const plans = await this.#select(statement.sql, "EXPLAIN ");
        return plans.map((row) => ({ "Query Plan": row["explain_value"] ?? null }));
      }
      case "unload":
        throw new QueryError("UNLOAD runs in a dataset's run; here write its SELECT.", { code: "NOT_SUPPORTED" });
      default:
        return this.#catalogRows(statement, undefined);
    }
  }

  /** What the catalog itself knows. */
  #catalogRows(statement: CatalogStatement, database: string | undefined): Row[] {
    if (statement.kind === "databases") return this.#declared.databases().map((name) => ({ database_name: name }));
    const within = statement.database ?? database;
    switch (statement.kind) {
      case "tables":
        return this.#declared.in(within).map(({ name }) => ({ tab_name: name }));
      case "views":
        return this.#declared
          .in(within)
          .filter(({ kind }) => kind === "view")
          .map(({ name }) => ({ views: name }));
      case "columns":
        return columnsOf(this.#declared.find(within, statement.table)).map(({ name }) => ({ field: name }));
      case "describe":
        return columnsOf(this.#declared.find(within, statement.table)).map(({ name, type }) => ({
          col_name: name,
          data_type: type,
        }));
    }
  }

  async #select(sql: string, prefix: "" | "EXPLAIN "): Promise<Row[]> {
    try {
      const translation = await this.#prepared(sql, undefined);
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

  async #run(sql: string, { database, parquet, folder, reading }: RunOptions): Promise<Ran> {
    const statement = statementOf(sql);
    const file = join(folder, "result");
    let refused: unknown;
    const ask = async (reads: Reads) => {
      try {
        await reading(reads);
      } catch (error) {
        refused = error;
        throw error;
      }
    };
    const to = statement.kind === "unload" ? statement.to : undefined;
    try {
      switch (statement.kind) {
        case "select": {
          const { sql: select } = await this.#prepared(statement.sql, database, { ask, to });
          const names = columnNames(await this.#namesOf(select));
          const columns = parquet
            ? await writeParquet(select, names, parquet, file, this.#connection)
            : await writeCsv(select, names, file, this.#connection);
          return { kind: "rows", file, columns, isSelect: true };
        }
        case "unload": {
          const { sql: select } = await this.#prepared(statement.sql, database, { ask, to });
          const names = (await this.#namesOf(select)).map((name) => (name.startsWith(unnamed) ? undefined : name));
          const files = await unload(statement, select, names, folder, this.#connection);
          return { kind: "unload", to: statement.to, files };
        }
        case "explain":
          throw new QueryError("EXPLAIN runs in `metercast query` only.", { code: "NOT_SUPPORTED" });
        default: {
          const rows = this.#catalogRows(statement, database);
          const name = Object.keys(rows[0] ?? {})[0] ?? "result";
          await writeFile(file, rows.map((row) => lineOf(Object.values(row).map(String))).join(""));
          return { kind: "rows", file, columns: [{ name, type: "string" }], isSelect: false };
        }
      }
    } catch (error) {
      throw error === refused ? error : asQueryError(error);
    }
  }

  async #namesOf(select: string): Promise<string[]> {
    const reader = await this.#connection.runAndReadAll(`DESCRIBE ${select}`);
    return reader.getRows().map(([name]) => String(name));
  }

  /** A translated SELECT whose tables are what is there now. */
  async #prepared(
    sql: string,
    database: string | undefined,
    reading?: { ask: (reads: Reads) => Promise<void>; to: string | undefined },
  ): Promise<Translation> {
    const translation = await this.#translate(sql, database);
    const now = this.#options.now?.() ?? new Date();
    const tables = this.#behind(translation.tables);
    const scans = await Promise.all(
      [...tables]
        .filter((table) => table.kind === "files")
        .map(async (table) => ({
          table,
          scan: await this.#scans.of(table, now),
        })),
    );
    await reading?.ask({
      to: reading.to,
      tables: [...tables].map(({ database, name }) => ({ database, name })),
      objects: scans.flatMap(({ scan }) => scan.files.map(({ bucket, key }) => ({ bucket, key }))),
      folders: scans.map(({ table }) => table.root),
    });
    for (const { table, scan } of scans) await this.#define(table, scan.select);
    await runChecks(translation.checks, this.#connection);
    return translation;
  }

  /** @param database where tables that are named without one are looked up; undefined is the default */
  async #translate(sql: string, database: string | undefined): Promise<Translation> {
    return translate(sql, (named, name) => this.#declared.find(named ?? database, name), this.#connection);
  }

  /** The tables and views of these names, and those that the views read. */
  #behind(names: readonly TableName[], found = new Set<FileTable | View>()): Set<FileTable | View> {
    for (const name of names) {
      const table = this.#declared.get(name);
      found.add(table);
      if (table.kind === "view") this.#behind(this.#readBy.get(table) ?? [], found);
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

type CatalogStatement = Extract<Statement, { kind: "databases" | "tables" | "views" | "columns" | "describe" }>;

/** The buckets of a graph, and those that its tables name. */
function bucketsOf(graph: Graph, declared: GlueCatalog): string[] {
  const buckets = graph.resources.filter(({ type }) => type === "aws:s3/bucket:Bucket");
  const named = declared.all().flatMap((table) => (table.kind === "files" ? [table.root.bucket] : []));
  return [...buckets.map(({ outputs }) => String(outputs["bucket"])), ...named];
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
