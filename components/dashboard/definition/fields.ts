import type { ColumnOf, Columns, DataSet } from "./data-set.ts";
import { dayFormat, hourFormat, momentFormat, weekFormat } from "./formats.ts";
import type {
  ColumnReference,
  DateFormat,
  DimensionField,
  MeasureField,
  NumberAggregation,
  NumericFormat,
  TimeGranularity,
  UnaggregatedField,
} from "./schema.ts";

/** A column by which a visual groups. It becomes a field, with an id, in the visual that takes it. */
export interface Dimension {
  readonly kind: "dimension";
  readonly column: ColumnReference;
  /** For people: title of the axis or the column, name in the tooltip. */
  readonly label: string;
  readonly field: (id: string) => DimensionField;
}

/** A figure that a visual computes of a column. */
export interface Measure {
  readonly kind: "measure";
  readonly column: ColumnReference;
  /** For people, with the unit. */
  readonly label: string;
  /** Undefined for a count and a time. */
  readonly aggregation: NumberAggregation | undefined;
  readonly field: (id: string) => MeasureField;
}

/** A column that a table shows row by row. */
export interface Value {
  readonly kind: "value";
  readonly column: ColumnReference;
  readonly label: string;
  readonly field: (id: string) => UnaggregatedField;
}

export interface MeasureOptions {
  label: string;
  format: NumericFormat;
}

function reference<C extends Columns>(dataSet: DataSet<C>, name: keyof C & string): ColumnReference {
  return { DataSetIdentifier: dataSet.identifier, ColumnName: name };
}

/** Groups by a text. */
export function by<C extends Columns>(dataSet: DataSet<C>, name: ColumnOf<C, "text">, label: string): Dimension {
  const Column = reference(dataSet, name);
  return {
    kind: "dimension",
    column: Column,
    label,
    field: (FieldId) => ({ CategoricalDimensionField: { FieldId, Column } }),
  };
}

/** Groups by a whole number, such as the hour of the day. */
export function byNumber<C extends Columns>(
  dataSet: DataSet<C>,
  name: ColumnOf<C, "integer">,
  label: string,
): Dimension {
  const Column = reference(dataSet, name);
  return {
    kind: "dimension",
    column: Column,
    label,
    field: (FieldId) => ({ NumericalDimensionField: { FieldId, Column } }),
  };
}

const granularities: Readonly<Record<TimeGranularity, DateFormat>> = {
  HOUR: hourFormat,
  DAY: dayFormat,
  WEEK: weekFormat,
  MONTH: { DateTimeFormat: "MMM YYYY" },
};

/** Groups by the hour, day, week (from Monday) or month of a time. */
export function byTime<C extends Columns>(
  dataSet: DataSet<C>,
  name: ColumnOf<C, "time">,
  DateGranularity: TimeGranularity,
  label: string,
): Dimension {
  const Column = reference(dataSet, name);
  return {
    kind: "dimension",
    column: Column,
    label,
    field: (FieldId) => ({
      DateDimensionField: { FieldId, Column, DateGranularity, FormatConfiguration: granularities[DateGranularity] },
    }),
  };
}

function aggregated(aggregation: NumberAggregation) {
  return <C extends Columns>(
    dataSet: DataSet<C>,
    name: ColumnOf<C, "integer" | "number">,
    { label, format }: MeasureOptions,
  ): Measure => {
    const Column = reference(dataSet, name);
    return {
      kind: "measure",
      column: Column,
      label,
      aggregation,
      field: (FieldId) => ({
        NumericalMeasureField: {
          FieldId,
          Column,
          AggregationFunction: { SimpleNumericalAggregation: aggregation },
          FormatConfiguration: { FormatConfiguration: format },
        },
      }),
    };
  };
}

export const sum = aggregated("SUM");
export const average = aggregated("AVERAGE");
export const median = aggregated("MEDIAN");
export const greatest = aggregated("MAX");

/** How many rows have a value in a column of texts, or how many values there are. */
export function count<C extends Columns>(
  dataSet: DataSet<C>,
  name: ColumnOf<C, "text">,
  { label, format, distinct }: MeasureOptions & { distinct?: boolean },
): Measure {
  const Column = reference(dataSet, name);
  return {
    kind: "measure",
    column: Column,
    label,
    aggregation: undefined,
    field: (FieldId) => ({
      CategoricalMeasureField: {
        FieldId,
        Column,
        AggregationFunction: distinct === true ? "DISTINCT_COUNT" : "COUNT",
        FormatConfiguration: { NumericFormatConfiguration: format },
      },
    }),
  };
}

/** The latest of a column of times. */
export function latest<C extends Columns>(
  dataSet: DataSet<C>,
  name: ColumnOf<C, "time">,
  label: string,
  format: DateFormat = momentFormat,
): Measure {
  const Column = reference(dataSet, name);
  return {
    kind: "measure",
    column: Column,
    label,
    aggregation: undefined,
    field: (FieldId) => ({
      DateMeasureField: { FieldId, Column, AggregationFunction: "MAX", FormatConfiguration: format },
    }),
  };
}

/** A column of a table as its rows have it; numbers and times in the given format. */
export function value<C extends Columns>(
  dataSet: DataSet<C>,
  name: keyof C & string,
  label: string,
  format?: NumericFormat,
): Value {
  const Column = reference(dataSet, name);
  return {
    kind: "value",
    column: Column,
    label,
    field: (FieldId) => ({
      FieldId,
      Column,
      ...(format !== undefined
        ? { FormatConfiguration: { NumberFormatConfiguration: { FormatConfiguration: format } } }
        : dataSet.columns[name] === "time"
          ? { FormatConfiguration: { DateTimeFormatConfiguration: momentFormat } }
          : {}),
    }),
  };
}

/** Fields of one visual: each gets an id that says the visual, the place and the column. */
export function identified(visual: string) {
  let count = 0;
  return (column: ColumnReference): string => `${visual}.${(count += 1)}.${column.ColumnName}`;
}
