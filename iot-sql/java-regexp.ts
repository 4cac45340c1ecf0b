/** What Java's patterns name otherwise than JavaScript's, for ASCII as in Java without UNICODE_CHARACTER_CLASS. */
const namedClasses = new Map([
  ["Lower", "a-z"],
  ["Upper", "A-Z"],
  ["ASCII", "\\x00-\\x7F"],
  ["Alpha", "a-zA-Z"],
  ["Digit", "0-9"],
  ["Alnum", "a-zA-Z0-9"],
  ["Punct", "!-\\/:-@\\[-`{-~"],
  ["Graph", "!-~"],
  ["Print", " -~"],
  ["Blank", " \\t"],
  ["Cntrl", "\\x00-\\x1F\\x7F"],
  ["XDigit", "0-9a-fA-F"],
  ["Space", " \\t\\n\\x0B\\f\\r"],
]);

/** Sets of characters by their escape, as Java has them; JavaScript's `\s` has more, and its `\v` is one character. */
const sets = new Map([
  ["d", "0-9"],
  ["D", "\\x00-\\/:-\\u{10FFFF}"],
  ["w", "a-zA-Z0-9_"],
  ["W", "\\x00-\\/:-@\\[-\\^`{-\\u{10FFFF}"],
  ["s", " \\t-\\r"],
  ["S", "\\x00-\\x08\\x0E-\\x1F!-\\u{10FFFF}"],
  ["h", " \\t\\xA0\\u1680\\u180E\\u2000-\\u200A\\u202F\\u205F\\u3000"],
  ["v", "\\n-\\r\\x85\\u2028\\u2029"],
]);

const lineEnd = "(?:\\r\\n|[\\n-\\r\\x85\\u2028\\u2029])";

/** Escapes that stand for a place or for several characters, which a class has none of. */
const outside = new Map([
  ["A", "(?<![^])"],
  ["b", "\\b"],
  ["B", "\\B"],
  ["z", "(?![^])"],
  ["Z", `(?=${lineEnd}?(?![^]))`],
  ["R", lineEnd],
]);

/** Escapes of one character. */
const characters = new Map([
  ["t", "\\t"],
  ["n", "\\n"],
  ["r", "\\r"],
  ["f", "\\f"],
  ["a", "\\x07"],
  ["e", "\\x1B"],
]);

/** Java's binary properties that JavaScript knows by the same name. */
const properties = new Set(["Alphabetic", "Ideographic", "Lowercase", "Uppercase", "White_Space"]);

const flagNames = new Map([
  ["i", "i"],
  ["m", "m"],
  ["s", "s"],
]);

/** Patterns are few, and mostly literals of a rule; a payload may still bring any number of them. */
const mostKept = 100;
const kept = new Map<string, RegExp | undefined>();

/** A Java pattern as a global RegExp, or undefined where it is not valid, or not to be expressed in JavaScript. */
export function javaRegExp(pattern: string): RegExp | undefined {
  if (kept.has(pattern)) return kept.get(pattern);
  const regExp = compiled(pattern);
  if (kept.size >= mostKept) kept.clear();
  kept.set(pattern, regExp);
  return regExp;
}

