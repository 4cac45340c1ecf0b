/**
 * The part of QuickSight's dashboard definition that is used here, in CloudFormation's spelling (the user guide's pages of
 * AWS::QuickSight::Dashboard). It is closed on purpose: whoever reads a definition, the cloud or the local page, meets
 * nothing else. cfn-lint holds these types against AWS's own schema.
 */

export interface DashboardDefinition {
  DataSetIdentifierDeclarations: { Identifier: string; DataSetArn: string }[];
  ParameterDeclarations: ParameterDeclaration[];
  FilterGroups: FilterGroup[];
  ColumnConfigurations: ColumnConfiguration[];
  Sheets: Sheet[];
  AnalysisDefaults: {
    DefaultNewSheetConfiguration: {
      SheetContentType: "INTERACTIVE";
      InteractiveLayoutConfiguration: { Grid: { CanvasSizeOptions: CanvasSize } };
    };
  };
  Options: { WeekStart: "MONDAY" };
}

export type Visibility = "VISIBLE" | "HIDDEN";

export interface ColumnReference {
  DataSetIdentifier: string;
  ColumnName: string;
}

/** Exactly one of its keys. */
export type ParameterDeclaration =
  | {
      StringParameterDeclaration: {
        Name: string;
        ParameterValueType: "MULTI_VALUED";
        /** No values: all of them. */
        DefaultValues: { StaticValues: string[] };
        ValueWhenUnset: { ValueWhenUnsetOption: "RECOMMENDED_VALUE" };
      };
    }
  | {
      IntegerParameterDeclaration: {
        Name: string;
        ParameterValueType: "SINGLE_VALUED";
        DefaultValues: { StaticValues: number[] };
      };
    }
  | {
      DateTimeParameterDeclaration: {
        Name: string;
        TimeGranularity: "DAY";
        /** ISO 8601, UTC. */
        DefaultValues: { StaticValues: string[] };
      };
    };

export interface FilterGroup {
  FilterGroupId: string;
  CrossDataset: "SINGLE_DATASET";
  Status: "ENABLED";
  Filters: Filter[];
  ScopeConfiguration: {
    SelectedSheets: {
      SheetVisualScopingConfigurations: {
        SheetId: string;
        Scope: "ALL_VISUALS" | "SELECTED_VISUALS";
        /** With SELECTED_VISUALS. */
        VisualIds?: string[];
      }[];
    };
  };
}

/** Exactly one of its keys. */
export type Filter =
  | {
      CategoryFilter: {
        FilterId: string;
        Column: ColumnReference;
        Configuration:
          | {
              CustomFilterConfiguration: {
                MatchOperator: "EQUALS";
                ParameterName: string;
                NullOption: "NON_NULLS_ONLY";
              };
            }
          | { FilterListConfiguration: { MatchOperator: "CONTAINS" | "DOES_NOT_CONTAIN"; CategoryValues: string[] } };
      };
    }
  | {
      NumericRangeFilter: {
        FilterId: string;
        Column: ColumnReference;
        RangeMinimum?: { StaticValue: number };
        RangeMaximum?: { Parameter: string } | { StaticValue: number };
        IncludeMinimum: boolean;
        IncludeMaximum: boolean;
        NullOption: "ALL_VALUES" | "NON_NULLS_ONLY";
      };
    }
  | {
      TimeRangeFilter: {
        FilterId: string;
        Column: ColumnReference;
        RangeMinimumValue: { Parameter: string };
        RangeMaximumValue: { Parameter: string };
        IncludeMinimum: true;
        IncludeMaximum: true;
        TimeGranularity: "DAY";
        NullOption: "NON_NULLS_ONLY";
      };
    };

/** A colour of its own for each known value of a column, the same in every visual. */
export interface ColumnConfiguration {
  Column: ColumnReference;
  ColorsConfiguration: { CustomColors: { FieldValue: string; Color: string }[] };
}

export interface Sheet {
  SheetId: string;
  Name: string;
  /** The question that the sheet answers. */
  Title: string;
  Description: string;
  ContentType: "INTERACTIVE";
  ParameterControls: ParameterControl[];
  Visuals: Visual[];
  Layouts: [{ Configuration: { GridLayout: GridLayout } }];
}

export interface CanvasSize {
  ScreenCanvasSizeOptions: { ResizeOption: "RESPONSIVE" };
}

