import type { ColumnOf, Columns, DataSet } from "./data-set.ts";
import type { ParameterName } from "./parameters.ts";
import type { ColumnReference, Filter, FilterGroup } from "./schema.ts";

/** The column that each parameter filters, in every data set that has it. */
const columnOf = {
  City: "city",
  MeterType: "meter_type",
  Building: "building",
  Days: "days_ago",
  From: "day",
  To: "day",
} as const satisfies Record<ParameterName, string>;

/** A filter that some visuals of a sheet have and nobody can change. */
export interface FixedFilter {
  id: string;
  sheet: string;
  visuals: readonly [string, ...string[]];
  filter: (id: string) => Filter;
}

/** Only rows with one of these texts, or all but those. */
export function only<C extends Columns>(
  dataSet: DataSet<C>,
  column: ColumnOf<C, "text">,
  values: readonly string[],
  match: "these" | "others" = "these",
): (id: string) => Filter {
  return (FilterId) => ({
    CategoryFilter: {
      FilterId,
      Column: { DataSetIdentifier: dataSet.identifier, ColumnName: column },
      Configuration: {
        FilterListConfiguration: {
          MatchOperator: match === "these" ? "CONTAINS" : "DOES_NOT_CONTAIN",
          CategoryValues: [...values],
        },
      },
    },
  });
}

/** Only rows whose number is not below this. */
export function atLeast<C extends Columns>(
  dataSet: DataSet<C>,
  column: ColumnOf<C, "integer" | "number">,
  least: number,
): (id: string) => Filter {
  return (FilterId) => ({
    NumericRangeFilter: {
      FilterId,
      Column: { DataSetIdentifier: dataSet.identifier, ColumnName: column },
      RangeMinimum: { StaticValue: least },
      IncludeMinimum: true,
      IncludeMaximum: true,
      NullOption: "NON_NULLS_ONLY",
    },
  });
}

/**
 * One filter for each parameter and data set, in force on the sheets that have the parameter's control. A data set that
 * lacks the column is not filtered.
 *
 * @param sheets The parameters of each sheet, by the sheet's id.
 */
export function parameterFilters(
  dataSets: readonly DataSet[],
  sheets: Readonly<Record<string, readonly ParameterName[]>>,
): FilterGroup[] {
  const plans: [string, readonly ParameterName[], (id: string, column: ColumnReference) => Filter][] = [
    ...(["City", "MeterType", "Building"] as const).map((name): (typeof plans)[number] => [
      name.toLowerCase(),
      [name],
      (id, column) => equals(id, column, name),
    ]),
    ["days", ["Days"], below],
    ["span", ["From", "To"], within],
  ];
  return plans.flatMap(([name, controls, filterOf]) => {
    const [control] = controls;
    const ids = Object.entries(sheets).filter(([, shown]) => controls.every((one) => shown.includes(one)));
    if (control === undefined || ids.length === 0) return [];
    return dataSets
      .filter(({ columns }) => Object.hasOwn(columns, columnOf[control]))
      .map(({ identifier }): FilterGroup => {
        const id = `${name}-${identifier}`;
        const column = { DataSetIdentifier: identifier, ColumnName: columnOf[control] };
        return group(
          id,
          filterOf(id, column),
          ids.map(([SheetId]) => ({ SheetId, Scope: "ALL_VISUALS" })),
        );
      });
  });
}

export function fixedFilters(fixed: readonly FixedFilter[]): FilterGroup[] {
  return fixed.map(({ id, sheet, visuals, filter }) =>
    group(id, filter(id), [{ SheetId: sheet, Scope: "SELECTED_VISUALS", VisualIds: [...visuals] }]),
  );
}

type Scopes = FilterGroup["ScopeConfiguration"]["SelectedSheets"]["SheetVisualScopingConfigurations"];

function group(id: string, filter: Filter, scopes: Scopes): FilterGroup {
  return {
    FilterGroupId: id,
    CrossDataset: "SINGLE_DATASET",
    Status: "ENABLED",
    Filters: [filter],
    ScopeConfiguration: { SelectedSheets: { SheetVisualScopingConfigurations: scopes } },
  };
}

function equals(FilterId: string, Column: ColumnReference, ParameterName: ParameterName): Filter {
  return {
    CategoryFilter: {
      FilterId,
      Column,
      Configuration: {
        CustomFilterConfiguration: { MatchOperator: "EQUALS", ParameterName, NullOption: "NON_NULLS_ONLY" },
      },
    },
  };
}

/** Of seven days, those 0 to 6 days ago; what lies in the future is below zero and always shown. */
function below(FilterId: string, Column: ColumnReference): Filter {
  return {
    NumericRangeFilter: {
      FilterId,
      Column,
      RangeMaximum: { Parameter: "Days" },
      IncludeMinimum: true,
      IncludeMaximum: false,
      NullOption: "NON_NULLS_ONLY",
    },
  };
}

function within(FilterId: string, Column: ColumnReference): Filter {
  return {
    TimeRangeFilter: {
      FilterId,
      Column,
      RangeMinimumValue: { Parameter: "From" },
      RangeMaximumValue: { Parameter: "To" },
      IncludeMinimum: true,
      IncludeMaximum: true,
      TimeGranularity: "DAY",
      NullOption: "NON_NULLS_ONLY",
    },
  };
}
