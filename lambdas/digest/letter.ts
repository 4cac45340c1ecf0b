import type { DigestConfig } from "./config.ts";
import type { DigestFigures, Series, UseFigure } from "./figures.ts";

export interface Letter {
  subject: string;
  text: string;
  html: string;
}

/** How many silent meters are told one by one. */
const mostSilent = 20;

interface Section {
  title: string;
  /** In place of rows, or before them. */
  words?: string;
  head: readonly string[];
  /** A cell per column; those from `numbers` on are figures. */
  rows: readonly (readonly string[])[];
  numbers: number;
}

/**
 * A digest as a letter, as text and as HTML. Names come from the environment's file and from the register of buildings,
 * which anybody may have written: they are made plain here, and never markup.
 */
export function letterOf(config: DigestConfig, figures: DigestFigures): Letter {
  const { environment } = config;
  const { day, asked } = figures;
  const sections = sectionsOf(config, figures);
  const title = day === undefined ? "Energy use: no readings" : `Energy use of ${longDay(day)}`;
  const notes = [
    ...(day === undefined
      ? [`There are no readings up to ${longDay(asked)}: nothing has been loaded, or no run has made the datasets yet.`]
      : []),
    ...(day !== undefined && day < asked
      ? [`There are no readings of ${longDay(asked)}; the latest day that has any is ${longDay(day)}.`]
      : []),
  ];
  const foot = `metercast, environment ${environment}. Days are those of each city's clock.`;
  return {
    subject: plain(`${title} (${environment})`),
    text: [title, ...notes, ...sections.map(asText), foot].join("\n\n") + "\n",
    html: page(title, [...notes.map((note) => `<p>${escaped(note)}</p>`), ...sections.map(asHtml)], foot),
  };
}

function sectionsOf(config: DigestConfig, { day, use, expected, mostOff, silent }: DigestFigures): Section[] {
  if (day === undefined) return [];
  const label = (city: string) => plain(config.cities.find(({ name }) => name === city)?.label ?? (city || "no city"));
  const zone = (city: string) => config.cities.find(({ name }) => name === city)?.timeZone ?? config.timeZone;
  const meter = (code: number) => config.meterTypes.find((type) => type.code === code)?.name ?? `meter ${code}`;
  const amount = (value: number, code: number) =>
    plain(`${number(value)} ${config.meterTypes.find((type) => type.code === code)?.unit ?? ""}`);
  const building = ({ building: id, primaryUse }: Series) => plain(`${id} ${primaryUse ?? ""}`);
  return [
    {
      title: "Use",
      head: ["City", "Meter type", "Use", "Against a week before", "Meters"],
      numbers: 2,
      rows: use.map((one) => [
        label(one.city),
        meter(one.meter),
        amount(one.use, one.meter),
        change(one),
        number(one.buildings),
      ]),
      ...(use.length === 0 ? { words: "No meter had a reading that could be used." } : {}),
    },
    {
      title: "Expected next",
      head: ["City", "Meter type", "Expected", "Hours, by the city's clock"],
      numbers: 2,
      rows: expected.map((one) => [
        label(one.city),
        meter(one.meter),
        amount(one.expected, one.meter),
        `${moment(one.from, zone(one.city))} to ${moment(one.to, zone(one.city))}`,
      ]),
      ...(expected.length === 0 ? { words: "There is no forecast." } : {}),
    },
    {
      title: "Most off",
      head: ["Building", "City", "Meter type", "Measured", "Expected"],
      numbers: 3,
      rows: mostOff.map((one) => [
        building(one),
        label(one.city),
        meter(one.meter),
        amount(one.measured, one.meter),
        amount(one.expected, one.meter),
      ]),
      ...(mostOff.length === 0 ? { words: "No meter has been compared with a forecast of this day." } : {}),
    },
    {
      title: silent.length === 0 ? "Silent" : `Silent: ${silent.length}`,
      head: ["Building", "City", "Meter type", "Last reading, the city's clock", "Hours behind"],
      numbers: 3,
      rows: silent
        .slice(0, mostSilent)
        .map((one) => [
          building(one),
          label(one.city),
          meter(one.meter),
          moment(one.since, zone(one.city)),
          number(one.hours),
        ]),
      ...(silent.length === 0 ? { words: "No meter is silent." } : {}),
      ...(silent.length > mostSilent ? { words: `The ${mostSilent} that have been silent longest:` } : {}),
    },
  ];
}

