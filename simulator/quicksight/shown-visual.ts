import type { VisualColumn } from "../../page/api.ts";
import type { Dashboard, DataSet, Sheet, Visual } from "../declared/index.ts";
import { DashboardError } from "./dashboard-error.ts";
import { fieldReader, sortReader, type FieldReader, type Order, type ShownField } from "./fields.ts";
import { emphasesOf, type Emphasis } from "./emphases.ts";
import { filtersOf, type ShownFilter } from "./filters.ts";

/** Fields that stand along one side of a visual, in their order; the first `most` of them are shown. */
export interface Axis {
  of: "categories" | "colors" | "rows";
  fields: ShownField[];
  order: Order[];
  most: number | undefined;
  /** Which are the first ones, where that is not said by `order`. */
  rank: Order[] | undefined;
}

/** A visual as it is asked for. */
export interface ShownVisual {
  id: string;
  sheet: string;
  /** For people. */
  title: string;
  /** As the definition calls it. */
  identifier: string;
  dataSet: DataSet;
  shape:
    | { kind: "grouped"; axes: Axis[]; measures: ShownField[] }
    | { kind: "table"; groups: ShownField[]; measures: ShownField[]; order: Order[]; pageRows: number }
    | { kind: "rows"; values: ShownField[]; order: Order[]; pageRows: number };
  emphases: Emphasis[];
  filters: ShownFilter[];
}

/**
 * Every visual of a dashboard, by its id.
 *
 * @throws DashboardError for what cannot be drawn as it is declared
 */
export function shownVisuals(
  dashboard: Dashboard,
  dataSets: ReadonlyMap<string, DataSet>,
): ReadonlyMap<string, ShownVisual> {
  const { definition, name } = dashboard;
  const arns = new Map(definition.DataSetIdentifierDeclarations.map((one) => [one.Identifier, one.DataSetArn]));
  const visuals = definition.Sheets.flatMap((sheet) =>
    sheet.Visuals.map((visual): [string, ShownVisual] => {
      const [kind, declared] = declaredOf(visual);
      const place = `dashboard "${name}", sheet "${sheet.SheetId}", ${kind} "${declared.VisualId}"`;
      const identifier = identifierOf(place, visual);
      const dataSet = dataSets.get(arns.get(identifier) ?? "");
      if (!dataSet) throw new DashboardError(place, `the data set ${identifier} is not declared`);
      const shape = shapeOf(place, visual, dataSet);
      return [
        declared.VisualId,
        {
          id: declared.VisualId,
          sheet: sheet.SheetId,
          title: declared.Title.FormatText.PlainText,
          identifier,
          dataSet,
          shape,
          emphases: emphasesOf(place, visual, dataSet, fieldsOf(shape)),
          filters: filtersOf(dashboard, { sheet: sheet.SheetId, visual: declared.VisualId, identifier, dataSet }),
        },
      ];
    }),
  );
  requirePlaces(dashboard);
  const found = new Map(visuals);
  if (found.size === visuals.length) return found;
  const twice = visuals.map(([id]) => id).find((id, index, ids) => ids.indexOf(id) !== index);
  throw new DashboardError(`dashboard "${name}"`, `two visuals have the VisualId ${twice}`);
}

/** All fields, in the order of the columns. */
export function fieldsOf(shape: ShownVisual["shape"]): ShownField[] {
  switch (shape.kind) {
    case "grouped":
      return [...shape.axes.flatMap(({ fields }) => fields), ...shape.measures];
    case "table":
      return [...shape.groups, ...shape.measures];
    case "rows":
      return shape.values;
  }
}

export function columnOf({ sql: _, aggregate: __, ...column }: ShownField): VisualColumn {
  return column;
}

type Declared = NonNullable<Visual[keyof Visual]>;

function declaredOf(visual: Visual): [string, Declared] {
  return Object.entries(visual)[0] as [string, Declared];
}

