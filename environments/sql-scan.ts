interface Part {
  text: string;
  /** 0-based. */
  index: number;
}

/** The outline of a statement of Athena's: what stands outside of texts, quoted names and comments. */
export interface SqlOutline {
  /** Texts, quoted names, comments and brackets without an end. */
  faults: { index: number; message: string }[];
  /** Words and single signs, in order. */
  words: Part[];
  /** Parameters, without their colons. */
  names: Part[];
  /** Where semicolons stand. */
  ends: number[];
}

const parts =
  /(--[^\n]*)|(\/\*[\s\S]*?(?:\*\/|$))|('(?:[^']|'')*(?:'|$))|("(?:[^"]|"")*(?:"|$))|(::)|:([A-Za-z_]\w*)|([A-Za-z_]\w*|\d[\w.]*)|(\S)/g;

/** Reads SQL as Trino's grammar divides it: texts in ', names in ", comments after -- and between slashes and stars. */
export function scanSql(text: string): SqlOutline {
  const outline: SqlOutline = { faults: [], words: [], names: [], ends: [] };
  const open: number[] = [];
  const fault = (index: number, message: string) => outline.faults.push({ index, message });
  for (const match of text.matchAll(parts)) {
    const { 0: whole, index } = match;
    const [, line, comment, quoted, name, , parameter, word, sign] = match;
    if (line !== undefined) continue;
    if (comment !== undefined) {
      if (comment.length < 4 || !comment.endsWith("*/")) fault(index, "this comment has no end");
      continue;
    }
    if (quoted !== undefined && !isClosed(quoted, "'")) fault(index, "this text in '...' has no end");
    if (name !== undefined && !isClosed(name, '"')) fault(index, 'this name in "..." has no end');
    if (parameter !== undefined) outline.names.push({ text: parameter, index });
    if (word !== undefined || quoted !== undefined || name !== undefined) outline.words.push({ text: whole, index });
    if (sign === ";") outline.ends.push(index);
    else if (sign !== undefined) outline.words.push({ text: sign, index });
    if (sign === "(") open.push(index);
    if (sign === ")" && open.pop() === undefined) fault(index, "this bracket closes nothing");
  }
  for (const index of open) fault(index, "this bracket is not closed");
  return outline;
}

/** Two quotation marks inside stand for one. */
function isClosed(text: string, mark: string): boolean {
  return text.length > 1 && text.endsWith(mark) && (text.split(mark).length - 1) % 2 === 0;
}
