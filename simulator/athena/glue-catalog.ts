import type { Graph } from "@metercast/graph";
import { DeclarationError } from "../declared/read.ts";
import type { TableName } from "./dialect/index.ts";
import { list, QueryError } from "./errors.ts";
import { glueDatabaseOf, glueTableOf, type FileTable } from "./glue-table.ts";
import type { View } from "./glue-view.ts";

/** The declared databases with their tables and views, by name. */
export class GlueCatalog {
  readonly #databases = new Set<string>();
  readonly #tables = new Map<string, FileTable | View>();
  readonly #defaultDatabase: string | undefined;

  /** @throws DeclarationError */
  constructor(graph: Graph, defaultDatabase: string | undefined) {
    for (const resource of graph.resources) {
      if (resource.type === "aws:glue/catalogDatabase:CatalogDatabase") this.#databases.add(glueDatabaseOf(resource));
    }
    for (const resource of graph.resources) {
      if (resource.type !== "aws:glue/catalogTable:CatalogTable") continue;
      const table = glueTableOf(resource);
      if (!this.#databases.has(table.database)) {
        throw new DeclarationError(resource, `databaseName is ${table.database}; there is ${list(this.databases())}`);
      }
      if (this.#tables.has(keyOf(table))) {
        throw new DeclarationError(resource, `the table ${table.name} of ${table.database} is declared twice`);
      }
      this.#tables.set(keyOf(table), table);
    }
    const only = this.#databases.size === 1 ? [...this.#databases][0] : undefined;
    this.#defaultDatabase = defaultDatabase?.toLowerCase() ?? only;
  }

  databases(): string[] {
    return [...this.#databases].sort();
  }

  all(): (FileTable | View)[] {
    return [...this.#tables.values()];
  }

  /**
   * The tables and views of a database, by name.
   *
   * @throws QueryError
   */
  in(database = this.#defaultDatabase): (FileTable | View)[] {
    if (database === undefined || !this.#databases.has(database)) {
      const which = database === undefined ? "Say which database" : `There is no database ${database}`;
      throw new QueryError(`${which}: there is ${list(this.databases())}.`, {
        code: "SCHEMA_NOT_FOUND",
        ...(database !== undefined && { subject: database }),
      });
    }
    return this.all()
      .filter((table) => table.database === database)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws QueryError where there is no such table */
  find(database: string | undefined, name: string): FileTable | View {
    const from = (database ?? this.#defaultDatabase)?.toLowerCase();
    const tables = this.in(from);
    const found = tables.find((table) => table.name === name.toLowerCase());
    if (found) return found;
    const there = list(tables.map((table) => table.name));
    throw new QueryError(`There is no table ${name} in ${from}; there is ${there}.`, {
      code: "TABLE_NOT_FOUND",
      subject: name,
    });
  }

  /** The table of a name that was found before. */
  get(name: TableName): FileTable | View {
    return this.#tables.get(keyOf(name)) as FileTable | View;
  }
}

function keyOf({ database, name }: TableName): string {
  return `${database}.${name}`;
}
