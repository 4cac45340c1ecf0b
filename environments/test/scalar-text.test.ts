import { expect } from "chai";
import { isScalar, parseDocument } from "yaml";

import { offsetInSource } from "../scalar-text.ts";
import type { WrittenScalar } from "../scalar-text.ts";

/** Where in the file the character stands that `needle` begins with in the value of the document's key `sql`. */
function find(text: string, needle: string): string | undefined {
  const node = parseDocument(text).get("sql", true);
  if (!isScalar(node) || typeof node.value !== "string" || !node.range) throw new Error("no text");
  const source = text.slice(node.range[0], node.range[1]);
  const index = node.value.indexOf(needle);
  if (index === -1) throw new Error(`${needle} is not in the value`);
  const offset = offsetInSource({ style: node.type as WrittenScalar["style"], source, value: node.value }, index);
  return offset === undefined ? undefined : text.slice(node.range[0] + offset).slice(0, needle.length);
}

describe("A place in a text of a YAML file", () => {
  const forms: Record<string, string> = {
    "plain text": "a: 1\nsql: SELECT bad FROM 'x'\n",
    "plain text over lines": "sql: SELECT a,\n  b,\n\n  bad\n  FROM 'x'\n",
    "plain text in a flow map": "{ a: 1, sql: SELECT bad FROM x }",
    "single quotes": "sql: 'SELECT ''a'', bad FROM ''x'''\n",
    "double quotes": 'sql: "SELECT \\"a\\" \\x41\\u0041\\U00000041\\n\\U0001F600 bad"\n',
    "a literal block": "a:\n  - b: 1\nsql: |\n  SELECT a\n\n    , bad\n  FROM 'x'\n",
    "a folded block": "sql: >-\n  SELECT a,\n  b,\n\n  bad\n    FROM 'x'\n",
    "a block with Windows line ends": "sql: |\r\n  SELECT a,\r\n  bad\r\n",
  };
  for (const [form, text] of Object.entries(forms)) {
    it(`is found in ${form}`, () => {
      expect(find(text, "bad")).to.equal("bad");
    });
  }

  it("is found at the end of each form, where a text is cut short", () => {
    const end = (style: WrittenScalar["style"], source: string, value: string) =>
      offsetInSource({ style, source, value }, value.length);
    expect(end("PLAIN", "SELECT", "SELECT")).to.equal(6);
    expect(end("QUOTE_SINGLE", "'it''s'", "it's")).to.equal(6);
    expect(end("QUOTE_DOUBLE", '"a\\"b"', 'a"b')).to.equal(5);
    expect(end("BLOCK_LITERAL", "|\n  SELECT\n", "SELECT\n")).to.equal(10);
  });

  it("is not told within quotes over several lines", () => {
    expect(find("sql: 'SELECT a,\n  bad'\n", "bad")).to.equal(undefined);
  });
});
