import { z } from "zod";
import { withoutLocalMeaning } from "../read.ts";
import { oneOf } from "./one-of.ts";

/** A column of a declared data set. */
export const column = z.strictObject({ DataSetIdentifier: z.string(), ColumnName: z.string() });

export const visibility = z.enum(["VISIBLE", "HIDDEN"]);

const display = {
  DecimalPlacesConfiguration: z.strictObject({ DecimalPlaces: z.number() }),
  SeparatorConfiguration: z.strictObject({
    DecimalSeparator: z.literal("DOT"),
    ThousandsSeparator: z.strictObject({ Symbol: z.literal("COMMA"), Visibility: z.literal("VISIBLE") }),
  }),
  NegativeValueConfiguration: z.strictObject({ DisplayMode: z.literal("NEGATIVE") }),
  NullValueFormatConfiguration: z.strictObject({ NullString: z.string() }),
  Suffix: z.string().optional(),
};

export const numericFormat = oneOf({
  NumberDisplayFormatConfiguration: z.strictObject({ ...display, NumberScale: z.enum(["NONE", "AUTO"]) }),
  /** Of a share: 0.123 is 12.3%. */
  PercentageDisplayFormatConfiguration: z.strictObject(display),
});

const numberFormat = z.strictObject({ FormatConfiguration: numericFormat });

/** Letters as in `MMM D, YYYY HH:mm`. */
const dateFormat = z.strictObject({ DateTimeFormat: z.string() });

export const aggregation = z.enum(["SUM", "AVERAGE", "MIN", "MAX", "MEDIAN"]);

const identified = { FieldId: z.string(), Column: column };

export const dimension = oneOf({
  CategoricalDimensionField: z.strictObject(identified),
  NumericalDimensionField: z.strictObject({ ...identified, FormatConfiguration: numberFormat.optional() }),
  DateDimensionField: z.strictObject({
    ...identified,
    DateGranularity: z.enum(["HOUR", "DAY", "WEEK", "MONTH"]),
    FormatConfiguration: dateFormat,
  }),
});

export const measure = oneOf({
  NumericalMeasureField: z.strictObject({
    ...identified,
    AggregationFunction: z.strictObject({ SimpleNumericalAggregation: aggregation }),
    FormatConfiguration: numberFormat,
  }),
  CategoricalMeasureField: z.strictObject({
    ...identified,
    AggregationFunction: z.enum(["COUNT", "DISTINCT_COUNT"]),
    FormatConfiguration: z.strictObject({ NumericFormatConfiguration: numericFormat }),
  }),
  DateMeasureField: z.strictObject({
    ...identified,
    AggregationFunction: z.enum(["MIN", "MAX"]),
    FormatConfiguration: dateFormat,
  }),
});

/** A column of a table whose rows are the data set's own. */
export const unaggregated = z.strictObject({
  ...identified,
  FormatConfiguration: oneOf({
    NumberFormatConfiguration: numberFormat,
    DateTimeFormatConfiguration: dateFormat,
  }).optional(),
});

const direction = z.enum(["ASC", "DESC"]);

export const sort = z.array(
  oneOf({
    FieldSort: z.strictObject({ FieldId: z.string(), Direction: direction }),
    ColumnSort: z.strictObject({
      SortBy: column,
      Direction: direction,
      AggregationFunction: z.strictObject({
        NumericalAggregationFunction: z.strictObject({ SimpleNumericalAggregation: aggregation }),
      }),
    }),
  }),
);

/** The first ones; EXCLUDE leaves the rest out. */
export const limit = z.strictObject({ ItemsLimit: z.number().int(), OtherCategories: z.literal("EXCLUDE") });

/** The label without ApplyTo is the axis' title, the others are the names of the fields. */
export const axisLabels = z.strictObject({
  Visibility: visibility,
  AxisLabelOptions: z.array(
    z.strictObject({ CustomLabel: z.string(), ApplyTo: z.strictObject(identified).optional() }),
  ),
});

export const numericAxis = z.strictObject({
  DataOptions: z.strictObject({
    NumericAxisOptions: z.strictObject({
      Range: oneOf({ DataDriven: z.strictObject({}), MinMax: z.strictObject({ Minimum: z.literal(0) }) }),
    }),
  }),
});

export const legend = z.strictObject({
  Visibility: visibility,
  Position: z.enum(["TOP", "RIGHT", "BOTTOM"]),
  Title: withoutLocalMeaning, // hidden everywhere
});

export const tooltip = z.strictObject({
  TooltipVisibility: z.literal("VISIBLE"),
  SelectedTooltipType: z.literal("DETAILED"),
  FieldBasedTooltip: z.strictObject({
    AggregationVisibility: z.literal("HIDDEN"),
    TooltipTitleType: z.literal("PRIMARY_VALUE"),
    TooltipFields: z.array(
      oneOf({
        FieldTooltipItem: z.strictObject({ FieldId: z.string(), Label: z.string(), Visibility: z.literal("VISIBLE") }),
      }),
    ),
  }),
});

export const referenceLines = z.array(
  z.strictObject({
    Status: z.literal("ENABLED"),
    DataConfiguration: z.strictObject({
      AxisBinding: z.literal("PRIMARY_YAXIS"),
      StaticConfiguration: z.strictObject({ Value: z.number() }),
    }),
    StyleConfiguration: z.strictObject({ Pattern: z.literal("DASHED"), Color: z.string() }),
    LabelConfiguration: z.strictObject({ CustomLabelConfiguration: z.strictObject({ CustomLabel: z.string() }) }),
  }),
);
