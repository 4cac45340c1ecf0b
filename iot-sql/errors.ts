/**
 * A statement, expression or template that AWS IoT would refuse. `line` and `column` are 1-based and point at the
 * offending token; `message` does not repeat them.
 */
export class IotSqlError extends Error {
  override readonly name = "IotSqlError";
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** What a statement may mean otherwise than its author thinks; it compiles all the same. */
export interface Warning {
  message: string;
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
}

/** The 1-based line and column of an offset in a text; columns count UTF-16 units. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf("\n"); end !== -1 && end < offset; end = text.indexOf("\n", end + 1)) {
    line++;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}

export function errorAt(text: string, offset: number, message: string): IotSqlError {
  const { line, column } = positionOf(text, offset);
  return new IotSqlError(message, line, column);
}
