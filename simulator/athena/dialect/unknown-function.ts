import { QueryError } from "../errors.ts";
import { instead, named } from "./functions/index.ts";

export function unknownFunction(name: string): QueryError {
  const other = named(instead, name);
  return new QueryError(
    other === undefined
      ? `The function ${name} is not among those that mean the same in Athena and here; docs/sql.md lists them.`
      : `Athena does not have DuckDB's ${name}: write ${other}.`,
  );
}
