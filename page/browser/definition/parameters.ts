import type { DashboardDefinition, Filter, FilterGroup } from "../../../components/dashboard/definition/schema.ts";
import type { ParameterValue } from "../../api.ts";
import type { DrawnVisual } from "./visual.ts";

/** The declared value of each parameter. */
export function declaredValues({ ParameterDeclarations }: DashboardDefinition): Record<string, ParameterValue> {
  return Object.fromEntries(
    ParameterDeclarations.map((declared): [string, ParameterValue] => {
      if ("StringParameterDeclaration" in declared) {
        const { Name, DefaultValues } = declared.StringParameterDeclaration;
        return [Name, DefaultValues.StaticValues];
      }
      if ("IntegerParameterDeclaration" in declared) {
        const { Name, DefaultValues } = declared.IntegerParameterDeclaration;
        return [Name, DefaultValues.StaticValues[0] ?? 0];
      }
      const { Name, DefaultValues } = declared.DateTimeParameterDeclaration;
      return [Name, DefaultValues.StaticValues[0]?.slice(0, 10) ?? ""];
    }),
  );
}

/** The parameters by which a visual is filtered: a change of any other leaves it as it is. */
export function parametersOf(
  { FilterGroups }: DashboardDefinition,
  sheet: string,
  visual: DrawnVisual,
): ReadonlySet<string> {
  return new Set(
    FilterGroups.filter((group) => isInForce(group, sheet, visual)).flatMap(({ Filters }) => Filters.flatMap(namesIn)),
  );
}

function isInForce({ Filters, ScopeConfiguration }: FilterGroup, sheet: string, { id, dataSet }: DrawnVisual): boolean {
  return (
    Filters.some((filter) => columnOf(filter).DataSetIdentifier === dataSet) &&
    ScopeConfiguration.SelectedSheets.SheetVisualScopingConfigurations.some(
      ({ SheetId, Scope, VisualIds = [] }) => SheetId === sheet && (Scope === "ALL_VISUALS" || VisualIds.includes(id)),
    )
  );
}

function columnOf(filter: Filter) {
  if ("CategoryFilter" in filter) return filter.CategoryFilter.Column;
  return "NumericRangeFilter" in filter ? filter.NumericRangeFilter.Column : filter.TimeRangeFilter.Column;
}

function namesIn(filter: Filter): string[] {
  if ("CategoryFilter" in filter) {
    const { Configuration } = filter.CategoryFilter;
    return "CustomFilterConfiguration" in Configuration ? [Configuration.CustomFilterConfiguration.ParameterName] : [];
  }
  if ("NumericRangeFilter" in filter) {
    const { RangeMaximum } = filter.NumericRangeFilter;
    return RangeMaximum && "Parameter" in RangeMaximum ? [RangeMaximum.Parameter] : [];
  }
  const { RangeMinimumValue, RangeMaximumValue } = filter.TimeRangeFilter;
  return [RangeMinimumValue.Parameter, RangeMaximumValue.Parameter];
}
