import { z } from "zod";
import { withoutLocalMeaning } from "../read.ts";
import { column } from "./fields.ts";
import { oneOf } from "./one-of.ts";
import { visuals } from "./visuals.ts";

const parameter = oneOf({
  StringParameterDeclaration: z.strictObject({
    Name: z.string(),
    ParameterValueType: z.literal("MULTI_VALUED"),
    /** None: all values. */
    DefaultValues: z.strictObject({ StaticValues: z.array(z.string()) }),
    ValueWhenUnset: z.strictObject({ ValueWhenUnsetOption: z.literal("RECOMMENDED_VALUE") }),
  }),
  IntegerParameterDeclaration: z.strictObject({
    Name: z.string(),
    ParameterValueType: z.literal("SINGLE_VALUED"),
    DefaultValues: z.strictObject({ StaticValues: z.tuple([z.number().int()]) }),
  }),
  DateTimeParameterDeclaration: z.strictObject({
    Name: z.string(),
    TimeGranularity: z.literal("DAY"),
    DefaultValues: z.strictObject({ StaticValues: z.tuple([z.iso.datetime()]) }),
  }),
});

const filtered = { FilterId: z.string(), Column: column };
const fromParameter = z.strictObject({ Parameter: z.string() });

const filter = oneOf({
  CategoryFilter: z.strictObject({
    ...filtered,
    Configuration: oneOf({
      CustomFilterConfiguration: z.strictObject({
        MatchOperator: z.literal("EQUALS"),
        ParameterName: z.string(),
        NullOption: z.literal("NON_NULLS_ONLY"),
      }),
      FilterListConfiguration: z.strictObject({
        MatchOperator: z.enum(["CONTAINS", "DOES_NOT_CONTAIN"]),
        CategoryValues: z.array(z.string()),
      }),
    }),
  }),
  NumericRangeFilter: z.strictObject({
    ...filtered,
    RangeMinimum: z.strictObject({ StaticValue: z.number() }).optional(),
    RangeMaximum: oneOf({ Parameter: z.string(), StaticValue: z.number() }).optional(),
    IncludeMinimum: z.boolean(),
    IncludeMaximum: z.boolean(),
    NullOption: z.enum(["ALL_VALUES", "NON_NULLS_ONLY"]),
  }),
  TimeRangeFilter: z.strictObject({
    ...filtered,
    RangeMinimumValue: fromParameter,
    RangeMaximumValue: fromParameter,
    IncludeMinimum: z.literal(true),
    IncludeMaximum: z.literal(true),
    TimeGranularity: z.literal("DAY"),
    NullOption: z.literal("NON_NULLS_ONLY"),
  }),
});

const filterGroup = z.strictObject({
  FilterGroupId: z.string(),
  CrossDataset: z.literal("SINGLE_DATASET"),
  Status: z.literal("ENABLED"),
  Filters: z.tuple([filter]),
  ScopeConfiguration: z.strictObject({
    SelectedSheets: z.strictObject({
      SheetVisualScopingConfigurations: z.array(
        z.strictObject({
          SheetId: z.string(),
          Scope: z.enum(["ALL_VISUALS", "SELECTED_VISUALS"]),
          VisualIds: z.array(z.string()).optional(),
        }),
      ),
    }),
  }),
});

const controlled = { ParameterControlId: z.string(), SourceParameterName: z.string(), Title: z.string() };

const control = oneOf({
  Dropdown: z.strictObject({
    ...controlled,
    Type: z.enum(["MULTI_SELECT", "SINGLE_SELECT"]),
    SelectableValues: oneOf({ LinkToDataSetColumn: column, Values: z.array(z.string()) }),
    CascadingControlConfiguration: z
      .strictObject({
        SourceControls: z.array(z.strictObject({ SourceSheetControlId: z.string(), ColumnToMatch: column })),
      })
      .optional(),
  }),
  DateTimePicker: z.strictObject({
    ...controlled,
    DisplayOptions: z.strictObject({ DateTimeFormat: z.literal("YYYY-MM-DD") }),
  }),
});

const canvas = z.strictObject({ ScreenCanvasSizeOptions: z.strictObject({ ResizeOption: z.literal("RESPONSIVE") }) });

const layout = z.strictObject({
  Configuration: z.strictObject({
    GridLayout: z.strictObject({
      CanvasSizeOptions: canvas,
      Elements: z.array(
        z.strictObject({
          ElementId: z.string(),
          ElementType: z.literal("VISUAL"),
          ColumnIndex: z.number().int(),
          ColumnSpan: z.number().int(),
          RowIndex: z.number().int(),
          RowSpan: z.number().int(),
        }),
      ),
    }),
  }),
});

const sheet = z.strictObject({
  SheetId: z.string(),
  Name: z.string(),
  Title: z.string(),
  Description: z.string(),
  ContentType: z.literal("INTERACTIVE"),
  ParameterControls: z.array(control),
  Visuals: visuals,
  Layouts: z.tuple([layout]),
});

/** The part of QuickSight's definition that is drawn here. What it does not know is an error, not left out. */
export const definition = z.strictObject({
  DataSetIdentifierDeclarations: z.array(z.strictObject({ Identifier: z.string(), DataSetArn: z.string() })),
  ParameterDeclarations: z.array(parameter),
  FilterGroups: z.array(filterGroup),
  ColumnConfigurations: z.array(
    z.strictObject({
      Column: column,
      ColorsConfiguration: z.strictObject({
        CustomColors: z.array(z.strictObject({ FieldValue: z.string(), Color: z.string() })),
      }),
    }),
  ),
  Sheets: z.array(sheet),
  AnalysisDefaults: withoutLocalMeaning, // of sheets that authors add
  Options: z.strictObject({ WeekStart: z.literal("MONDAY") }),
});

export type DashboardDefinition = z.output<typeof definition>;
export type Sheet = DashboardDefinition["Sheets"][number];
export type Visual = Sheet["Visuals"][number];
export type FilterGroup = DashboardDefinition["FilterGroups"][number];
export type ParameterControl = Sheet["ParameterControls"][number];
