import { toText } from "./conversions.ts";
import type { SqlFunction } from "./functions.ts";
import { javaRegExp } from "./java-regexp.ts";
import type { Value } from "./value.ts";

/** A function of a text and a pattern; Undefined where the pattern is not valid, or more than the engine can do. */
function ofPattern(value: Value, pattern: Value, calculate: (text: string, regExp: RegExp) => Value): Value {
  const text = toText(value);
  const source = toText(pattern);
  const regExp = source === undefined ? undefined : javaRegExp(source);
  if (text === undefined || regExp === undefined) return undefined;
  regExp.lastIndex = 0;
  try {
    return calculate(text, regExp);
  } catch (error) {
    // the engine compiles at first use, and finds only then that a pattern is too large, or backtracks beyond its stack
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Java's replacement text for one match: `$1` or `${name}` is a group, a backslash takes the next character as it is.
 * Undefined where it refers to a group that the pattern lacks.
 */
function expand(
  replacement: string,
  groups: (string | undefined)[],
  named: Record<string, string> | undefined,
): string | undefined {
  let result = "";
  for (let at = 0; at < replacement.length; at++) {
    const character = replacement.charAt(at);
    if (character === "\\") {
      if (++at === replacement.length) return undefined;
      result += replacement.charAt(at);
    } else if (character === "$") {
      const name = /^\{([A-Za-z][A-Za-z0-9]*)\}/.exec(replacement.slice(at + 1));
      if (name !== null) {
        if (named === undefined || !Object.hasOwn(named, name[1] ?? "")) return undefined;
        result += named[name[1] ?? ""] ?? "";
        at += name[0].length;
      } else {
        const digits = /^\d+/.exec(replacement.slice(at + 1))?.[0];
        if (digits === undefined || Number(digits.charAt(0)) >= groups.length) return undefined;
        // as many digits as still name a group, as in Java
        let length = 1;
        while (length < digits.length && Number(digits.slice(0, length + 1)) < groups.length) length++;
        result += groups[Number(digits.slice(0, length))] ?? "";
        at += length;
      }
    } else result += character;
  }
  return result;
}

function replaceAll(text: string, regExp: RegExp, replacement: string): string | undefined {
  let result = "";
  let at = 0;
  for (const match of text.matchAll(regExp)) {
    const expanded = expand(replacement, match, match.groups);
    if (expanded === undefined) return undefined;
    result += text.slice(at, match.index) + expanded;
    at = match.index + match[0].length;
  }
  return result + text.slice(at);
}

export const regexpFunctions = {
  regexp_matches: {
    arity: [2, 2],
    call: (_frame, value, pattern) => ofPattern(value, pattern, (text, regExp) => regExp.test(text)),
  },
  regexp_replace: {
    arity: [3, 3],
    call: (_frame, value, pattern, replacement) => {
      const replacing = toText(replacement);
      if (replacing === undefined) return undefined;
      return ofPattern(value, pattern, (text, regExp) => replaceAll(text, regExp, replacing));
    },
  },
  regexp_substr: {
    arity: [2, 2],
    call: (_frame, value, pattern) => ofPattern(value, pattern, (text, regExp) => regExp.exec(text)?.[0]),
  },
} satisfies Record<string, SqlFunction>;
