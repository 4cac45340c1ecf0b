import { DuckDBInstance } from "@duckdb/node-api";
import type { Graph, Resource } from "@metercast/graph";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openCatalog, type Catalog, type Row } from "../athena/index.ts";

export interface DeclaredColumn {
  name: string;
  type: string;
}

const parquet = {
  inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
  outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
  serDeInfo: { serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", parameters: {} },
};
const json = {
  inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
  outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
  serDeInfo: { serializationLibrary: "org.openx.data.jsonserde.JsonSerDe", parameters: {} },
};

function resource(type: string, name: string, inputs: Record<string, unknown>): Resource {
  const id = `${type}::${name}`;
  return {
    id,
    type,
    name,
    parent: null,
    component: false,
    protect: false,
    inputs,
    outputs: { ...inputs },
    references: [],
  };
}

export function database(name: string): Resource {
  return resource("aws:glue/catalogDatabase:CatalogDatabase", name, { name });
}

/** `"a int, b array<string>"` */
function columnsOf(text: string): DeclaredColumn[] {
  return text === ""
    ? []
    : text
        .split(/, (?=\w+ )/)
        .map((column) => ({ name: column.split(" ")[0] ?? "", type: column.slice(column.indexOf(" ") + 1) }));
}

export interface TableOptions {
  database?: string;
  format?: "parquet" | "json";
  partitionKeys?: string;
  parameters?: Record<string, string>;
  /** Replaces properties of storageDescriptor. */
  storage?: Record<string, unknown>;
  /** Replaces inputs. */
  inputs?: Record<string, unknown>;
}

/** A table over `s3://lake/<name>/`. */
export function table(name: string, columns: string, options: TableOptions = {}): Resource {
  const inDatabase = options.database ?? "energy";
  return resource("aws:glue/catalogTable:CatalogTable", `${inDatabase}-${name}`, {
    name,
    databaseName: inDatabase,
    tableType: "EXTERNAL_TABLE",
    parameters: { EXTERNAL: "TRUE", ...options.parameters },
    partitionKeys: columnsOf(options.partitionKeys ?? ""),
    storageDescriptor: {
      location: `s3://lake/${name}/`,
      ...(options.format === "json" ? json : parquet),
      columns: columnsOf(columns),
      ...options.storage,
    },
    ...options.inputs,
  });
}

/** A view: its columns twice, as Glue (Hive) and as Athena (Trino) name their types: `"a int:integer, b string:varchar"`. */
export function view(
  name: string,
  columns: string,
  sql: string,
  options: { database?: string; schema?: string } = {},
): Resource {
  const inDatabase = options.database ?? "energy";
  const pairs = columnsOf(columns).map(({ name: column, type }) => ({ column, types: type.split(":") }));
  const definition = {
    originalSql: sql,
    catalog: "awsdatacatalog",
    schema: options.schema ?? inDatabase,
    columns: pairs.map(({ column, types }) => ({ name: column, type: types.at(-1) })),
  };
  return resource("aws:glue/catalogTable:CatalogTable", `${inDatabase}-${name}`, {
    name,
    databaseName: inDatabase,
    tableType: "VIRTUAL_VIEW",
    parameters: { presto_view: "true", comment: "Presto View" },
    viewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString("base64")} */`,
    viewExpandedText: "/* Presto View */",
    storageDescriptor: {
      columns: pairs.map(({ column, types }) => ({ name: column, type: types[0] })),
      serDeInfo: {},
    },
  });
}

export function graphOf(...resources: Resource[]): Graph {
  const databases = resources.some(({ type }) => type.includes("CatalogDatabase")) ? [] : [database("energy")];
  return {
    format: 1,
    project: "test",
    stack: "test",
    region: "us-east-1",
    accountId: "123456789012",
    resources: [...databases, ...resources],
    outputs: {},
  };
}

/** A bucket in a temporary folder, what is declared over it, and queries on both. */
export class Lake {
  readonly folder = mkdtempSync(join(tmpdir(), "athena-"));
  #catalog: Catalog | undefined;
  #graph: Graph;
  #now: Date | undefined;

  constructor(...resources: Resource[]) {
    this.#graph = graphOf(...resources);
  }

  at(now: string): this {
    this.#now = new Date(now);
    return this;
  }

  /** Writes the rows of a SELECT of DuckDB as the object `key` of the bucket "lake". */
  async parquet(key: string, select: string): Promise<this> {
    const file = this.#path(key);
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(`COPY (${select}) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    return this;
  }

  write(key: string, text: string | Uint8Array): this {
    writeFileSync(this.#path(key), text);
    return this;
  }

  async open(): Promise<Catalog> {
    const now = this.#now;
    this.#catalog ??= await openCatalog({
      graph: this.#graph,
      bucketFolder: (bucket) => join(this.folder, bucket),
      ...(now ? { now: () => now } : {}),
    });
    return this.#catalog;
  }

  async query(sql: string): Promise<Row[]> {
    return (await this.open()).query(sql);
  }

  remove(): void {
    this.#catalog?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #path(key: string): string {
    const file = join(this.folder, "lake", key);
    mkdirSync(dirname(file), { recursive: true });
    return file;
  }
}

/** The error of a promise that must fail. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("It did not fail.");
}
