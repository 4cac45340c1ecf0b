/** The engine, or what it made of the program, is not as it should be. */
export class EngineError extends Error {
  override readonly name = "EngineError";
}
