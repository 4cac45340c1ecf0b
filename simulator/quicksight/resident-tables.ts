import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from "@duckdb/node-api";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quoteName, quoteText } from "../athena/index.ts";

/** A value that a statement is given beside its text. */
export type Bound = string | number;

/** A statement with the values of $1, $2 ... */
export interface Query {
  sql: string;
  bound: readonly Bound[];
}

/** Where the tables are; in memory, and compressed there. */
const schema = "spice";

/**
 * Tables of rows that a reader waits for: in an instance of DuckDB of their own, so that a question to them waits neither for
 * Athena's queries nor for an import.
 */
export class ResidentTables {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  #last: Promise<unknown> = Promise.resolve();
  #made = 0;

  /** @param folder below which Parquet files are read */
  static async open(folder: string): Promise<ResidentTables> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: "2",
      memory_limit: "768MB",
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      temp_directory: join(tmpdir(), `metercast-spice-${randomUUID()}`), // made for what does not fit into memory
    });
    const connection = await instance.connect();
    for (const statement of [
      `ATTACH ':memory:' AS ${schema} (COMPRESS)`,
      "SET TimeZone = 'UTC'",
      `SET allowed_directories = [${quoteText(`${folder}/`)}]`,
      "SET enable_external_access = false",
      "SET lock_configuration = true",
    ]) {
      await connection.run(statement);
    }
    return new ResidentTables(instance, connection);
  }

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** Makes a table of a Parquet file. @returns its name in SQL, and how many rows it has */
  load(file: string): Promise<{ table: string; rows: number }> {
    return this.#alone(async () => {
      const table = `${schema}.${quoteName(`t${++this.#made}`)}`;
      await this.#connection.run(`CREATE TABLE ${table} AS SELECT * FROM read_parquet(${quoteText(file)})`);
      await this.#connection.run(`CHECKPOINT ${schema}`); // which compresses
      const [count] = await this.#ask(`SELECT count(*)::DOUBLE FROM ${table}`, []);
      return { table, rows: Number(count?.[0]) };
    });
  }

  drop(table: string): Promise<void> {
    return this.#alone(async () => {
      await this.#connection.run(`DROP TABLE ${table}`);
    });
  }

  /** @param bound values of $1, $2 ... */
  rows(sql: string, bound: readonly Bound[]): Promise<DuckDBValue[][]> {
    return this.#alone(() => this.#ask(sql, bound));
  }

  async close(): Promise<void> {
    await this.#last;
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #ask(sql: string, bound: readonly Bound[]): Promise<DuckDBValue[][]> {
    return (await this.#connection.runAndReadAll(sql, [...bound])).getRows();
  }

  /** One after the other, so that a table stays until the questions before its end are answered. */
  #alone<Result>(ask: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(ask);
    this.#last = result.catch(() => undefined); // its own caller hears of it
    return result;
  }
}
