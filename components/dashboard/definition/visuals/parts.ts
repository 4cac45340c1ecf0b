import type { Dimension, Measure } from "../fields.ts";
import type {
  AxisLabels,
  ChartVisual,
  ColumnReference,
  FieldSort,
  ItemsLimit,
  Legend,
  NumberAggregation,
  NumericAxis,
  ReferenceLine,
  Tooltip,
  Visual,
} from "../schema.ts";
import type { ActionPlan } from "../actions.ts";

/** A visual with its id, by which the sheet's grid places it. */
export interface VisualPlan {
  id: string;
  visual: Visual;
}

/** What every visual has. */
export interface VisualOptions {
  /** What it shows, in a few words. */
  title: string;
  /** How to read it, where the title does not say that. */
  subtitle?: string;
  actions?: readonly ActionPlan[];
}

/** A field that a visual has taken, with its id. */
export interface Taken<Field> {
  plan: Field;
  id: string;
}

/** Gives a field of a visual its id. */
export function taken<Field extends { column: ColumnReference }>(
  plan: Field,
  idOf: (column: ColumnReference) => string,
): Taken<Field> {
  return { plan, id: idOf(plan.column) };
}

export function take<Field extends { column: ColumnReference }>(
  fields: readonly Field[],
  idOf: (column: ColumnReference) => string,
): Taken<Field>[] {
  return fields.map((plan) => taken(plan, idOf));
}

type Frame = Pick<ChartVisual<unknown>, "VisualId" | "Title" | "Subtitle" | "VisualContentAltText">;

/** Title, subtitle and the words for a screen reader. */
export function frame(id: string, { title, subtitle }: VisualOptions, description: string): Frame {
  return {
    VisualId: id,
    Title: { Visibility: "VISIBLE", FormatText: { PlainText: title } },
    Subtitle:
      subtitle === undefined
        ? { Visibility: "HIDDEN" }
        : { Visibility: "VISIBLE", FormatText: { PlainText: subtitle } },
    VisualContentAltText: `${title}. ${description}.`,
  };
}

/** The axis' title, and what each of its fields is called. */
export function axisLabels(title: string, fields: readonly Taken<Dimension | Measure>[]): AxisLabels {
  return {
    Visibility: "VISIBLE",
    AxisLabelOptions: [
      { CustomLabel: title },
      ...fields.map(({ plan, id }) => ({ CustomLabel: plan.label, ApplyTo: { FieldId: id, Column: plan.column } })),
    ],
  };
}

/** From zero where sizes are compared; by the data where only their course counts, or values are negative. */
export function numericAxis(from: "zero" | "data"): NumericAxis {
  const Range = from === "zero" ? { MinMax: { Minimum: 0 as const } } : { DataDriven: {} };
  return { DataOptions: { NumericAxisOptions: { Range } } };
}

/** A legend only where there is more than one thing to tell apart. */
export function legend(shown: boolean): Legend {
  return { Visibility: shown ? "VISIBLE" : "HIDDEN", Position: "TOP", Title: { Visibility: "HIDDEN" } };
}

export function tooltip(fields: readonly Taken<Dimension | Measure>[]): Tooltip {
  return {
    TooltipVisibility: "VISIBLE",
    SelectedTooltipType: "DETAILED",
    FieldBasedTooltip: {
      AggregationVisibility: "HIDDEN",
      TooltipTitleType: "PRIMARY_VALUE",
      TooltipFields: fields.map(({ plan, id }) => ({
        FieldTooltipItem: { FieldId: id, Label: plan.label, Visibility: "VISIBLE" },
      })),
    },
  };
}

export function sortedBy({ id }: Taken<unknown>, Direction: "ASC" | "DESC"): FieldSort {
  return { FieldSort: { FieldId: id, Direction } };
}

/** Sorts by a column that the visual does not show, such as the number of a weekday. */
export function sortedByColumn(
  SortBy: ColumnReference,
  Direction: "ASC" | "DESC",
  aggregation: NumberAggregation,
): FieldSort {
  return {
    ColumnSort: {
      SortBy,
      Direction,
      AggregationFunction: { NumericalAggregationFunction: { SimpleNumericalAggregation: aggregation } },
    },
  };
}

/** The first ones only. */
export function firstOnes(limit: number): ItemsLimit {
  return { ItemsLimit: limit, OtherCategories: "EXCLUDE" };
}

/** A level to compare with. */
export interface Level {
  value: number;
  label: string;
}

const levelColor = "#6B7280";

export function referenceLines(levels: readonly Level[] = []): ReferenceLine[] {
  return levels.map(({ value, label }) => ({
    Status: "ENABLED",
    DataConfiguration: { AxisBinding: "PRIMARY_YAXIS", StaticConfiguration: { Value: value } },
    StyleConfiguration: { Pattern: "DASHED", Color: levelColor },
    LabelConfiguration: { CustomLabelConfiguration: { CustomLabel: label } },
  }));
}

/** "use and expected, by day and meter type" */
export function inWords(measures: readonly Measure[], dimensions: readonly Dimension[]): string {
  return `${measures.map(({ label }) => label).join(" and ")}, by ${dimensions.map(({ label }) => label.toLowerCase()).join(" and ")}`;
}
