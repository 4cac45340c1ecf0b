/** A definition that QuickSight would refuse, or that would not do what it says. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";
}
