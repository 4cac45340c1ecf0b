import type { Resource } from "@metercast/graph";
import { z } from "zod";

/** What a delivery stream's conversion needs of a Glue table; the catalog reads the rest of it. */
const glueTable = z.object({
  name: z.string(),
  databaseName: z.string(),
  storageDescriptor: z
    .object({ columns: z.array(z.object({ name: z.string(), type: z.string() })).default([]) })
    .optional(),
});

export interface Column {
  name: string;
  /** A Hive type: "int", "double", "timestamp" ... */
  type: string;
}

export interface Table {
  database: string;
  name: string;
  columns: Column[];
}

export function tableOf(resource: Resource): Table {
  const { name, databaseName, storageDescriptor } = glueTable.parse(resource.inputs);
  return {
    database: databaseName,
    name,
    columns: storageDescriptor?.columns.map((column) => ({ name: column.name, type: column.type })) ?? [],
  };
}
