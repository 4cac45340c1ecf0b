import { byPrice, confidences, prices, type Cost, type CostReport, type Price } from "@metercast/graph";
import { table } from "./table.ts";

type Row = Record<string, string>;

/** A cost report for people; as Markdown, for docs/cost.md. */
export function costText(report: CostReport, markdown: boolean): string {
  const write = markdown ? markdownTable : table;
  const { month } = report;
  const heading = markdown ? "### " : "";
  return [
    `${heading}Environment ${report.environment}: dollars per million readings\n`,
    write(perMillionRows(report)),
    `${heading}Environment ${report.environment}: dollars per month\n`,
    `${count(month.readings)} readings and ${count(month.observations)} weather observations.\n`,
    write(monthRows(month)),
    ...[...report.assumptions, ...report.notes].map((sentence) => `- ${sentence}`),
    "",
  ].join("\n");
}

/** The prices that are used, with their sources, as Markdown. */
export function priceText(): string {
  const rows = Object.values<Price>(prices).map(({ service, what, unit, dollars, confidence, source }) => ({
    service,
    what,
    dollars: String(dollars),
    per: unit,
    confidence,
    source,
  }));
  const legend = Object.entries(confidences).map(([letter, meaning]) => `- ${letter}: ${meaning}`);
  return `${markdownTable(rows)}\n${legend.join("\n")}\n`;
}

/** A row per price, a column per envelope. */
function perMillionRows({ perMillionReadings }: CostReport): Row[] {
  const columns = perMillionReadings.map((cost) => ({
    title: cost.envelope === 1 ? "one per message" : `${cost.envelope} per message${cost.fits5KB ? " (5 KB)" : ""}`,
    cost,
    dollars: new Map(byPrice(cost).map(({ price, dollars }) => [price, dollars])),
  }));
  const bought = new Map(perMillionReadings.flatMap((cost) => byPrice(cost).map((line) => [line.price, line])));
  const row = (service: string, what: string, valueOf: (column: (typeof columns)[number]) => number): Row => ({
    service,
    what,
    ...Object.fromEntries(columns.map((column) => [column.title, dollarText(valueOf(column))])),
  });
  return [
    ...[...bought.values()].map(({ price, service, what }) =>
      row(service, what, ({ dollars }) => dollars.get(price) ?? 0),
    ),
    row("all", "", ({ cost }) => cost.dollars),
  ];
}

function monthRows(month: Cost): Row[] {
  const rows = byPrice(month).map(({ service, what, quantity, unit, unitPrice, dollars, confidence }) => ({
    service,
    what,
    "quantity": quantityText(quantity),
    unit,
    "dollars each": String(unitPrice),
    "dollars": dollarText(dollars),
    confidence,
  }));
  const empty = { "quantity": "", "unit": "", "dollars each": "" };
  return [...rows, { service: "all", what: "", ...empty, dollars: dollarText(month.dollars), confidence: "" }];
}

/** With tenths of a cent: a million readings in envelopes cost cents. */
function dollarText(dollars: number): string {
  return dollars.toFixed(3);
}

function quantityText(quantity: number): string {
  return quantity >= 100 ? count(quantity) : quantity.toPrecision(3);
}

function count(quantity: number): string {
  return Math.round(quantity).toLocaleString("en-US");
}

function markdownTable(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, columns.map(() => "---"), ...rows.map((row) => columns.map((column) => row[column] ?? ""))];
  return `${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}
