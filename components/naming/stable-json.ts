function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
  }
  return value;
}

/**
 * JSON with the keys of every object sorted, so that a document compares equal to itself however it was put together
 * and no update appears by itself. Arrays keep their order; keys whose value is undefined are left out.
 */
export function stableJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}
