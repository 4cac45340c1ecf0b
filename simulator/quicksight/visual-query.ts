import type { DuckDBValue } from "@duckdb/node-api";
import type { Cell, Picked, VisualData } from "../../page/api.ts";
import type { ShownField, Order } from "./fields.ts";
import { pickCondition, type ParameterValues } from "./filters.ts";
import type { Bound } from "./resident-tables.ts";
import { columnOf, fieldsOf, type Axis, type ShownVisual } from "./shown-visual.ts";

/** What a reader has chosen. */
export interface Chosen {
  values: ParameterValues;
  picks: readonly Picked[];
  /** Of a table, from 1; undefined for all of its rows. */
  page: number | undefined;
}

/** A statement with the values of $1, $2 ..., and what its rows tell. */
export interface VisualQuery {
  /** @param table of the data set, in SQL */
  sqlOf: (table: string) => string;
  bound: Bound[];
  read: (rows: DuckDBValue[][]) => Pick<VisualData, "rows" | "limits" | "emphases">;
}

/** What the rows of the data set are called that the filters let pass. */
const source = "source";

/** Rows that a visual has at most: more marks than anybody can tell apart. */
const mostRows = 50_000;

/** Rows of a file at most. */
export const mostRowsOfFile = 1_000_000;

/** The SQL of a visual: what is not a declared name is bound, never part of the text. */
export function visualQuery(visual: ShownVisual, { values, picks, page }: Chosen): VisualQuery {
  const bound: Bound[] = [];
  const bind = (value: Bound): string => {
    const place = bound.indexOf(value);
    return `$${place >= 0 ? place + 1 : bound.push(value)}`;
  };
  const conditions = [
    ...visual.filters.map((filter) => filter(values, bind)),
    ...picks.map((pick) => pickCondition(pick, visual.dataSet, bind)),
  ].filter((condition) => condition !== undefined);
  const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  const { shape } = visual;
  // each part of the statement looks at the columns that it needs
  const filtered = (table: string) => `${source} AS NOT MATERIALIZED (SELECT * FROM ${table}${where})`;
  if (shape.kind === "grouped") {
    const { parts, select, read } = groupedQuery(shape);
    return { bound, sqlOf: (table) => `WITH ${[filtered(table), ...parts].join(", ")} ${select}`, read };
  }

  const fields = fieldsOf(shape);
  const emphases = visual.emphases.map(({ sql }, index) => `${sql(bind)} AS e${index}`);
  const items = [...fields.map(({ sql }, index) => `${sql} AS f${index}`), ...emphases];
  const grouping = shape.kind === "table" ? groupBy(shape.groups) : "";
  const order = orderBy([...shape.order, ...fields.filter(({ aggregate }) => !aggregate).map(ascending)]);
  const limit = page === undefined ? mostRowsOfFile : shape.pageRows;
  const offset = page === undefined ? 0 : (page - 1) * shape.pageRows;
  const ordered = `SELECT ${items.join(", ")}, count(*) OVER () AS total FROM ${source}${grouping}${order}`;
  const shown = [...cells(fields), ...emphases.map((_, index) => `e${index}`), "total::DOUBLE"];
  return {
    bound,
    sqlOf: (table) =>
      `WITH ${filtered(table)} SELECT ${shown.join(", ")} FROM (${ordered} LIMIT ${limit} OFFSET ${offset})`,
    read: (rows) => {
      const total = Number(rows[0]?.at(-1) ?? 0);
      return {
        rows: rows.map((row) => row.slice(0, fields.length) as Cell[]),
        limits: total > rows.length ? [{ of: "rows", shown: rows.length, total }] : [],
        emphases: visual.emphases.map(({ field, color }, index) => ({
          field,
          color,
          rows: rows.flatMap((row, place) => (row[fields.length + index] === true ? [place] : [])),
        })),
      };
    },
  };
}

/**
 * The figures of each combination, and of each axis the place of what stands along it: by its own total over the other
 * axes, as QuickSight sorts and limits.
 */
