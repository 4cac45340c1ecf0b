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

/** Java's escapes that JavaScript lacks, outside of a class. */
const escapes = new Map([
  ["A", "(?<![^])"],
  ["z", "(?![^])"],
  ["Z", "(?=\\n?(?![^]))"],
  ["h", "[ \\t\\xA0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]"],
  ["R", "(?:\\r\\n|[\\n-\\r\\x85\\u2028\\u2029])"],
  ["a", "\\x07"],
  ["e", "\\x1B"],
]);

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
    return new RegExp(translated(pattern.slice(leading?.[0].length ?? 0)), `g${[...new Set(flags)].join("")}`);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function translated(pattern: string): string {
  let result = "";
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "\\") {
      const escaped = escape(pattern, at, inClass);
      result += escaped.text;
      at = escaped.end - 1;
    } else if (inClass) {
      if (character === "[" || pattern.startsWith("&&", at)) throw new SyntaxError("no unions or intersections here");
      if (character === "]") inClass = false;
      result += character;
    } else {
      if (character === "[") inClass = true;
      else if (character === "+" && /(?:^|[^\\])[*+?}]$/.test(result))
        throw new SyntaxError("no possessive quantifiers here");
      else if (pattern.startsWith("(?>", at)) throw new SyntaxError("no atomic groups here");
      result += character;
    }
  }
  return result;
}

/** The escape that begins at an offset, and the offset behind it. */
function escape(pattern: string, at: number, inClass: boolean): { text: string; end: number } {
  const letter = pattern.charAt(at + 1);
  if (letter === "Q") {
    const close = pattern.indexOf("\\E", at + 2);
    const literal = pattern.slice(at + 2, close === -1 ? pattern.length : close);
    const special = inClass ? /[\\^\]&[-]/g : /[\\^$.*+?()[\]{}|/]/g;
    return { text: literal.replace(special, "\\$&"), end: close === -1 ? pattern.length : close + 2 };
  }
  const named = /^\\([pP])\{(?:Is|java)?(\w+)\}/.exec(pattern.slice(at));
  if (named !== null) {
    const [all, kind, name = ""] = named;
    const set = namedClasses.get(name);
    if (set === undefined || (inClass && kind === "P")) throw new SyntaxError(`no class ${name} here`);
    return { text: inClass ? set : kind === "p" ? `[${set}]` : `[^${set}]`, end: at + all.length };
  }
  const other = inClass ? undefined : escapes.get(letter);
  if (letter === "p" || letter === "P" || letter === "G" || letter === "X")
    throw new SyntaxError(`no \\${letter} here`);
  return { text: other ?? `\\${letter}`, end: at + 2 };
}
