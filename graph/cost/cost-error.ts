/** A load that cannot be priced, since AWS would not take it. */
export class CostError extends Error {
  override readonly name = "CostError";
}
