import { toIndex, toText } from "./conversions.ts";
import type { SqlFunction } from "./functions.ts";
import type { Value } from "./value.ts";

/** Most spaces that lpad() and rpad() add. */
const mostSpaces = 1000;
const lastAscii = 127;

/** A function of one text; what does not convert to one is Undefined. */
function ofText(calculate: (text: string) => Value): SqlFunction {
  return {
    arity: [1, 1],
    call: (_frame, value) => {
      const text = toText(value);
      return text === undefined ? undefined : calculate(text);
    },
  };
}

/** A function of two texts. */
function ofTexts(calculate: (text: string, other: string) => Value): SqlFunction {
  return {
    arity: [2, 2],
    call: (_frame, value, second) => {
      const text = toText(value);
      const other = toText(second);
      return text === undefined || other === undefined ? undefined : calculate(text, other);
    },
  };
}

/** The second argument is the number of spaces that are added, not the length to reach. */
function padding(pad: (text: string, spaces: string) => string): SqlFunction {
  return {
    arity: [2, 2],
    call: (_frame, value, count) => {
      const text = toText(value);
      const spaces = toIndex(count, "floor");
      if (text === undefined || spaces === undefined) return undefined;
      return pad(text, " ".repeat(Math.min(Math.max(spaces, 0), mostSpaces)));
    },
  };
}

/** From an index, inclusive, to another, exclusive; both are clamped to the text. Decimals round down, as in the examples. */
function substring(value: Value, from: Value, to: Value, hasTo: boolean): Value {
  const text = toText(value);
  const start = toIndex(from, "floor");
  const end = hasTo ? toIndex(to, "floor") : Infinity;
  if (text === undefined || start === undefined || end === undefined) return undefined;
  return text.slice(Math.max(start, 0), Math.max(start, end, 0));
}

/** How many spaces and tabs a text ends with; counted, for a pattern takes quadratic time on a text of many blanks. */
function trailingBlanks(text: string): number {
  let count = 0;
  while (count < text.length && " \t".includes(text.charAt(text.length - 1 - count))) count++;
  return count;
}

/** Functions on text; positions and lengths count UTF-16 units, as Java's do. */
export const textFunctions = {
  chr: {
    arity: [1, 1],
    call: (_frame, value) => {
      const code = toIndex(value, "floor");
      return code === undefined || code < 0 || code > lastAscii ? undefined : String.fromCharCode(code);
    },
  },
  endswith: ofTexts((text, end) => text.endsWith(end)),
  indexof: ofTexts((text, part) => text.indexOf(part)),
  length: ofText((text) => text.length),
  lower: ofText((text) => text.toLowerCase()),
  lpad: padding((text, spaces) => spaces + text),
  ltrim: ofText((text) => text.replace(/^[ \t]+/, "")),
  numbytes: ofText((text) => Buffer.byteLength(text)),
  replace: {
    arity: [3, 3],
    call: (_frame, value, part, replacement) => {
      const text = toText(value);
      const from = toText(part);
      const to = toText(replacement);
      return text === undefined || from === undefined || to === undefined ? undefined : text.replaceAll(from, () => to);
    },
  },
  rpad: padding((text, spaces) => text + spaces),
  rtrim: ofText((text) => text.slice(0, text.length - trailingBlanks(text))),
  startswith: ofTexts((text, start) => text.startsWith(start)),
  substring: {
    arity: [2, 3],
    call: (_frame, ...args) => substring(args[0], args[1], args[2], args.length > 2),
  },
  trim: ofText((text) => text.trim()),
  upper: ofText((text) => text.toUpperCase()),
} satisfies Record<string, SqlFunction>;
