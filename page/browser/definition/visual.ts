import type {
  Action,
  AxisLabels,
  BarChart,
  ChartVisual,
  ComboChart,
  HeatMap,
  Kpi,
  LineChart,
  NumericFormat,
  Table,
  Visual,
} from "../../../components/dashboard/definition/schema.ts";

/** A declared visual, ready to be drawn. */
export type DrawnVisual = Frame &
  (
    | { kind: "line"; chart: LineChart }
    | { kind: "bar"; chart: BarChart }
    | { kind: "combo"; chart: ComboChart }
    | { kind: "heat map"; chart: HeatMap }
    | { kind: "kpi"; chart: Kpi }
    | { kind: "table"; chart: Table }
  );

interface Frame {
  id: string;
  title: string;
  subtitle: string | undefined;
  /** For a screen reader. */
  description: string;
  /** Its data set, as the definition calls it. */
  dataSet: string;
  actions: Action[];
  /** How the values of each field are written. */
  formats: ReadonlyMap<string, FieldFormat>;
}

export interface FieldFormat {
  number?: NumericFormat;
  /** Pattern of a time. */
  time?: string;
}

export function drawnVisual(visual: Visual): DrawnVisual {
  if ("LineChartVisual" in visual)
    return { ...frameOf(visual.LineChartVisual), kind: "line", chart: visual.LineChartVisual.ChartConfiguration };
  if ("BarChartVisual" in visual)
    return { ...frameOf(visual.BarChartVisual), kind: "bar", chart: visual.BarChartVisual.ChartConfiguration };
  if ("ComboChartVisual" in visual)
    return { ...frameOf(visual.ComboChartVisual), kind: "combo", chart: visual.ComboChartVisual.ChartConfiguration };
  if ("HeatMapVisual" in visual)
    return { ...frameOf(visual.HeatMapVisual), kind: "heat map", chart: visual.HeatMapVisual.ChartConfiguration };
  if ("KPIVisual" in visual)
    return { ...frameOf(visual.KPIVisual), kind: "kpi", chart: visual.KPIVisual.ChartConfiguration };
  return { ...frameOf(visual.TableVisual), kind: "table", chart: visual.TableVisual.ChartConfiguration };
}

/** The title of an axis; the names of its fields come with the data. */
export function axisTitle({ Visibility, AxisLabelOptions }: AxisLabels): string {
  return Visibility === "VISIBLE" ? (AxisLabelOptions.find(({ ApplyTo }) => !ApplyTo)?.CustomLabel ?? "") : "";
}

function frameOf(visual: ChartVisual<{ FieldWells: object }>): Frame {
  const { VisualId: id, Title, Subtitle, VisualContentAltText: description, Actions: actions } = visual;
  const fields = fieldsIn(visual.ChartConfiguration.FieldWells);
  return {
    id,
    title: Title.FormatText.PlainText,
    subtitle: Subtitle.Visibility === "VISIBLE" ? Subtitle.FormatText.PlainText : undefined,
    description,
    dataSet: fields[0]?.Column.DataSetIdentifier ?? "",
    actions,
    formats: new Map(fields.map(({ FieldId, FormatConfiguration }) => [FieldId, formatIn(FormatConfiguration)])),
  };
}

interface Field {
  FieldId: string;
  Column: { DataSetIdentifier: string; ColumnName: string };
  FormatConfiguration?: unknown;
}

/** Fields of any kind, in the order of the wells. */
function fieldsIn(value: object): Field[] {
  if ("FieldId" in value && "Column" in value) return [value as Field];
  return Object.values(value).flatMap((inner: unknown) =>
    typeof inner === "object" && inner !== null ? fieldsIn(inner) : [],
  );
}

/** Each kind of field wraps its format in another way; what is inside is one of three. */
function formatIn(value: unknown): FieldFormat {
  if (typeof value !== "object" || value === null) return {};
  if ("DateTimeFormat" in value) return { time: String(value.DateTimeFormat) };
  if ("NumberDisplayFormatConfiguration" in value || "PercentageDisplayFormatConfiguration" in value) {
    return { number: value as NumericFormat };
  }
  return (
    Object.values(value)
      .map(formatIn)
      .find(({ number, time }) => number ?? time) ?? {}
  );
}
