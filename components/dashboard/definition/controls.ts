import type { ColumnOf, Columns, DataSet } from "./data-set.ts";
import { daysOffered, type ParameterName, parameters } from "./parameters.ts";
import type { ColumnReference, ParameterControl } from "./schema.ts";

/** A control as a sheet asks for it. */
export interface ControlPlan {
  parameter: ParameterName;
  control: (sheet: string) => ParameterControl;
}

function idOf(sheet: string, parameter: ParameterName): string {
  return `${sheet}-${parameter.toLowerCase()}`;
}

/**
 * Texts to choose from: those that a column has. No choice is all of them.
 *
 * @param within The column that narrows the choice, and the control on the same sheet whose values it must match.
 */
export function choice<C extends Columns>(
  parameter: "City" | "MeterType" | "Building",
  title: string,
  dataSet: DataSet<C>,
  column: ColumnOf<C, "text">,
  within: Partial<Record<"City" | "MeterType", ColumnOf<C, "text">>> = {},
): ControlPlan {
  const reference = (name: string): ColumnReference => ({ DataSetIdentifier: dataSet.identifier, ColumnName: name });
  const outer = Object.entries(within) as ["City" | "MeterType", string][];
  return {
    parameter,
    control: (sheet) => ({
      Dropdown: {
        ParameterControlId: idOf(sheet, parameter),
        SourceParameterName: parameter,
        Title: title,
        Type: "MULTI_SELECT",
        SelectableValues: { LinkToDataSetColumn: reference(column) },
        ...(outer.length === 0
          ? {}
          : {
              CascadingControlConfiguration: {
                SourceControls: outer.map(([name, matched]) => ({
                  SourceSheetControlId: idOf(sheet, name),
                  ColumnToMatch: reference(matched),
                })),
              },
            }),
      },
    }),
  };
}

/** How many of the latest days are shown. */
export const latestDays: ControlPlan = {
  parameter: "Days",
  control: (sheet) => ({
    Dropdown: {
      ParameterControlId: idOf(sheet, "Days"),
      SourceParameterName: parameters.Days.IntegerParameterDeclaration.Name,
      Title: "Latest days",
      Type: "SINGLE_SELECT",
      SelectableValues: { Values: daysOffered.map(String) },
    },
  }),
};

function date(parameter: "From" | "To", title: string): ControlPlan {
  return {
    parameter,
    control: (sheet) => ({
      DateTimePicker: {
        ParameterControlId: idOf(sheet, parameter),
        SourceParameterName: parameter,
        Title: title,
        DisplayOptions: { DateTimeFormat: "YYYY-MM-DD" },
      },
    }),
  };
}

/** The first and the last day that are shown. */
export const fromDay = date("From", "From day");
export const toDay = date("To", "To day");