function shapeOf(place: string, visual: Visual, dataSet: DataSet): ShownVisual["shape"] {
  const read = fieldReader(place, visual, dataSet);
  const { LineChartVisual: line, BarChartVisual: bar, ComboChartVisual: combo, HeatMapVisual: heat } = visual;
  if (line) {
    const { Category, Values, Colors } = line.ChartConfiguration.FieldWells.LineChartAggregatedFieldWells;
    const { CategorySort, ColorItemsLimitConfiguration } = line.ChartConfiguration.SortConfiguration;
    return grouped(place, read, {
      categories: read.dimensions(Category, "category"),
      colors: read.dimensions(Colors, "color"),
      measures: read.measures(Values, "value"),
      sort: CategorySort,
      mostColors: ColorItemsLimitConfiguration?.ItemsLimit,
    });
  }
  if (bar) {
    const { Category, Values, Colors } = bar.ChartConfiguration.FieldWells.BarChartAggregatedFieldWells;
    const { CategorySort, CategoryItemsLimit, ColorItemsLimit } = bar.ChartConfiguration.SortConfiguration;
    return grouped(place, read, {
      categories: read.dimensions(Category, "category"),
      colors: read.dimensions(Colors, "color"),
      measures: read.measures(Values, "value"),
      sort: CategorySort,
      mostCategories: CategoryItemsLimit?.ItemsLimit,
      mostColors: ColorItemsLimit?.ItemsLimit,
    });
  }
  if (combo) {
    const wells = combo.ChartConfiguration.FieldWells.ComboChartAggregatedFieldWells;
    return grouped(place, read, {
      categories: read.dimensions(wells.Category, "category"),
      colors: read.dimensions(wells.Colors, "color"),
      measures: [...read.measures(wells.BarValues, "value"), ...read.measures(wells.LineValues, "line")],
      sort: combo.ChartConfiguration.SortConfiguration.CategorySort,
    });
  }
  if (heat) {
    const { Rows, Columns, Values } = heat.ChartConfiguration.FieldWells.HeatMapAggregatedFieldWells;
    const sort = heat.ChartConfiguration.SortConfiguration;
    const [rows, columns] = [read.dimensions(Rows, "row"), read.dimensions(Columns, "column")];
    const measures = read.measures(Values, "value");
    const orderOf = sortReader(place, dataSet, [...rows, ...columns, ...measures]);
    const most = sort.HeatMapRowItemsLimitConfiguration?.ItemsLimit;
    return {
      kind: "grouped",
      axes: [
        { of: "categories", fields: rows, order: orderOf(sort.HeatMapRowSort), most, rank: undefined },
        { of: "colors", fields: columns, order: orderOf(sort.HeatMapColumnSort), most: undefined, rank: undefined },
      ],
      measures,
    };
  }
  return visual.KPIVisual ? kpiShape(place, visual.KPIVisual, read) : tableShape(place, visual, dataSet, read);
}

function kpiShape(
  place: string,
  { ChartConfiguration }: NonNullable<Visual["KPIVisual"]>,
  read: FieldReader,
): ShownVisual["shape"] {
  const { Values, TargetValues, TrendGroups } = ChartConfiguration.FieldWells;
  return grouped(place, read, {
    categories: read.dimensions(TrendGroups, "trend"),
    colors: [],
    measures: [...read.measures(Values, "value"), ...read.measures(TargetValues, "target")],
    sort: ChartConfiguration.SortConfiguration.TrendGroupSort,
  });
}

function tableShape(place: string, visual: Visual, dataSet: DataSet, read: FieldReader): ShownVisual["shape"] {
  const table = visual.TableVisual;
  if (!table) throw new DashboardError(place, "this kind of visual is not drawn here");
  const { FieldWells, SortConfiguration } = table.ChartConfiguration;
  const pageRows = SortConfiguration.PaginationConfiguration.PageSize;
  const { TableAggregatedFieldWells: aggregated, TableUnaggregatedFieldWells: unaggregated } = FieldWells;
  if (aggregated) {
    const groups = read.dimensions(aggregated.GroupBy, "group");
    const measures = read.measures(aggregated.Values, "value");
    const order = sortReader(place, dataSet, [...groups, ...measures])(SortConfiguration.RowSort);
    return { kind: "table", groups, measures, order, pageRows };
  }
  const values = read.unaggregated(unaggregated?.Values ?? []);
  const order = sortReader(place, dataSet, values)(SortConfiguration.RowSort);
  return { kind: "rows", values, order, pageRows };
}