function compiled(pattern: string): RegExp | undefined {
  const leading = /^\(\?([a-z]+)\)/.exec(pattern);
  const flags = [...(leading?.[1] ?? "")].map((flag) => flagNames.get(flag));
  if (flags.includes(undefined)) return undefined;
  try {
    const source = translated(pattern.slice(leading?.[0].length ?? 0), flags.includes("m"));
    return new RegExp(source, `gu${[...new Set(flags)].join("")}`);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What a pattern outside of classes is made of: an escape, a class, a quantifier, or a character. */
function translated(pattern: string, multiline: boolean): string {
  let result = "";
  let quantified = false;
  for (let at = 0; at < pattern.length;) {
    const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(pattern.slice(at))?.[0];
    const part = quantifier ? { text: quantifier, end: at + quantifier.length } : partAt(pattern, at, multiline);
    if (quantified && quantifier === "+") throw new SyntaxError("no possessive quantifiers here");
    quantified = quantifier !== undefined && !quantified;
    result += part.text;
    at = part.end;
  }
  return result;
}

interface Part {
  text: string;
  /** The offset behind it. */
  end: number;
}

function partAt(pattern: string, at: number, multiline: boolean): Part {
  const character = pattern.charAt(at);
  const end = at + 1;
  if (character === "\\") return escape(pattern, at, false);
  if (character === "[") return classAt(pattern, at);
  // without (?m) Java's `$` is also before a line's end that ends the text
  if (character === "$") return { text: multiline ? "$" : (outside.get("Z") ?? ""), end };
  if (character === "{") throw new SyntaxError("`{` without a number of repetitions");
  if (character === "]" || character === "}") return { text: `\\${character}`, end };
  return { text: character, end };
}

/** A class of characters; a `]` at its beginning stands for itself, a `-` beside a set too. */
function classAt(pattern: string, start: number): Part {
  let result = pattern[start + 1] === "^" ? "[^" : "[";
  const first = start + result.length;
  let afterSet = false;
  for (let at = first; at < pattern.length;) {
    const character = pattern.charAt(at);
    if (character === "]" && at > first) return { text: `${result}]`, end: at + 1 };
    if (character === "[" || pattern.startsWith("&&", at)) throw new SyntaxError("no unions or intersections here");
    const part =
      character === "\\"
        ? escape(pattern, at, true)
        : { text: character === "]" || (character === "-" && afterSet) ? `\\${character}` : character, end: at + 1 };
    afterSet = character === "\\" && /[dDwWsShvpP]/.test(pattern.charAt(at + 1));
    result += part.text;
    at = part.end;
  }
  throw new SyntaxError("a class has no end");
}

/** The escape that begins at an offset; those of a set are the set alone in a class. */
function escape(pattern: string, at: number, inClass: boolean): Part {
  const codePoint = pattern.codePointAt(at + 1);
  if (codePoint === undefined) throw new SyntaxError("a backslash has something behind it");
  const letter = String.fromCodePoint(codePoint);
  const end = at + 1 + letter.length;
  if (letter === "Q") return quoted(pattern, at, inClass);
  if (letter === "p" || letter === "P") return property(pattern, at, inClass);
  const set = sets.get(letter);
  if (set !== undefined) return { text: inClass ? set : `[${set}]`, end };
  const known = characters.get(letter) ?? (inClass ? undefined : outside.get(letter));
  if (known !== undefined) return { text: known, end };
  const code = /^\\(?:x([\dA-Fa-f]{2})|x\{([\dA-Fa-f]{1,6})\}|u([\dA-Fa-f]{4})|0([0-3]?[0-7]{1,2}))/.exec(
    pattern.slice(at),
  );
  if (code !== null) {
    const digits = code[1] ?? code[2] ?? code[3] ?? Number.parseInt(code[4] ?? "", 8).toString(16);
    return { text: `\\u{${digits}}`, end: at + code[0].length };
  }
  const many = /^\\([1-9]\d)/.exec(pattern.slice(at))?.[1];
  if (Number(many) < pattern.slice(0, at).split("(").length) throw new SyntaxError("no groups beyond the ninth here");
  const reference = inClass ? null : /^\\(?:[1-9]|k<[A-Za-z][A-Za-z0-9]*>)/.exec(pattern.slice(at));
  if (reference !== null) return { text: `(?:${reference[0]})`, end: at + reference[0].length };
  if (/^[A-Za-z0-9]$/.test(letter)) throw new SyntaxError(`no \\${letter} here`);
  return { text: literal(letter, inClass), end };
}

/** Text that stands for itself. */
function literal(text: string, inClass: boolean): string {
  return text.replace(inClass ? /[\\^\][-]/g : /[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function quoted(pattern: string, at: number, inClass: boolean): Part {
  const close = pattern.indexOf("\\E", at + 2);
  const text = pattern.slice(at + 2, close === -1 ? pattern.length : close);
  return { text: literal(text, inClass), end: close === -1 ? pattern.length : close + 2 };
}

/** A named class: POSIX's, a general category, or with Is a property or a script. */
function property(pattern: string, at: number, inClass: boolean): Part {
  const [all, kind, short, long = ""] = /^\\([pP])(?:([A-Z])|\{(\w+)\})/.exec(pattern.slice(at)) ?? [];
  if (all === undefined) throw new SyntaxError("a class has a name");
  const end = at + all.length;
  const set = namedClasses.get(long);
  if (set !== undefined) {
    if (inClass && kind === "P") throw new SyntaxError(`no class without ${long} here`);
    return { text: inClass ? set : kind === "p" ? `[${set}]` : `[^${set}]`, end };
  }
  const name = long.replace(/^Is/, "");
  const category = short ?? (/^[LMNPSZC][a-z]?$/.test(name) ? name : undefined);
  if (category === undefined && name === long) throw new SyntaxError(`no class ${long} here`);
  const property = category ?? (properties.has(name) ? name : `Script=${name}`);
  return { text: `\\${kind}{${property}}`, end };
}
