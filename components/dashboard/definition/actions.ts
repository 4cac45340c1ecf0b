import { DefinitionError } from "./definition-error.ts";
import type { Dimension, Value } from "./fields.ts";
import type { ParameterName } from "./parameters.ts";
import type { Action, ActionOperation } from "./schema.ts";

/** What a click does, as a sheet says it: columns, which become fields in the visual that has the action. */
export interface ActionPlan {
  id: string;
  /** For people, in the mark's menu. */
  name: string;
  trigger: Action["Trigger"];
  /** The field id of a column of the visual is asked for. */
  operations: (fieldOf: (column: string) => string) => ActionOperation[];
}

/** Parameters to set: from a column of the visual, or back to all values. */
export type Settings = Partial<Record<ParameterName, { column: string } | "all">>;

function setting(settings: Settings, fieldOf: (column: string) => string): ActionOperation {
  return {
    SetParametersOperation: {
      ParameterValueConfigurations: Object.entries(settings).map(([name, from]) => ({
        DestinationParameterName: name,
        Value:
          from === "all" ? { SelectAllValueOptions: "ALL_VALUES" as const } : { SourceField: fieldOf(from.column) },
      })),
    },
  };
}

/** A click opens another sheet, with the clicked mark's values in its controls: from a city to a building to an hour. */
export function goTo(sheet: string, name: string, settings: Settings): ActionPlan {
  return {
    id: `go-to-${sheet}`,
    name,
    trigger: "DATA_POINT_CLICK",
    operations: (fieldOf) => [
      { NavigationOperation: { LocalNavigationConfiguration: { TargetSheetId: sheet } } },
      setting(settings, fieldOf),
    ],
  };
}

/** A click narrows every other visual of the sheet to the clicked values of these columns; the same click again lets go. */
export function filterOthers(name: string, ...columns: [string, ...string[]]): ActionPlan {
  return {
    id: "filter-others",
    name,
    trigger: "DATA_POINT_CLICK",
    operations: (fieldOf) => [
      {
        FilterOperation: {
          SelectedFieldsConfiguration: { SelectedFields: columns.map(fieldOf) },
          TargetVisualsConfiguration: { SameSheetTargetVisualConfiguration: { TargetVisualOptions: "ALL_VISUALS" } },
        },
      },
    ],
  };
}

/**
 * The actions of a visual.
 *
 * @param fields Its fields that can be clicked, with their ids.
 * @throws DefinitionError when an action wants a column that the visual does not show, or two would answer one click.
 */
export function actionsOf(
  visual: string,
  plans: readonly ActionPlan[],
  fields: readonly { plan: Dimension | Value; id: string }[],
): Action[] {
  const fieldOf = (column: string): string => {
    const found = fields.find(({ plan }) => plan.column.ColumnName === column);
    if (found !== undefined) return found.id;
    throw new DefinitionError(
      `visual "${visual}" has an action on ${column}, which it does not show: it shows ${fields.map(({ plan }) => plan.column.ColumnName).join(", ")}`,
    );
  };
  if (plans.filter(({ trigger }) => trigger === "DATA_POINT_CLICK").length > 1) {
    throw new DefinitionError(
      `visual "${visual}" has two actions for a click: QuickSight takes one, give the others to the menu`,
    );
  }
  return plans.map(({ id, name, trigger, operations }) => ({
    CustomActionId: `${visual}-${id}`,
    Name: name,
    Status: "ENABLED",
    Trigger: trigger,
    ActionOperations: operations(fieldOf),
  }));
}
