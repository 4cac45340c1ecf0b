/** A date format of Java's DateTimeFormatter in its common part: numbers of fixed width and signs between them. */
export interface DatePattern {
  /** Milliseconds since 1970 UTC of the start of what the text names; undefined where the text is not in the format. */
  parse(text: string): number | undefined;
  /** The start of the step that a time falls into: of its day, of its month ... */
  floor(time: number): number;
  /** A regular expression of the format, without groups. */
  pattern: string;
  /** The same format for DuckDB's strptime. */
  strptime: string;
  /** The step between two values. */
  unit: "YEARS" | "MONTHS" | "DAYS" | "HOURS" | "MINUTES" | "SECONDS";
}

const fields = [
  { letters: "yyyy", unit: "YEARS", strptime: "%Y" },
  { letters: "MM", unit: "MONTHS", strptime: "%m" },
  { letters: "dd", unit: "DAYS", strptime: "%d" },
  { letters: "HH", unit: "HOURS", strptime: "%H" },
  { letters: "mm", unit: "MINUTES", strptime: "%M" },
  { letters: "ss", unit: "SECONDS", strptime: "%S" },
] as const;

/** undefined for a format with another letter, a field twice, or without its larger fields (`dd` alone is no date). */
export function datePattern(format: string): DatePattern | undefined {
  const parts = format.match(/[A-Za-z]+|'[^']*'|[^A-Za-z']+/g);
  if (!parts || parts.join("") !== format) return undefined;
  const order: number[] = [];
  let pattern = "";
  let strptime = "";
  for (const part of parts) {
    const field = fields.findIndex(({ letters }) => letters === part);
    if (field >= 0) {
      order.push(field);
      pattern += `(\\d{${part.length}})`;
      strptime += fields[field]?.strptime;
    } else if (/^[A-Za-z]/.test(part)) {
      return undefined;
    } else {
      const signs = part.startsWith("'") ? part.slice(1, -1) : part;
      if (/[()]/.test(signs)) return undefined;
      pattern += signs.replace(/[\\^$.*+?[\]{}|]/g, "\\$&");
      strptime += signs.replaceAll("%", "%%");
    }
  }
  const finest = fields[order.length - 1];
  if (!finest || [...order].sort((a, b) => a - b).some((field, index) => field !== index)) return undefined;
  const expression = new RegExp(`^${pattern}$`);
  return {
    parse: (text) => {
      const match = expression.exec(text);
      if (!match) return undefined;
      const values = [1970, 1, 1, 0, 0, 0];
      order.forEach((field, group) => (values[field] = Number(match[group + 1])));
      const [year, month, day, hour, minute, second] = values as [number, number, number, number, number, number];
      const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
      const real = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
      return real && hour < 24 && minute < 60 && second < 60 ? date.getTime() : undefined;
    },
    floor: (time) => {
      const date = new Date(time);
      const values = [
        date.getUTCFullYear(),
        date.getUTCMonth(),
        date.getUTCDate(),
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds(),
      ];
      const parts = [1970, 0, 1, 0, 0, 0].map((least, field) =>
        field < order.length ? (values[field] ?? least) : least,
      );
      const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
      return Date.UTC(year, month, day, hour, minute, second);
    },
    pattern: pattern.replace(/[()]/g, ""),
    strptime,
    unit: finest.unit,
  };
}
