import { QueryError } from "../errors.ts";

/** Letters of MySQL's formats (date_parse, date_format) as strftime's; where they are the same too, so that none slips through. */
const mysql: Readonly<Record<string, string>> = {
  "a": "%a",
  "b": "%b",
  "c": "%-m",
  "d": "%d",
  "e": "%-d",
  "f": "%f",
  "H": "%H",
  "h": "%I",
  "I": "%I",
  "i": "%M",
  "j": "%j",
  "k": "%-H",
  "l": "%-I",
  "M": "%B",
  "m": "%m",
  "p": "%p",
  "r": "%I:%M:%S %p",
  "S": "%S",
  "s": "%S",
  "T": "%H:%M:%S",
  "W": "%A",
  "Y": "%Y",
  "y": "%y",
  "%": "%%",
};

/** Runs of letters of Joda's formats (parse_datetime, format_datetime) as strftime's. */
const joda: Readonly<Record<string, string>> = {
  yyyy: "%Y",
  yy: "%y",
  MM: "%m",
  M: "%-m",
  MMM: "%b",
  MMMM: "%B",
  dd: "%d",
  d: "%-d",
  DDD: "%j",
  HH: "%H",
  H: "%-H",
  hh: "%I",
  h: "%-I",
  mm: "%M",
  m: "%-M",
  ss: "%S",
  s: "%-S",
  SSS: "%g",
  a: "%p",
  EEE: "%a",
  EEEE: "%A",
};

/** @throws QueryError for a letter that strftime has no equal of */
export function fromMysqlFormat(format: string): string {
  return format.replace(/%(.?)/gs, (written, letter: string) => {
    const found = mysql[letter];
    if (found === undefined)
      throw new QueryError(
        `The format ${written} is not one that runs here: ${Object.keys(mysql)
          .map((each) => `%${each}`)
          .join(" ")}.`,
      );
    return found;
  });
}

/** @throws QueryError for letters that strftime has no equal of */
export function fromJodaFormat(format: string): string {
  const parts = format.match(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+/g) ?? [];
  if (parts.join("") !== format) throw new QueryError(`The quotation in the format ${format} does not end.`);
  return parts
    .map((part) => {
      if (part === "''") return "'";
      if (part.startsWith("'")) return part.slice(1, -1).replaceAll("''", "'").replaceAll("%", "%%");
      if (!/^[A-Za-z]/.test(part)) return part.replaceAll("%", "%%");
      const found = joda[part];
      if (found === undefined)
        throw new QueryError(
          `The letters ${part} of a format are not among those that run here: ${Object.keys(joda).join(" ")}.`,
        );
      return found;
    })
    .join("");
}
