/** Training or evaluation that cannot go on. The message says why and what to do. */
export class ModelError extends Error {
  override name = "ModelError";
}
