/** The program could not be evaluated: what was wrong, with which resource, and where in the program. */
export class GraphError extends Error {
  override readonly name = "GraphError";
  /** The type token of the resource that failed, where one did. */
  readonly type: string | undefined;
  /** Its logical name, where it is known. */
  readonly resource: string | undefined;

  constructor(message: string, about: { type?: string; resource?: string; cause?: unknown } = {}) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause });
    this.type = about.type;
    this.resource = about.resource;
  }
}