function groupedQuery({ axes, measures }: Extract<ShownVisual["shape"], { kind: "grouped" }>): {
  /** Named parts of the statement, which its SELECT puts together. */
  parts: string[];
  select: string;
  read: VisualQuery["read"];
} {
  const fields = [...axes.flatMap((axis) => axis.fields), ...measures];
  const groups = axes.flatMap((axis) => axis.fields);
  const figures = `SELECT ${fields.map(({ sql }, index) => `${sql} AS f${index}`).join(", ")} FROM ${source}${groupBy(groups)}`;
  let first = 0;
  const named = axes.map((axis, index) => {
    const names = axis.fields.map((_, offset) => `f${first + offset}`);
    first += axis.fields.length;
    return { axis, name: `a${index}`, names, own: ownOrder(axis, names) };
  });
  const placed = named.filter(({ own }) => own === undefined);
  const places = placed.map(({ axis, name, names }) => `${name} AS (${placesOf(axis, names)})`);
  const joins = placed.map(({ name, names }) => {
    const same = names.map((field) => `figures.${field} IS NOT DISTINCT FROM ${name}.${field}`).join(" AND ");
    return ` JOIN ${name} ON ${same}`;
  });
  const limits = placed.flatMap(({ axis, name }) => (axis.most === undefined ? [] : [`${name}.rank <= ${axis.most}`]));
  const order = named.map(({ name, own }) => own ?? `${name}.place`);
  const totals = placed.map(({ name }) => `${name}.total::DOUBLE`);
  return {
    parts: [`figures AS (${figures})`, ...places],
    select:
      `SELECT ${[...cells(fields, "figures."), ...totals].join(", ")} FROM figures${joins.join("")}` +
      (limits.length === 0 ? "" : ` WHERE ${limits.join(" AND ")}`) +
      (order.length === 0 ? "" : ` ORDER BY ${order.join(", ")}`) +
      ` LIMIT ${mostRows}`,
    read: (rows) => ({
      rows: rows.map((row) => row.slice(0, fields.length) as Cell[]),
      limits: placed.flatMap(({ axis }, index): VisualData["limits"] => {
        const total = Number(rows[0]?.[fields.length + index] ?? 0);
        if (axis.most === undefined || total <= axis.most) return [];
        return [{ of: axis.of, shown: axis.most, total }];
      }),
      emphases: [],
    }),
  };
}

/** The order of what stands along an axis in whole, by nothing but itself: it needs no places. */
function ownOrder({ fields, order, most }: Axis, names: string[]): string | undefined {
  const terms = [...order, ...fields.map(ascending)].map(({ sql, direction }) => {
    const index = fields.findIndex((field) => field.sql === sql);
    return index < 0 ? undefined : `figures.${names[index]} ${direction} NULLS LAST`;
  });
  return most !== undefined || terms.includes(undefined) ? undefined : terms.join(", ");
}

function placesOf({ fields, order, rank }: Axis, names: string[]): string {
  const items = fields.map(({ sql }, index) => `${sql} AS ${names[index]}`);
  const own = fields.map(ascending);
  const place = `row_number() OVER (${orderBy([...order, ...own]).trim()})`;
  const ranked = rank ? `row_number() OVER (${orderBy([...rank, ...own]).trim()})` : place;
  return `SELECT ${items.join(", ")}, ${place} AS place, ${ranked} AS rank, count(*) OVER () AS total FROM ${source}${groupBy(fields)}`;
}

/** Figures without groups are one row. */
function groupBy(fields: readonly ShownField[]): string {
  return fields.length === 0 ? "" : ` GROUP BY ${fields.map(({ sql }) => sql).join(", ")}`;
}

function orderBy(orders: readonly Order[]): string {
  if (orders.length === 0) return "";
  return ` ORDER BY ${orders.map(({ sql, direction }) => `${sql} ${direction} NULLS LAST`).join(", ")}`;
}

function ascending({ sql }: ShownField): Order {
  return { sql, direction: "ASC" };
}

/** As the browser gets them: numbers and texts. */
function cells(fields: readonly ShownField[], prefix = ""): string[] {
  return fields.map(({ type }, index) => {
    const name = `${prefix}f${index}`;
    if (type === "time") return `epoch_ms(${name})::DOUBLE`;
    return type === "number" ? `${name}::DOUBLE` : name;
  });
}

/** The answer to a reader. */
export function visualData(
  visual: ShownVisual,
  { read }: VisualQuery,
  rows: DuckDBValue[][],
  importedAt: number | undefined,
): VisualData {
  return {
    columns: fieldsOf(visual.shape).map(columnOf),
    ...read(rows),
    ...(importedAt !== undefined && { importedAt }),
  };
}