/** 36 columns; a row is a third of a column's width high in the cloud. */
export interface GridLayout {
  CanvasSizeOptions: CanvasSize;
  Elements: {
    ElementId: string;
    ElementType: "VISUAL";
    ColumnIndex: number;
    ColumnSpan: number;
    RowIndex: number;
    RowSpan: number;
  }[];
}

/** Exactly one of its keys. */
export type ParameterControl =
  | {
      Dropdown: {
        ParameterControlId: string;
        SourceParameterName: string;
        Title: string;
        Type: "MULTI_SELECT" | "SINGLE_SELECT";
        SelectableValues: { LinkToDataSetColumn: ColumnReference } | { Values: string[] };
        /** Only values that occur together with those chosen in other controls. */
        CascadingControlConfiguration?: {
          SourceControls: { SourceSheetControlId: string; ColumnToMatch: ColumnReference }[];
        };
      };
    }
  | {
      DateTimePicker: {
        ParameterControlId: string;
        SourceParameterName: string;
        Title: string;
        DisplayOptions: { DateTimeFormat: string };
      };
    };

/** Exactly one of its keys. */
export type Visual =
  | { LineChartVisual: ChartVisual<LineChart> }
  | { BarChartVisual: ChartVisual<BarChart> }
  | { ComboChartVisual: ChartVisual<ComboChart> }
  | { HeatMapVisual: ChartVisual<HeatMap> }
  | { KPIVisual: ChartVisual<Kpi> }
  | { TableVisual: ChartVisual<Table> & { ConditionalFormatting?: TableConditionalFormatting } };

export interface ChartVisual<Chart> {
  VisualId: string;
  Title: { Visibility: "VISIBLE"; FormatText: { PlainText: string } };
  Subtitle: { Visibility: "VISIBLE"; FormatText: { PlainText: string } } | { Visibility: "HIDDEN" };
  /** What a screen reader says of it. */
  VisualContentAltText: string;
  ChartConfiguration: Chart;
  Actions: Action[];
}

export interface LineChart {
  Type: "LINE" | "STACKED_AREA";
  FieldWells: {
    LineChartAggregatedFieldWells: { Category: DimensionField[]; Values: MeasureField[]; Colors: DimensionField[] };
  };
  SortConfiguration: {
    CategorySort: FieldSort[];
    ColorItemsLimitConfiguration?: ItemsLimit;
  };
  XAxisLabelOptions: AxisLabels;
  PrimaryYAxisLabelOptions: AxisLabels;
  PrimaryYAxisDisplayOptions: {
    AxisOptions: NumericAxis;
    MissingDataConfigurations: [{ TreatmentOption: "SHOW_AS_BLANK" }];
  };
  Legend: Legend;
  Tooltip: Tooltip;
  ReferenceLines: ReferenceLine[];
  /** One per value that has a style of its own. */
  Series: {
    DataFieldSeriesItem: {
      FieldId: string;
      AxisBinding: "PRIMARY_YAXIS";
      Settings: { LineStyleSettings: { LineStyle: "SOLID" | "DASHED" } };
    };
  }[];
}

export interface BarChart {
  Orientation: "VERTICAL" | "HORIZONTAL";
  BarsArrangement: "CLUSTERED" | "STACKED";
  FieldWells: {
    BarChartAggregatedFieldWells: { Category: DimensionField[]; Values: MeasureField[]; Colors: DimensionField[] };
  };
  SortConfiguration: {
    CategorySort: FieldSort[];
    CategoryItemsLimit?: ItemsLimit;
    ColorItemsLimit?: ItemsLimit;
  };
  CategoryLabelOptions: AxisLabels;
  ValueLabelOptions: AxisLabels;
  ValueAxis: NumericAxis;
  Legend: Legend;
  Tooltip: Tooltip;
  ReferenceLines: ReferenceLine[];
}

export interface ComboChart {
  BarsArrangement: "CLUSTERED" | "STACKED";
  FieldWells: {
    ComboChartAggregatedFieldWells: {
      Category: DimensionField[];
      BarValues: MeasureField[];
      LineValues: MeasureField[];
      Colors: DimensionField[];
    };
  };
  SortConfiguration: { CategorySort: FieldSort[] };
  CategoryLabelOptions: AxisLabels;
  PrimaryYAxisLabelOptions: AxisLabels;
  PrimaryYAxisDisplayOptions: NumericAxis;
  /** The axis of the lines. */
  SecondaryYAxisLabelOptions: AxisLabels;
  SecondaryYAxisDisplayOptions: NumericAxis;
  Legend: Legend;
  Tooltip: Tooltip;
}

