/** A model file that cannot be used. The message names the file and the line, what was found and what is allowed. */
export class TreeModelError extends Error {
  override readonly name: string = "TreeModelError";
}

/** The file ends before its model does. */
export class TruncatedModelError extends TreeModelError {
  override readonly name = "TruncatedModelError";
}

/** The file contradicts itself, or is not a LightGBM text model. */
export class MalformedModelError extends TreeModelError {
  override readonly name = "MalformedModelError";
}

/** A sound model of a kind that is not evaluated here: its version, objective, or something the format got later. */
export class UnsupportedModelError extends TreeModelError {
  override readonly name = "UnsupportedModelError";
}
