import { quoteName } from "../athena/index.ts";
import type { DataSet, Visual } from "../declared/index.ts";
import { aggregated, type ShownField } from "./fields.ts";
import type { Bound } from "./resident-tables.ts";
import { DashboardError } from "./dashboard-error.ts";

/** A colour of its own for the cells of a field where a condition holds. */
export interface Emphasis {
  field: string;
  color: string;
  /** The condition, with the value that it compares bound. */
  sql: (bind: (value: Bound) => string) => string;
}

const aggregations = { SUM: "SUM", AVG: "AVERAGE", MIN: "MIN", MAX: "MAX" } as const;

/** @throws DashboardError for a condition on what the table cannot tell */
export function emphasesOf(
  place: string,
  { TableVisual: table }: Visual,
  { columns }: DataSet,
  fields: readonly ShownField[],
): Emphasis[] {
  const isAggregated = table?.ChartConfiguration.FieldWells.TableAggregatedFieldWells !== undefined;
  return (table?.ConditionalFormatting?.ConditionalFormattingOptions ?? []).map(({ Cell }): Emphasis => {
    const { Expression: expression, Color: color } = Cell.TextFormat.TextColor.Solid;
    const fault = (message: string) => new DashboardError(place, `the condition ${expression}: ${message}`);
    const parts = /^(?:(SUM|AVG|MIN|MAX)\()?\{(\w+)\}\)? (=|<>|>=|<=|>|<) (.+)$/.exec(expression);
    const [, aggregation, name = "", operator = "", operand = ""] = parts ?? [];
    const column = columns.find((one) => one.name === name);
    if (!column) throw fault(`there is no column ${name}`);
    if (!fields.some(({ field }) => field === Cell.FieldId)) throw fault(`there is no field ${Cell.FieldId}`);
    const isText = operand.startsWith('"');
    if (isText !== (column.type === "STRING")) throw fault(`${name} is ${column.type}`);
    if (isAggregated && aggregation === undefined && !fields.some((one) => one.column === name && !one.aggregate)) {
      throw fault(`${name} must stand in an aggregation, or among the columns that group the rows`);
    }
    if (!isAggregated && aggregation !== undefined) throw fault("the rows are not aggregated");
    const left =
      aggregation === undefined
        ? quoteName(name)
        : aggregated(name, aggregations[aggregation as keyof typeof aggregations]);
    const value = isText ? operand.slice(1, -1) : Number(operand);
    return { field: Cell.FieldId, color, sql: (bind) => `coalesce(${left} ${operator} ${bind(value)}, false)` };
  });
}