export interface HeatMap {
  FieldWells: {
    HeatMapAggregatedFieldWells: { Rows: [DimensionField]; Columns: [DimensionField]; Values: [MeasureField] };
  };
  SortConfiguration: {
    HeatMapRowSort: FieldSort[];
    HeatMapColumnSort: FieldSort[];
    HeatMapRowItemsLimitConfiguration?: ItemsLimit;
  };
  RowLabelOptions: AxisLabels;
  ColumnLabelOptions: AxisLabels;
  /** Two colours from least to most; three from below over none (DataValue 0) to above. */
  ColorScale: {
    ColorFillType: "GRADIENT";
    Colors: { Color: string; DataValue?: number }[];
    NullValueColor: { Color: string };
  };
  Legend: Legend;
  Tooltip: Tooltip;
}

export interface Kpi {
  FieldWells: { Values: [MeasureField]; TargetValues: MeasureField[]; TrendGroups: DimensionField[] };
  SortConfiguration: { TrendGroupSort: FieldSort[] };
  KPIOptions: {
    /** With a target, against it; with a trend group, its last value against the one before. */
    Comparison?: {
      ComparisonMethod: "DIFFERENCE" | "PERCENT_DIFFERENCE" | "PERCENT";
      ComparisonFormat: NumericFormat;
    };
    PrimaryValueDisplayType: "ACTUAL";
    SecondaryValue: { Visibility: Visibility };
    ProgressBar: { Visibility: "HIDDEN" };
    TrendArrows: { Visibility: Visibility };
    Sparkline: { Visibility: Visibility; Type: "LINE"; TooltipVisibility: Visibility };
  };
}

export interface Table {
  FieldWells:
    | { TableAggregatedFieldWells: { GroupBy: DimensionField[]; Values: MeasureField[] } }
    | { TableUnaggregatedFieldWells: { Values: UnaggregatedField[] } };
  SortConfiguration: { RowSort: FieldSort[]; PaginationConfiguration: { PageNumber: 1; PageSize: number } };
  FieldOptions: { Order: string[]; SelectedFieldOptions: { FieldId: string; CustomLabel: string }[] };
  TotalOptions: { TotalsVisibility: "HIDDEN" };
}

export interface TableConditionalFormatting {
  ConditionalFormattingOptions: {
    Cell: {
      FieldId: string;
      /** Expression: `{column} > 2` or `{column} = "text"`, for a measure `SUM({column}) > 2`. */
      TextFormat: { TextColor: { Solid: { Expression: string; Color: string } } };
    };
  }[];
}

/** Exactly one of its keys. */
export type DimensionField =
  | { CategoricalDimensionField: { FieldId: string; Column: ColumnReference } }
  | { NumericalDimensionField: { FieldId: string; Column: ColumnReference; FormatConfiguration?: NumberFormat } }
  | {
      DateDimensionField: {
        FieldId: string;
        Column: ColumnReference;
        DateGranularity: TimeGranularity;
        FormatConfiguration: DateFormat;
      };
    };

export type TimeGranularity = "HOUR" | "DAY" | "WEEK" | "MONTH";

export type NumberAggregation = "SUM" | "AVERAGE" | "MIN" | "MAX" | "MEDIAN";

/** Exactly one of its keys. */
export type MeasureField =
  | {
      NumericalMeasureField: {
        FieldId: string;
        Column: ColumnReference;
        AggregationFunction: { SimpleNumericalAggregation: NumberAggregation };
        FormatConfiguration: NumberFormat;
      };
    }
  | {
      CategoricalMeasureField: {
        FieldId: string;
        Column: ColumnReference;
        AggregationFunction: "COUNT" | "DISTINCT_COUNT";
        FormatConfiguration: { NumericFormatConfiguration: NumericFormat };
      };
    }
  | {
      DateMeasureField: {
        FieldId: string;
        Column: ColumnReference;
        AggregationFunction: "MIN" | "MAX";
        FormatConfiguration: DateFormat;
      };
    };

