import type { DataSet } from "./data-set.ts";
import { DefinitionError } from "./definition-error.ts";
import { fixedFilters, parameterFilters } from "./filters.ts";
import { parameters } from "./parameters.ts";
import type { ActionOperation, ChartVisual, ColumnConfiguration, DashboardDefinition, Visual } from "./schema.ts";
import { canvas, type SheetPlan } from "./sheet.ts";

export interface DefinitionOptions {
  /** Every data set that the sheets use, with its ARN. */
  dataSets: readonly { dataSet: DataSet; arn: string }[];
  sheets: readonly SheetPlan[];
  /** Colours of known values, by the column's name; they hold in every data set that has it. */
  colors: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * A dashboard's whole definition.
 *
 * @throws DefinitionError for two things of one id, a data set that is not declared, or a way to a sheet that there is not.
 */
export function definition({ dataSets, sheets, colors }: DefinitionOptions): DashboardDefinition {
  const plans = dataSets.map(({ dataSet }) => dataSet);
  const result: DashboardDefinition = {
    DataSetIdentifierDeclarations: dataSets.map(({ dataSet, arn }) => ({
      Identifier: dataSet.identifier,
      DataSetArn: arn,
    })),
    ParameterDeclarations: Object.values(parameters),
    FilterGroups: [
      ...parameterFilters(plans, Object.fromEntries(sheets.map((one) => [one.sheet.SheetId, one.parameters]))),
      ...fixedFilters(sheets.flatMap(({ fixed }) => fixed)),
    ],
    ColumnConfigurations: plans.flatMap((plan) => colored(plan, colors)),
    Sheets: sheets.map(({ sheet }) => sheet),
    AnalysisDefaults: {
      DefaultNewSheetConfiguration: {
        SheetContentType: "INTERACTIVE",
        InteractiveLayoutConfiguration: { Grid: { CanvasSizeOptions: canvas } },
      },
    },
    Options: { WeekStart: "MONDAY" },
  };
  requireWhole(result);
  return result;
}

function colored({ identifier, columns }: DataSet, colors: DefinitionOptions["colors"]): ColumnConfiguration[] {
  return Object.entries(colors)
    .filter(([column]) => Object.hasOwn(columns, column))
    .map(([column, values]) => ({
      Column: { DataSetIdentifier: identifier, ColumnName: column },
      ColorsConfiguration: {
        CustomColors: Object.entries(values).map(([FieldValue, Color]) => ({ FieldValue, Color })),
      },
    }));
}

/** The one kind that a visual is. */
export function chartOf(visual: Visual): { kind: string; chart: ChartVisual<unknown> } {
  const [entry] = Object.entries(visual) as [string, ChartVisual<unknown>][];
  if (entry === undefined) throw new DefinitionError("a visual is of no kind");
  return { kind: entry[0], chart: entry[1] };
}

/** What no schema says: that ids stand once, and that what is named is there. */
function requireWhole({ DataSetIdentifierDeclarations, FilterGroups, Sheets }: DashboardDefinition): void {
  const charts = Sheets.flatMap(({ Visuals }) => Visuals.map((visual) => chartOf(visual).chart));
  const visualIds = charts.map(({ VisualId }) => VisualId);
  const sheetIds = Sheets.map(({ SheetId }) => SheetId);
  requireOnce("sheet", sheetIds);
  requireOnce("visual", visualIds);
  requireOnce(
    "filter",
    FilterGroups.map(({ FilterGroupId }) => FilterGroupId),
  );
  requireOnce(
    "action",
    charts.flatMap(({ Actions }) => Actions.map(({ CustomActionId }) => CustomActionId)),
  );

  const declared = DataSetIdentifierDeclarations.map(({ Identifier }) => Identifier);
  for (const used of dataSetsIn(Sheets)) requireIn(declared, used, "a sheet uses the data set");
  for (const { FilterGroupId, ScopeConfiguration } of FilterGroups) {
    for (const { VisualIds = [] } of ScopeConfiguration.SelectedSheets.SheetVisualScopingConfigurations) {
      for (const id of VisualIds) requireIn(visualIds, id, `the filter "${FilterGroupId}" names the visual`);
    }
  }
  for (const { VisualId, Actions } of charts) {
    for (const target of Actions.flatMap(({ ActionOperations }) => ActionOperations.flatMap(targetsOf))) {
      requireIn(sheetIds, target, `the visual "${VisualId}" leads to the sheet`);
    }
  }
}

function targetsOf(operation: ActionOperation): string[] {
  return "NavigationOperation" in operation
    ? [operation.NavigationOperation.LocalNavigationConfiguration.TargetSheetId]
    : [];
}

function dataSetsIn(value: unknown): Set<string> {
  const found = new Set<string>();
  const look = (inner: unknown): void => {
    if (typeof inner !== "object" || inner === null) return;
    for (const [key, each] of Object.entries(inner)) {
      if (key === "DataSetIdentifier" && typeof each === "string") found.add(each);
      else look(each);
    }
  };
  look(value);
  return found;
}

function requireOnce(what: string, ids: readonly string[]): void {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new DefinitionError(`there are two ${what}s with the id "${twice}"`);
}

function requireIn(known: readonly string[], id: string, what: string): void {
  if (known.includes(id)) return;
  throw new DefinitionError(`${what} "${id}", and there is none: there are ${known.join(", ")}`);
}