const numbers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

function number(value: number): string {
  return Math.abs(value) < 10 && !Number.isInteger(value) ? value.toFixed(1) : numbers.format(value);
}

/** A day has 23, 24 or 25 hours, as its clock goes: those that differ by more than this are not compared. */
const comparableHours = 1;

function change({ use, hours, weekBefore: before }: UseFigure): string {
  if (before === undefined || before.use === 0) return "–";
  if (Math.abs(hours - before.hours) > comparableHours) return `${hours} hours, not ${before.hours}`;
  const share = Math.round((use / before.use - 1) * 100);
  return `${share > 0 ? "+" : ""}${share} %`;
}

function longDay(day: string): string {
  return new Intl.DateTimeFormat("en-US", { dateStyle: "full", timeZone: "UTC" }).format(
    Date.parse(`${day}T00:00:00Z`),
  );
}

function moment(time: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return parts.format(time);
}

/** One line, without control characters: a name cannot make a line or a header of its own. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

function asText({ title, words, head, rows, numbers: from }: Section): string {
  if (rows.length === 0) return `${title}\n  ${words ?? ""}`;
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => (column < from ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join("  ")}`.trimEnd();
  return [title, ...(words === undefined ? [] : [`  ${words}`]), line(head), ...rows.map(line)].join("\n");
}

/** The five characters that mean something in HTML, in text as in a quoted attribute. */
function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

// Mail programs know little of style sheets: each element carries its own.
const styles = {
  body: "margin:0;padding:24px;background:#F6F7F9;color:#17202B;font:15px/1.5 -apple-system,'Segoe UI',Roboto,Arial,sans-serif",
  main: "max-width:720px;margin:0 auto;padding:24px;background:#FFFFFF;border-radius:8px",
  title: "margin:0 0 16px;font-size:20px",
  section: "margin:24px 0 8px;font-size:16px",
  table: "width:100%;border-collapse:collapse",
  head: "padding:6px 8px;border-bottom:2px solid #D5DAE1;color:#55606E;font-size:13px;font-weight:600",
  cell: "padding:6px 8px;border-bottom:1px solid #E5E7EB",
  foot: "margin:24px 0 0;color:#55606E;font-size:13px",
} as const;

function asHtml({ title, words, head, rows, numbers: from }: Section): string {
  const align = (column: number) => `text-align:${column < from ? "left" : "right"}`;
  const heads = head.map(
    (cell, column) => `<th scope="col" style="${styles.head};${align(column)}">${escaped(cell)}</th>`,
  );
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, column) => `<td style="${styles.cell};${align(column)}">${escaped(cell)}</td>`).join("")}</tr>`,
  );
  return [
    `<h2 style="${styles.section}">${escaped(title)}</h2>`,
    ...(words === undefined ? [] : [`<p>${escaped(words)}</p>`]),
    ...(rows.length === 0
      ? []
      : [
          `<table style="${styles.table}"><thead><tr>${heads.join("")}</tr></thead><tbody>${body.join("")}</tbody></table>`,
        ]),
  ].join("\n");
}

function page(title: string, parts: readonly string[], foot: string): string {
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title></head>`,
    `<body style="${styles.body}"><main style="${styles.main}">`,
    `<h1 style="${styles.title}">${escaped(title)}</h1>`,
    ...parts,
    `<p style="${styles.foot}">${escaped(foot)}</p>`,
    "</main></body></html>",
    "",
  ].join("\n");
}
