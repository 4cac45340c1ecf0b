/** A load could not be done. The message says what was wrong, where, and what to do; it is meant for people. */
export class LoadError extends Error {
  override name = "LoadError";
}
