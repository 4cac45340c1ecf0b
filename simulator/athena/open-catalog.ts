import { DuckDBInstance } from "@duckdb/node-api";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Catalog, CatalogOptions } from "./catalog.ts";
import { DuckDBCatalog } from "./duckdb-catalog.ts";
import { GlueCatalog } from "./glue-catalog.ts";

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
    return {
      query: (sql) => catalog.query(sql),
      run: (sql, runOptions) => catalog.run(sql, runOptions),
      interrupt: () => connection.interrupt(),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }

  function close(): void {
    connection.closeSync();
    instance.closeSync();
  }
}