interface Grouping {
  categories: ShownField[];
  colors: ShownField[];
  measures: ShownField[];
  sort: Parameters<ReturnType<typeof sortReader>>[0];
  mostCategories?: number | undefined;
  mostColors?: number | undefined;
}

/** Colours stand in the order of their names; where only some are shown, they are those with the most of the first figure. */
function grouped(place: string, { dataSet }: FieldReader, parts: Grouping): ShownVisual["shape"] {
  const { categories, colors, measures, sort, mostCategories, mostColors } = parts;
  const orderOf = sortReader(place, dataSet, [...categories, ...colors, ...measures]);
  const [first] = measures;
  const axes: Axis[] = [
    { of: "categories", fields: categories, order: orderOf(sort), most: mostCategories, rank: undefined },
    {
      of: "colors",
      fields: colors,
      order: colors.map(({ sql }) => ({ sql, direction: "ASC" })),
      most: mostColors,
      rank: first && [{ sql: first.sql, direction: "DESC" }],
    },
  ];
  return { kind: "grouped", axes: axes.filter(({ fields }) => fields.length > 0), measures };
}

/** QuickSight draws a visual of one data set. */
function identifierOf(place: string, visual: Visual): string {
  const found = new Set(identifiersIn(visual));
  const [first] = found;
  if (first !== undefined && found.size === 1) return first;
  throw new DashboardError(place, `a visual is of one data set, and this one is of ${[...found].join(", ") || "none"}`);
}

function identifiersIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  if ("DataSetIdentifier" in value) return [String(value.DataSetIdentifier)];
  return Object.values(value).flatMap(identifiersIn);
}

/** Holds that what a sheet names of itself and of the dashboard is there. */
function requirePlaces({ name, definition }: Dashboard): void {
  const sheets = new Set(definition.Sheets.map(({ SheetId }) => SheetId));
  const parameters = new Set(definition.ParameterDeclarations.map((one) => Object.values(one)[0]?.Name));
  for (const sheet of definition.Sheets) {
    const place = `dashboard "${name}", sheet "${sheet.SheetId}"`;
    requireLayout(place, sheet);
    const controls = sheet.ParameterControls.map((one) => one.Dropdown ?? one.DateTimePicker);
    for (const { SourceParameterName: parameter, ParameterControlId: id } of controls.filter((one) => !!one)) {
      if (!parameters.has(parameter)) {
        throw new DashboardError(place, `the control ${id} sets the parameter ${parameter}, which is not declared`);
      }
    }
    for (const visual of sheet.Visuals) {
      const [, declared] = declaredOf(visual);
      for (const operation of declared.Actions.flatMap(({ ActionOperations }) => ActionOperations)) {
        const target = operation.NavigationOperation?.LocalNavigationConfiguration.TargetSheetId;
        if (target !== undefined && !sheets.has(target)) {
          throw new DashboardError(
            `${place}, visual "${declared.VisualId}"`,
            `an action leads to the sheet ${target}, which is not declared`,
          );
        }
      }
    }
  }
}

function requireLayout(place: string, sheet: Sheet): void {
  const [{ Configuration }] = sheet.Layouts;
  const placed = Configuration.GridLayout.Elements.map(({ ElementId }) => ElementId);
  const shown = sheet.Visuals.map((visual) => declaredOf(visual)[1].VisualId);
  const astray = placed.find((id) => !shown.includes(id)) ?? shown.find((id) => !placed.includes(id));
  if (astray === undefined) return;
  throw new DashboardError(place, `the visual ${astray} must stand among the visuals and in the layout`);
}
