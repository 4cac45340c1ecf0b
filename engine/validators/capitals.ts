import type { Field, Fields } from "./mapping.ts";

export const tags: Field = {
  to: "Tags",
  convert: (value) => Object.entries(value as Record<string, string>).map(([Key, Value]) => ({ Key, Value })),
};

/** Properties whose name there is the same with a capital letter. */
export function capitals(...names: string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, { to: capital(name) }]));
}

export function capital(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
