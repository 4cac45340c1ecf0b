import type { VisualColumn } from "../../page/api.ts";
import { quoteName } from "../athena/index.ts";
import type { DataSet, Visual } from "../declared/index.ts";
import type { z } from "zod";
import type { dimension, measure, sort, unaggregated } from "../declared/dashboard/fields.ts";
import { DashboardError } from "./dashboard-error.ts";

type Dimension = z.output<typeof dimension>;
type Measure = z.output<typeof measure>;
type Unaggregated = z.output<typeof unaggregated>;
type Sort = z.output<typeof sort>;

/** A field of a visual, and its SQL over the rows of the data set. */
export interface ShownField extends VisualColumn {
  sql: string;
  aggregate: boolean;
}

export interface Order {
  sql: string;
  direction: "ASC" | "DESC";
}

/** Reads the fields of one visual. */
export interface FieldReader {
  dataSet: DataSet;
  dimensions(declared: readonly Dimension[], role: VisualColumn["role"]): ShownField[];
  measures(declared: readonly Measure[], role: VisualColumn["role"]): ShownField[];
  unaggregated(declared: readonly Unaggregated[]): ShownField[];
}

const aggregates = { SUM: "sum", AVERAGE: "avg", MIN: "min", MAX: "max", MEDIAN: "median" } as const;

const typesOf = { STRING: "text", INTEGER: "number", DECIMAL: "number", DATETIME: "time" } as const;

/** @throws DashboardError by its functions, for a field that its column is not fit for */
export function fieldReader(place: string, visual: Visual, dataSet: DataSet): FieldReader {
  const labels = labelsOf(visual);
  const named = ({ FieldId, Column: { ColumnName } }: { FieldId: string; Column: { ColumnName: string } }) => ({
    field: FieldId,
    column: ColumnName,
    label: labels.get(FieldId) ?? titleOf(visual),
  });
  const columnOf = (field: { FieldId: string; Column: { ColumnName: string } }, fit: readonly string[]) => {
    const { ColumnName: name } = field.Column;
    const column = dataSet.columns.find((one) => one.name === name);
    if (column && fit.includes(column.type)) return column;
    const is = column ? `is ${column.type}` : "is not declared";
    throw new DashboardError(place, `the field ${field.FieldId} needs a column of ${fit.join(" or ")}: ${name} ${is}`);
  };
  return {
    dataSet,
    dimensions: (declared, role) =>
      declared.map((one): ShownField => {
        const { CategoricalDimensionField: text, NumericalDimensionField: number, DateDimensionField: time } = one;
        if (time) {
          const { name } = columnOf(time, ["DATETIME"]);
          const granularity = time.DateGranularity;
          const sql = `date_trunc('${granularity.toLowerCase()}', ${quoteName(name)})`;
          return { ...named(time), role, type: "time", granularity, sql, aggregate: false };
        }
        const field = (text ?? number) as NonNullable<typeof text>;
        const { name, type } = columnOf(field, text ? ["STRING"] : ["INTEGER", "DECIMAL"]);
        return { ...named(field), role, type: typesOf[type], sql: quoteName(name), aggregate: false };
      }),
    measures: (declared, role) =>
      declared.map((one): ShownField => {
        const { NumericalMeasureField: number, CategoricalMeasureField: text, DateMeasureField: time } = one;
        if (number) {
          const { name } = columnOf(number, ["INTEGER", "DECIMAL"]);
          const sql = aggregated(name, number.AggregationFunction.SimpleNumericalAggregation);
          return { ...named(number), role, type: "number", sql, aggregate: true };
        }
        if (text) {
          const { name } = columnOf(text, ["STRING"]);
          const distinct = text.AggregationFunction === "DISTINCT_COUNT" ? "DISTINCT " : "";
          const sql = `count(${distinct}${quoteName(name)})`;
          return { ...named(text), role, type: "number", sql, aggregate: true };
        }
        const field = time as NonNullable<typeof time>;
        const { name } = columnOf(field, ["DATETIME"]);
        return {
          ...named(field),
          role,
          type: "time",
          sql: aggregated(name, field.AggregationFunction),
          aggregate: true,
        };
      }),
    unaggregated: (declared) =>
      declared.map((one): ShownField => {
        const { name, type } = columnOf(one, Object.keys(typesOf));
        return { ...named(one), role: "value", type: typesOf[type], sql: quoteName(name), aggregate: false };
      }),
  };
}

/** @throws DashboardError by its function, for a sort by what the visual or the data set does not have */
export function sortReader(
  place: string,
  { columns }: DataSet,
  fields: readonly ShownField[],
): (sort: Sort) => Order[] {
  return (sort) =>
    sort.map(({ FieldSort: field, ColumnSort: column }): Order => {
      if (field) {
        const found = fields.find((one) => one.field === field.FieldId);
        if (!found)
          throw new DashboardError(place, `it is sorted by the field ${field.FieldId}, which it does not have`);
        return { sql: found.sql, direction: field.Direction };
      }
      const { SortBy, Direction, AggregationFunction } = column as NonNullable<typeof column>;
      const found = columns.find(({ name }) => name === SortBy.ColumnName);
      if (found?.type !== "INTEGER" && found?.type !== "DECIMAL") {
        throw new DashboardError(place, `it is sorted by ${SortBy.ColumnName}, which is no column of numbers`);
      }
      const { SimpleNumericalAggregation } = AggregationFunction.NumericalAggregationFunction;
      return { sql: aggregated(found.name, SimpleNumericalAggregation), direction: Direction };
    });
}

export function aggregated(column: string, aggregation: keyof typeof aggregates): string {
  return `${aggregates[aggregation]}(${quoteName(column)})`;
}

/** What the definition calls its fields: on an axis, in a tooltip or over a table's column. */
function labelsOf(visual: Visual): Map<string, string> {
  const labels = new Map<string, string>();
  const find = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const one = value as { FieldId?: string; Label?: string; CustomLabel?: string; ApplyTo?: { FieldId: string } };
    if (one.FieldId !== undefined && one.Label !== undefined) labels.set(one.FieldId, one.Label);
    if (one.FieldId !== undefined && one.CustomLabel !== undefined) labels.set(one.FieldId, one.CustomLabel);
    if (one.ApplyTo !== undefined && one.CustomLabel !== undefined) labels.set(one.ApplyTo.FieldId, one.CustomLabel);
    for (const inner of Object.values(value)) find(inner);
  };
  find(visual);
  return labels;
}

function titleOf(visual: Visual): string {
  return Object.values(visual)[0]?.Title.FormatText.PlainText ?? "";
}
