import { expect } from "chai";
import { output } from "./message.ts";

/** What regexp_substr() finds as JSON text; the empty text for Undefined. */
function found(text: string, pattern: string): string | undefined {
  return output("SELECT VALUE regexp_substr(text, pattern) FROM 't'", { text, pattern });
}

describe("a pattern of Java", () => {
  const matches: [text: string, pattern: string, match: string][] = [
    ["𝄞", "^.$", "𝄞"],
    ["𝄞𝄞", "𝄞{2}", "𝄞𝄞"],
    ["abc\n", "c$", "c"],
    ["abc\nx", "(?m)c$", "c"],
    ["a]", "[]a]+", "a]"],
    ["a}]", "a}]", "a}]"],
    ["x-y.z", "[\\w-.]+", "x-y.z"],
    ["a#b/c-d e", "a\\#b\\/c\\-d\\ e", "a#b/c-d e"],
    ["a", "\\x{61}", "a"],
    ["A", "\\0101", "A"],
    ["a1", "\\p{L}\\p{N}", "a1"],
    ["é", "\\pL", "é"],
    ["Ω", "\\p{IsGreek}", "Ω"],
    ["é", "[\\p{IsAlphabetic}]", "é"],
    ["a\u00a0b", "a[\\S]b", "a\u00a0b"],
    ["a\u000bb", "a\\vb", "a\u000bb"],
    ["a\r\nb", "a\\Rb", "a\r\nb"],
    ["^-]", "[\\Q^-]\\E]+", "^-]"],
    ["a&b", "a&b", "a&b"],
    ["abab", "(?<x>ab)\\k<x>", "abab"],
    ["aa1", "(a)\\11", "aa1"],
    ["aB", "a(?i:b)", "aB"],
  ];
  for (const [text, pattern, match] of matches) {
    it(`finds ${JSON.stringify(match)} by ${pattern}`, () => {
      expect(found(text, pattern)).to.equal(JSON.stringify(match));
    });
  }

  const misses: [text: string, pattern: string][] = [
    ["a\u00a0b", "a\\sb"],
    ["abc\nx", "c$"],
    ["a\nb", "a.b"],
    ["A", "[\\p{Lower}]"],
    ["AB", "a(?i:b)"],
  ];
  for (const [text, pattern] of misses) {
    it(`finds nothing in ${JSON.stringify(text)} by ${pattern}`, () => {
      expect(output("SELECT VALUE regexp_matches(text, pattern) FROM 't'", { text, pattern })).to.equal("false");
    });
  }

  const invalid = ["(", "[a", "{", "a{,2}", "\\", "\\y", "\\p{Nope}", "\\p{IsNope}", "[\\b]"];
  const javaOnly = ["a++", "a(?>b)", "(?x)a", "[a-z&&[^b]]"];
  for (const pattern of [...invalid, ...javaOnly]) {
    it(`gives Undefined by ${pattern}`, () => expect(found("ab{", pattern)).to.equal(""));
  }

  it("gives Undefined where it is too large for the engine", () => {
    expect(found("a", "a".repeat(130_000))).to.equal("");
  });
});
