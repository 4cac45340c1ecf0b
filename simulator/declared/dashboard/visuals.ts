import { z } from "zod";
import { actions } from "./actions.ts";
import {
  axisLabels,
  dimension,
  legend,
  limit,
  measure,
  numericAxis,
  numericFormat,
  referenceLines,
  sort,
  tooltip,
  unaggregated,
  visibility,
} from "./fields.ts";
import { oneOf } from "./one-of.ts";

const plainText = z.strictObject({ PlainText: z.string() });

function visual<Chart extends z.ZodType, More extends z.core.$ZodLooseShape>(chart: Chart, more: More) {
  return z.strictObject({
    VisualId: z.string(),
    Title: z.strictObject({ Visibility: z.literal("VISIBLE"), FormatText: plainText }),
    Subtitle: z.strictObject({ Visibility: visibility, FormatText: plainText.optional() }),
    VisualContentAltText: z.string(),
    ChartConfiguration: chart,
    Actions: actions,
    ...more,
  });
}

const lineChart = z.strictObject({
  Type: z.enum(["LINE", "STACKED_AREA"]),
  FieldWells: z.strictObject({
    LineChartAggregatedFieldWells: z.strictObject({
      Category: z.array(dimension),
      Values: z.array(measure),
      Colors: z.array(dimension),
    }),
  }),
  SortConfiguration: z.strictObject({ CategorySort: sort, ColorItemsLimitConfiguration: limit.optional() }),
  XAxisLabelOptions: axisLabels,
  PrimaryYAxisLabelOptions: axisLabels,
  PrimaryYAxisDisplayOptions: z.strictObject({
    AxisOptions: numericAxis,
    /** A gap stays one. */
    MissingDataConfigurations: z.tuple([z.strictObject({ TreatmentOption: z.literal("SHOW_AS_BLANK") })]),
  }),
  Legend: legend,
  Tooltip: tooltip,
  ReferenceLines: referenceLines,
  Series: z.array(
    z.strictObject({
      DataFieldSeriesItem: z.strictObject({
        FieldId: z.string(),
        AxisBinding: z.literal("PRIMARY_YAXIS"),
        Settings: z.strictObject({ LineStyleSettings: z.strictObject({ LineStyle: z.enum(["SOLID", "DASHED"]) }) }),
      }),
    }),
  ),
});

const barChart = z.strictObject({
  Orientation: z.enum(["VERTICAL", "HORIZONTAL"]),
  BarsArrangement: z.enum(["CLUSTERED", "STACKED"]),
  FieldWells: z.strictObject({
    BarChartAggregatedFieldWells: z.strictObject({
      Category: z.array(dimension),
      Values: z.array(measure),
      Colors: z.array(dimension),
    }),
  }),
  SortConfiguration: z.strictObject({
    CategorySort: sort,
    CategoryItemsLimit: limit.optional(),
    ColorItemsLimit: limit.optional(),
  }),
  CategoryLabelOptions: axisLabels,
  ValueLabelOptions: axisLabels,
  ValueAxis: numericAxis,
  Legend: legend,
  Tooltip: tooltip,
  ReferenceLines: referenceLines,
});

const comboChart = z.strictObject({
  BarsArrangement: z.enum(["CLUSTERED", "STACKED"]),
  FieldWells: z.strictObject({
    ComboChartAggregatedFieldWells: z.strictObject({
      Category: z.array(dimension),
      BarValues: z.array(measure),
      LineValues: z.array(measure),
      Colors: z.array(dimension),
    }),
  }),
  SortConfiguration: z.strictObject({ CategorySort: sort }),
  CategoryLabelOptions: axisLabels,
  PrimaryYAxisLabelOptions: axisLabels,
  PrimaryYAxisDisplayOptions: numericAxis,
  SecondaryYAxisLabelOptions: axisLabels,
  SecondaryYAxisDisplayOptions: numericAxis,
  Legend: legend,
  Tooltip: tooltip,
});

