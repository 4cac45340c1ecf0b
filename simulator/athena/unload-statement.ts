import { QueryError } from "./errors.ts";
import type { Token } from "./dialect/tokens.ts";

/** `UNLOAD (SELECT ...) TO 's3://...' WITH (...)`, as far as it runs here. */
export interface UnloadStatement {
  kind: "unload";
  /** The SELECT, at its place in the statement: what stands before it is blank. */
  sql: string;
  /** As written: "s3://bucket/folder/". */
  to: string;
  compression: "SNAPPY" | "GZIP" | "ZSTD" | "LZ4" | "NONE";
  /** Its last columns, which become folders. */
  partitionedBy: string[];
}

const compressions = ["SNAPPY", "GZIP", "ZSTD", "LZ4", "NONE"] as const;

/**
 * Athena user guide, UNLOAD. Parquet is written here, of the formats that there are.
 *
 * @throws QueryError
 */
export function unloadStatement(sql: string, tokens: readonly Token[]): UnloadStatement {
  const close = closing(tokens, 1);
  const [open, end] = [tokens[1], tokens[close]];
  const [to, location, by] = tokens.slice(close + 1, close + 4);
  if (open?.text !== "(" || !end || to?.word !== "TO" || location?.kind !== "string" || by?.word !== "WITH") {
    throw new QueryError("UNLOAD is written UNLOAD (SELECT ...) TO 's3://bucket/folder/' WITH (format = 'PARQUET').");
  }
  const last = closing(tokens, close + 4);
  if (tokens[last + 1]?.kind !== "end") throw new QueryError(`Unexpected ${tokens[last + 1]?.text} behind UNLOAD.`);
  const properties = propertiesOf(tokens.slice(close + 5, last));
  return {
    kind: "unload",
    sql: sql.slice(0, open.start + 1).replace(/[^\n]/g, " ") + sql.slice(open.start + 1, end.start),
    to: unquoted(location),
    ...settingsOf(properties),
  };
}

/** The place of the bracket that closes the one at a place. */
function closing(tokens: readonly Token[], at: number): number {
  let open = 0;
  for (let index = at; index < tokens.length; index++) {
    const { kind, text } = tokens[index] as Token;
    if (kind !== "sign") continue;
    if (text === "(") open++;
    if (text === ")" && --open === 0) return index;
  }
  throw new QueryError("UNLOAD has a bracket that is not closed.");
}

function unquoted({ text }: Token): string {
  return text.slice(1, -1).replaceAll("''", "'");
}

type Property = string | string[];

function propertiesOf(tokens: readonly Token[]): Map<string, Property> {
  const properties = new Map<string, Property>();
  let at = 0;
  while (at < tokens.length) {
    const [name, equals] = tokens.slice(at, at + 2);
    if (name?.kind !== "name" || equals?.text !== "=") {
      throw new QueryError(`The properties of UNLOAD are written name = value: unexpected ${name?.text}.`);
    }
    const { value, next } = valueAt(tokens, at + 2);
    if (properties.has(name.text.toLowerCase())) throw new QueryError(`UNLOAD has the property ${name.text} twice.`);
    properties.set(name.text.toLowerCase(), value);
    if (next < tokens.length && tokens[next]?.text !== ",") {
      throw new QueryError(`A comma stands between the properties of UNLOAD: unexpected ${tokens[next]?.text}.`);
    }
    at = next + 1;
  }
  return properties;
}

function valueAt(tokens: readonly Token[], at: number): { value: Property; next: number } {
  const token = tokens[at];
  if (token?.kind === "string") return { value: unquoted(token), next: at + 1 };
  if (token?.word === "ARRAY" && tokens[at + 1]?.text === "[") {
    const end = tokens.findIndex(({ text, kind }, index) => index > at && kind === "sign" && text === "]");
    const elements = tokens.slice(at + 2, end);
    const isList = elements.every(({ kind, text }, index) => (index % 2 === 0 ? kind === "string" : text === ","));
    if (end > 0 && isList && elements.length % 2 === 1) {
      return { value: elements.filter(({ kind }) => kind === "string").map(unquoted), next: end + 1 };
    }
  }
  throw new QueryError(`A property of UNLOAD is a text or ARRAY['column', ...]: unexpected ${token?.text ?? "end"}.`);
}

function settingsOf(properties: Map<string, Property>): Pick<UnloadStatement, "compression" | "partitionedBy"> {
  const format = properties.get("format");
  if (format === undefined) {
    throw new QueryError("UNLOAD needs the property format: WITH (format = 'PARQUET').", {
      code: "INVALID_TABLE_PROPERTY",
    });
  }
  if (typeof format !== "string" || format.toUpperCase() !== "PARQUET") {
    throw new QueryError(`UNLOAD with format = ${JSON.stringify(format)} does not run here: PARQUET does.`, {
      code: "NOT_SUPPORTED",
    });
  }
  // Athena user guide, UNLOAD: GZIP is the default for Parquet
  const written = properties.get("compression") ?? "GZIP";
  const compression = compressions.find((one) => typeof written === "string" && one === written.toUpperCase());
  if (!compression) {
    throw new QueryError(`compression is ${JSON.stringify(written)}; with Parquet it is ${compressions.join(", ")}.`, {
      code: "INVALID_TABLE_PROPERTY",
    });
  }
  const partitionedBy = properties.get("partitioned_by") ?? [];
  if (!Array.isArray(partitionedBy)) {
    throw new QueryError("partitioned_by is a list: ARRAY['column'].", { code: "INVALID_TABLE_PROPERTY" });
  }
  for (const name of properties.keys()) {
    if (["format", "compression", "partitioned_by"].includes(name)) continue;
    throw new QueryError(
      `UNLOAD with the property ${name} does not run here: format, compression, partitioned_by do.`,
      {
        code: "NOT_SUPPORTED",
      },
    );
  }
  return { compression, partitionedBy: partitionedBy.map((name) => name.toLowerCase()) };
}