/** A column of a table whose rows are the data set's own. */
export interface UnaggregatedField {
  FieldId: string;
  Column: ColumnReference;
  FormatConfiguration?: { NumberFormatConfiguration: NumberFormat } | { DateTimeFormatConfiguration: DateFormat };
}

export interface DateFormat {
  /** Letters as in `MMM D, YYYY HH:mm`. */
  DateTimeFormat: string;
}

export interface NumberFormat {
  FormatConfiguration: NumericFormat;
}

/** Exactly one of its keys. */
export type NumericFormat =
  | { NumberDisplayFormatConfiguration: NumberDisplay & { NumberScale: "NONE" | "AUTO" } }
  | { PercentageDisplayFormatConfiguration: NumberDisplay };

export interface NumberDisplay {
  DecimalPlacesConfiguration: { DecimalPlaces: number };
  SeparatorConfiguration: {
    DecimalSeparator: "DOT";
    ThousandsSeparator: { Symbol: "COMMA"; Visibility: "VISIBLE" };
  };
  NegativeValueConfiguration: { DisplayMode: "NEGATIVE" };
  NullValueFormatConfiguration: { NullString: string };
  Suffix?: string;
}

/** By a field of the visual, or by a column of the data set (then aggregated). */
export type FieldSort =
  | { FieldSort: { FieldId: string; Direction: "ASC" | "DESC" } }
  | {
      ColumnSort: {
        SortBy: ColumnReference;
        Direction: "ASC" | "DESC";
        AggregationFunction: { NumericalAggregationFunction: { SimpleNumericalAggregation: NumberAggregation } };
      };
    };

export interface ItemsLimit {
  ItemsLimit: number;
  /** EXCLUDE: the rest is not shown. */
  OtherCategories: "INCLUDE" | "EXCLUDE";
}

/** The axis' own title comes first, without ApplyTo; then the name of each field. */
export interface AxisLabels {
  Visibility: Visibility;
  AxisLabelOptions: { CustomLabel: string; ApplyTo?: { FieldId: string; Column: ColumnReference } }[];
}

export interface NumericAxis {
  DataOptions: { NumericAxisOptions: { Range: { DataDriven: object } | { MinMax: { Minimum: 0 } } } };
}

export interface Legend {
  Visibility: Visibility;
  Position: "TOP" | "RIGHT" | "BOTTOM";
  Title: { Visibility: "HIDDEN" };
}

export interface Tooltip {
  TooltipVisibility: "VISIBLE";
  SelectedTooltipType: "DETAILED";
  FieldBasedTooltip: {
    AggregationVisibility: "HIDDEN";
    TooltipTitleType: "PRIMARY_VALUE";
    TooltipFields: (
      | { FieldTooltipItem: { FieldId: string; Label: string; Visibility: "VISIBLE" } }
      | {
          ColumnTooltipItem: {
            Column: ColumnReference;
            Label: string;
            Visibility: "VISIBLE";
            Aggregation: { NumericalAggregationFunction: { SimpleNumericalAggregation: NumberAggregation } };
          };
        }
    )[];
  };
}

export interface ReferenceLine {
  Status: "ENABLED";
  DataConfiguration: { AxisBinding: "PRIMARY_YAXIS"; StaticConfiguration: { Value: number } };
  StyleConfiguration: { Pattern: "DASHED"; Color: string };
  LabelConfiguration: { CustomLabelConfiguration: { CustomLabel: string } };
}

/** What a click on a mark or a row does. */
export interface Action {
  CustomActionId: string;
  Name: string;
  Status: "ENABLED";
  Trigger: "DATA_POINT_CLICK" | "DATA_POINT_MENU";
  /** A navigation stands before the setting of parameters: QuickSight refuses the other order. */
  ActionOperations: ActionOperation[];
}

/** Exactly one of its keys. */
export type ActionOperation =
  | { NavigationOperation: { LocalNavigationConfiguration: { TargetSheetId: string } } }
  | {
      SetParametersOperation: {
        ParameterValueConfigurations: {
          DestinationParameterName: string;
          /** The clicked mark's value of a field of the visual, or all values. */
          Value: { SourceField: string } | { SelectAllValueOptions: "ALL_VALUES" };
        }[];
      };
    }
  | {
      FilterOperation: {
        SelectedFieldsConfiguration: { SelectedFields: string[] };
        TargetVisualsConfiguration: { SameSheetTargetVisualConfiguration: { TargetVisualOptions: "ALL_VISUALS" } };
      };
    };
