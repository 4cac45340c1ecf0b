import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { DeclarationError, withoutLocalMeaning } from "../declared/read.ts";
import { duckdbType, TypeNameError } from "./types.ts";

export const column = z.strictObject({
  name: z.string(),
  type: z.string(),
  comment: withoutLocalMeaning, // for people who read the catalog
});

/** Properties that every table and view has. */
export const common = {
  name: z.string(),
  databaseName: z.string(),
  description: withoutLocalMeaning, // for people who read the catalog
  owner: withoutLocalMeaning, // for people who read the catalog
  catalogId: withoutLocalMeaning, // there is one catalog
  region: withoutLocalMeaning, // there is one catalog
};

/** Properties of a storage descriptor that every table and view has. */
export const storage = {
  columns: z.array(column),
  compressed: z.literal(false).optional(),
  numberOfBuckets: z.number().max(0).optional(),
  bucketColumns: z.array(z.string()).max(0).optional(),
  sortColumns: z.array(z.unknown()).max(0).optional(),
  storedAsSubDirectories: z.literal(false).optional(),
};

export interface Column {
  /** In lower case, as Glue keeps it. */
  name: string;
  /** As declared. */
  type: string;
  duckdbType: string;
}

/** @throws DeclarationError for a type that is not known */
export function columnOf(resource: Resource, declared: { name: string; type: string }, property: string): Column {
  try {
    return { name: declared.name.toLowerCase(), type: declared.type, duckdbType: duckdbType(declared.type) };
  } catch (error) {
    if (!(error instanceof TypeNameError)) throw error;
    throw new DeclarationError(resource, `${property}, column ${declared.name}: ${error.message}`);
  }
}
