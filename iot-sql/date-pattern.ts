/** An element of a pattern of Joda-Time or java.time: a run of one letter, or text that stands for itself. */
export type PatternElement = { letter: string; count: number } | { text: string };

/** Letters, a quote written twice, a quoted text with such quotes inside, or any other character. */
const element = /([A-Za-z])\1*|(?:'')+|'((?:[^']|'')*)'|([^A-Za-z'])/g;

/** Splits a pattern; undefined where a quote is not closed. */
export function patternElements(pattern: string): PatternElement[] | undefined {
  const elements: PatternElement[] = [];
  let end = 0;
  for (const [all, letter, quoted, other] of pattern.matchAll(element)) {
    if (letter !== undefined) elements.push({ letter, count: all.length });
    else elements.push({ text: other ?? (quoted ?? all).replaceAll("''", "'") });
    end += all.length;
  }
  return end === pattern.length ? elements : undefined;
}

export const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** From Sunday, as Date counts. */
export const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

export const shortName = (name: string): string => name.slice(0, 3);