const heatMap = z.strictObject({
  FieldWells: z.strictObject({
    HeatMapAggregatedFieldWells: z.strictObject({
      Rows: z.tuple([dimension]),
      Columns: z.tuple([dimension]),
      Values: z.tuple([measure]),
    }),
  }),
  SortConfiguration: z.strictObject({
    HeatMapRowSort: sort,
    HeatMapColumnSort: sort,
    HeatMapRowItemsLimitConfiguration: limit.optional(),
  }),
  RowLabelOptions: axisLabels,
  ColumnLabelOptions: axisLabels,
  ColorScale: z.strictObject({
    ColorFillType: z.literal("GRADIENT"),
    /** Two from least to most; three around the DataValue of the middle one. */
    Colors: z
      .array(z.strictObject({ Color: z.string(), DataValue: z.number().optional() }))
      .min(2)
      .max(3),
    NullValueColor: z.strictObject({ Color: z.string() }),
  }),
  Legend: legend,
  Tooltip: tooltip,
});

const kpi = z.strictObject({
  FieldWells: z.strictObject({
    Values: z.tuple([measure]),
    TargetValues: z.array(measure),
    TrendGroups: z.array(dimension),
  }),
  SortConfiguration: z.strictObject({ TrendGroupSort: sort }),
  KPIOptions: z.strictObject({
    Comparison: z
      .strictObject({ ComparisonMethod: z.literal("PERCENT_DIFFERENCE"), ComparisonFormat: numericFormat })
      .optional(),
    PrimaryValueDisplayType: z.literal("ACTUAL"),
    SecondaryValue: z.strictObject({ Visibility: visibility }),
    ProgressBar: z.strictObject({ Visibility: z.literal("HIDDEN") }),
    TrendArrows: z.strictObject({ Visibility: visibility }),
    Sparkline: z.strictObject({ Visibility: visibility, Type: z.literal("LINE"), TooltipVisibility: visibility }),
  }),
});

const table = z.strictObject({
  FieldWells: oneOf({
    TableAggregatedFieldWells: z.strictObject({ GroupBy: z.array(dimension), Values: z.array(measure) }),
    TableUnaggregatedFieldWells: z.strictObject({ Values: z.array(unaggregated) }),
  }),
  SortConfiguration: z.strictObject({
    RowSort: sort,
    PaginationConfiguration: z.strictObject({ PageNumber: z.literal(1), PageSize: z.number().int() }),
  }),
  FieldOptions: z.strictObject({
    Order: z.array(z.string()),
    SelectedFieldOptions: z.array(z.strictObject({ FieldId: z.string(), CustomLabel: z.string() })),
  }),
  TotalOptions: z.strictObject({ TotalsVisibility: z.literal("HIDDEN") }),
});

/** `{column} >= 2` or `{column} = "text"`, of a row; of a measure `SUM({column}) > 0`. */
const condition = z
  .string()
  .regex(/^(?:(?:SUM|AVG|MIN|MAX)\(\{\w+\}\)|\{\w+\}) (?:=|<>|>=|<=|>|<) (?:-?\d+(?:\.\d+)?|"[^"]*")$/, {
    error: "a condition is a column in braces, a comparison, and a number or a text in quotes",
  });

const conditionalFormatting = z.strictObject({
  ConditionalFormattingOptions: z.array(
    z.strictObject({
      Cell: z.strictObject({
        FieldId: z.string(),
        TextFormat: z.strictObject({
          TextColor: z.strictObject({ Solid: z.strictObject({ Expression: condition, Color: z.string() }) }),
        }),
      }),
    }),
  ),
});

/** The kinds of visuals that are drawn here. */
export const visuals = z.array(
  oneOf({
    LineChartVisual: visual(lineChart, {}),
    BarChartVisual: visual(barChart, {}),
    ComboChartVisual: visual(comboChart, {}),
    HeatMapVisual: visual(heatMap, {}),
    KPIVisual: visual(kpi, {}),
    TableVisual: visual(table, { ConditionalFormatting: conditionalFormatting.optional() }),
  }),
);
