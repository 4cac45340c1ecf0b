import type { ParameterValue, Picked } from "../../page/api.ts";
import { quoteName } from "../athena/index.ts";
import type { Dashboard, DataSet, FilterGroup } from "../declared/index.ts";
import type { Bound } from "./resident-tables.ts";
import { DashboardError } from "./dashboard-error.ts";

/** Values of all parameters, by name. */
export type ParameterValues = ReadonlyMap<string, ParameterValue>;

/** Gives a value its place in the statement: "$3". */
export type Bind = (value: Bound) => string;

/** A filter that is in force in a visual. @returns its condition; undefined where it lets everything pass */
export type ShownFilter = (values: ParameterValues, bind: Bind) => string | undefined;

type Filter = FilterGroup["Filters"][0];

/** Whose filters are asked for. */
interface Filtered {
  sheet: string;
  visual: string;
  /** Of its data set, in the definition. */
  identifier: string;
  dataSet: DataSet;
}

/**
 * The declared filters of a visual.
 *
 * @throws DashboardError for one that names what is not declared
 */
export function filtersOf({ name, definition }: Dashboard, filtered: Filtered): ShownFilter[] {
  return definition.FilterGroups.filter((group) => isInForce(group, filtered)).flatMap((group) => {
    const place = `dashboard "${name}", filter group "${group.FilterGroupId}"`;
    const parameters = new Map(
      definition.ParameterDeclarations.flatMap((one) =>
        Object.entries(one).map(([kind, { Name }]): [string, string] => [Name, kind]),
      ),
    );
    return group.Filters.map((filter) => filterOf(place, filter, filtered.dataSet, parameters));
  });
}

function isInForce(group: FilterGroup, { sheet, visual, identifier }: Filtered): boolean {
  const [filter] = group.Filters;
  const column = (filter.CategoryFilter ?? filter.NumericRangeFilter ?? filter.TimeRangeFilter)?.Column;
  return (
    column?.DataSetIdentifier === identifier &&
    group.ScopeConfiguration.SelectedSheets.SheetVisualScopingConfigurations.some(
      ({ SheetId, Scope, VisualIds = [] }) =>
        SheetId === sheet && (Scope === "ALL_VISUALS" || VisualIds.includes(visual)),
    )
  );
}

function filterOf(
  place: string,
  { CategoryFilter: category, NumericRangeFilter: number, TimeRangeFilter: time }: Filter,
  { columns }: DataSet,
  parameters: ReadonlyMap<string, string>,
): ShownFilter {
  const requireColumn = (name: string, ...types: string[]): string => {
    const column = columns.find((one) => one.name === name);
    if (column && types.includes(column.type)) return quoteName(name);
    throw new DashboardError(place, `it filters ${name}, which is no column of ${types.join(" or ")}`);
  };
  const requireParameter = (name: string, kind: string): string => {
    if (parameters.get(name) === kind) return name;
    throw new DashboardError(place, `it needs the parameter ${name} as a ${kind}`);
  };
  if (category) {
    const column = requireColumn(category.Column.ColumnName, "STRING");
    const { CustomFilterConfiguration: custom, FilterListConfiguration: list } = category.Configuration;
    if (custom) {
      const parameter = requireParameter(custom.ParameterName, "StringParameterDeclaration");
      return (values, bind) => {
        const chosen = values.get(parameter) as string[];
        return chosen.length === 0 ? undefined : among(column, chosen, bind);
      };
    }
    const { MatchOperator, CategoryValues } = list as NonNullable<typeof list>;
    return MatchOperator === "CONTAINS"
      ? (_, bind) => among(column, CategoryValues, bind)
      : (_, bind) => `(${column} IS NULL OR NOT ${among(column, CategoryValues, bind)})`;
  }
  if (number) {
    const column = requireColumn(number.Column.ColumnName, "INTEGER", "DECIMAL");
    const { RangeMinimum: least, RangeMaximum: most, NullOption: nulls } = number;
    const parameter =
      most?.Parameter === undefined ? undefined : requireParameter(most.Parameter, "IntegerParameterDeclaration");
    return (values, bind) => {
      const end = parameter === undefined ? most?.StaticValue : (values.get(parameter) as number);
      const parts = [
        ...(least ? [`${column} ${number.IncludeMinimum ? ">=" : ">"} ${bind(least.StaticValue)}`] : []),
        ...(end === undefined ? [] : [`${column} ${number.IncludeMaximum ? "<=" : "<"} ${bind(end)}`]),
        `${column} IS NOT NULL`,
      ];
      const within = parts.join(" AND ");
      return nulls === "ALL_VALUES" ? `(${column} IS NULL OR (${within}))` : `(${within})`;
    };
  }
  const { Column, RangeMinimumValue, RangeMaximumValue } = time as NonNullable<typeof time>;
  const column = requireColumn(Column.ColumnName, "DATETIME");
  const [from, to] = [RangeMinimumValue, RangeMaximumValue].map(({ Parameter }) =>
    requireParameter(Parameter, "DateTimeParameterDeclaration"),
  ) as [string, string];
  return (values, bind) => {
    const day = (parameter: string) => `CAST(${bind(String(values.get(parameter)))} AS TIMESTAMP)`;
    return `(${column} >= ${day(from)} AND ${column} < ${day(to)} + INTERVAL 1 DAY)`;
  };
}

/** What was picked in other visuals. A data set without the column is not filtered by it. */
export function pickCondition(pick: Picked, { columns }: DataSet, bind: Bind): string | undefined {
  const found = columns.find(({ name }) => name === pick.column);
  if (!found) return undefined;
  const column = quoteName(found.name);
  if ("from" in pick) {
    if (found.type !== "DATETIME") return undefined;
    return `(${column} >= ${time(pick.from, bind)} AND ${column} < ${time(pick.to, bind)})`;
  }
  const { value } = pick;
  if (value === null) return `${column} IS NULL`;
  if (found.type === "DATETIME") return typeof value === "number" ? `${column} = ${time(value, bind)}` : undefined;
  if ((found.type === "STRING") !== (typeof value === "string")) return undefined;
  return `${column} = ${bind(value)}`;
}

function time(milliseconds: number, bind: Bind): string {
  return `epoch_ms(CAST(${bind(milliseconds)} AS BIGINT))`;
}

/** One of these. */
export function among(column: string, values: readonly string[], bind: Bind): string {
  return `${column} IN (${values.map(bind).join(", ")})`;
}
