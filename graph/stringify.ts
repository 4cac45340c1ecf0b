import type { Graph } from "./graph.ts";

/**
 * A graph as JSON text, keys sorted, a newline at the end: the same bytes for the same graph.
 *
 * @param indent spaces of a level; 0 is one line
 */
export function stringify(graph: Graph, indent = 0): string {
  return `${JSON.stringify(sorted(graph), undefined, indent)}\n`;
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
