import type { Graph } from "./graph.ts";

/** A graph as JSON text, indented, keys sorted, a newline at the end: the same bytes for the same graph. */
export function stringify(graph: Graph): string {
  return `${JSON.stringify(sorted(graph), undefined, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
