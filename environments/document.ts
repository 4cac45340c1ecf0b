import { isAlias, isMap, isScalar, isSeq, parseDocument, visit } from "yaml";
import type { Document, Node, Pair, YAMLError } from "yaml";

import type { Path } from "./path.ts";
import { offsetInSource } from "./scalar-text.ts";
import type { WrittenScalar } from "./scalar-text.ts";

/** 1-based. */
export interface Position {
  line: number;
  column: number;
}

/** A YAML file: its plain data, what is wrong with its form, and where each part of it stands. */
export interface YamlFile {
  /** undefined when the form leaves no document to look at. */
  data: unknown;
  faults: (Position & { message: string })[];
  /** Of the value at `path`, or of its key; of the nearest part around it that the file has, when it has not this one. */
  position(path: Path, part?: "value" | "key"): Position;
  /** Of a place within the text at `path`, 1-based in the text; of the text's start when that cannot be told. */
  positionInText(path: Path, line: number, column: number): Position;
}

/** What the parser's codes mean to somebody who edits a file; its own sentence for the others. */
function faultMessage(error: YAMLError, text: string): string {
  switch (error.code) {
    case "DUPLICATE_KEY": {
      const key = /^[^\s:]+/.exec(text.slice(error.pos[0]))?.[0] ?? "this key";
      return `${key} stands twice in this map; keep one`;
    }
    case "MULTIPLE_DOCS":
      return "a second YAML document begins here; an environment file has one: remove the --- line";
    case "TAB_AS_INDENT":
      return "a tab indents this line; YAML allows spaces only";
    default:
      return `not valid YAML: ${error.message}`;
  }
}

/** Reads YAML 1.2 with aliases and merge keys (`<<`). Never throws: faults of form are in the result. */
export function readYaml(fileText: string): YamlFile {
  const text = fileText.replace(/^\uFEFF/, "");
  const document = parseDocument(text, { merge: true, prettyErrors: false });
  const at = (offset: number): Position => positionOf(text, offset);

  const faults = document.errors.map((error) => ({ ...at(error.pos[0]), message: faultMessage(error, text) }));
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) === undefined) {
        const message = `no anchor &${alias.source} stands before the alias *${alias.source}`;
        faults.push({ ...at(alias.range?.[0] ?? 0), message });
      }
    },
    Pair(_key, { key, value }) {
      const place = at((key as Node).range?.[0] ?? 0);
      if (!isScalar(key)) faults.push({ ...place, message: "a key must be text, not a map, a list or an alias" });
      else if (key.source === "<<" && key.type === "PLAIN" && !isMergeable(document, value)) {
        faults.push({ ...place, message: "<< merges a map, an alias of a map, or a list of these" });
      }
    },
  });

  // A key that stands twice leaves a document that can be checked further; other faults of form would only cascade.
  const readable =
    document.errors.every((error) => error.code === "DUPLICATE_KEY") && faults.length === document.errors.length;
  let data: unknown;
  if (readable) {
    try {
      data = document.toJS();
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      faults.push({ line: 1, column: 1, message: `not usable YAML: ${error.message}` });
    }
  }

  return {
    data,
    faults,
    position(path, part = "value") {
      const { node, pair } = find(document, path);
      const isEmpty = node === undefined || (isScalar(node) && node.source === "" && node.type === "PLAIN");
      const shown = pair !== undefined && (part === "key" || isEmpty) ? pair.key : node;
      return at(shown?.range?.[0] ?? 0);
    },
    positionInText(path, line, column) {
      const { node } = find(document, path);
      const range = node?.range;
      if (!isScalar(node) || typeof node.value !== "string" || range === undefined || range === null) {
        return this.position(path);
      }
      const index = indexOfPosition(node.value, line, column);
      const source = text.slice(range[0], range[1]);
      const offset = offsetInSource({ style: node.type as WrittenScalar["style"], source, value: node.value }, index);
      return at(range[0] + (offset ?? 0));
    },
  };
}

/** Counted here: the parser's own counter misses the lines within a quoted text that has no end. */
function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function indexOfPosition(text: string, line: number, column: number): number {
  let start = 0;
  for (let current = 1; current < line; current += 1) {
    const end = text.indexOf("\n", start);
    if (end === -1) break;
    start = end + 1;
  }
  return Math.min(text.length, start + column - 1);
}

function resolved(document: Document, node: unknown): Node | undefined {
  return isAlias(node) ? node.resolve(document) : ((node ?? undefined) as Node | undefined);
}

/** Whether a value can stand after `<<`; of an alias without its anchor that it has none is told already. */
function isMergeable(document: Document, value: unknown): boolean {
  const sources = isSeq(value) ? value.items : [value];
  return sources.every((source) => {
    const node = resolved(document, source);
    return isMap(node) || (isAlias(source) && node === undefined);
  });
}

interface Found {
  /** The innermost node that the file has of the path. */
  node: Node | undefined;
  /** The pair whose value `node` is, when the whole path was found and ends in a map. */
  pair: Pair<Node, Node | null> | undefined;
}

function find(document: Document, path: Path): Found {
  const resolve = (node: unknown) => resolved(document, node);
  const pairOf = (map: unknown, key: string | number): Pair<Node, Node | null> | undefined => {
    if (!isMap<Node, Node | null>(map)) return undefined;
    const own = map.items.findLast((item) => isScalar(item.key) && String(item.key.value) === String(key));
    if (own !== undefined) return own;
    for (const item of map.items) {
      if (!isScalar(item.key) || item.key.source !== "<<") continue;
      const merged = resolve(item.value);
      for (const source of isSeq(merged) ? merged.items.map(resolve) : [merged]) {
        const inherited = pairOf(source, key);
        if (inherited !== undefined) return inherited;
      }
    }
    return undefined;
  };

  let node: Node | undefined = document.contents ?? undefined;
  let pair: Pair<Node, Node | null> | undefined;
  for (const step of path) {
    if (isSeq(node)) {
      const element = resolve(node.items[Number(step)]);
      if (element === undefined) return { node, pair: undefined };
      node = element;
      pair = undefined;
    } else {
      const next = pairOf(node, step);
      if (next === undefined) return { node, pair: undefined };
      pair = next;
      node = resolve(next.value);
      if (node === undefined) return { node: next.key, pair: next };
    }
  }
  return { node, pair };
}
