import type { Action, DashboardDefinition } from "../../../components/dashboard/definition/schema.ts";
import type { Cell, ParameterValue, Picked } from "../../api.ts";
import type { DrawnVisual } from "../definition/visual.ts";
import { cellText } from "../visual/cell-text.ts";
import type { Mark } from "../visual/drawing.ts";
import { stepEnd } from "../visual/time-steps.ts";
import type { View } from "../view.ts";

/** What is to be seen after a click on a mark of a visual. The same click again lets go of what it has picked. */
export function viewAfter(
  view: View,
  { visual, action, mark }: { visual: DrawnVisual; action: Action; mark: Mark },
  definition: DashboardDefinition,
): View {
  return action.ActionOperations.reduce((before, operation): View => {
    if ("NavigationOperation" in operation) {
      const { TargetSheetId } = operation.NavigationOperation.LocalNavigationConfiguration;
      return { ...before, sheet: TargetSheetId, picks: [] };
    }
    if ("SetParametersOperation" in operation) {
      const set = operation.SetParametersOperation.ParameterValueConfigurations.flatMap(
        ({ DestinationParameterName: name, Value }): [string, ParameterValue][] => {
          if ("SelectAllValueOptions" in Value) return [[name, []]];
          const value = parameterValue(mark.get(Value.SourceField)?.value ?? null, name, definition);
          return value === undefined ? [] : [[name, value]];
        },
      );
      return { ...before, parameters: { ...before.parameters, ...Object.fromEntries(set) } };
    }
    const { SelectedFields } = operation.FilterOperation.SelectedFieldsConfiguration;
    const fields = SelectedFields.flatMap((field) => mark.get(field) ?? []);
    const picked = fields.map(({ column, value }): Picked => {
      const { granularity, column: name } = column;
      return granularity !== undefined && typeof value === "number"
        ? { column: name, from: value, to: stepEnd(value, granularity) }
        : { column: name, value };
    });
    const others = before.picks.filter((pick) => pick.visual !== visual.id);
    const same = before.picks.find((pick) => pick.visual === visual.id);
    if (picked.length === 0 || JSON.stringify(same?.picked) === JSON.stringify(picked))
      return { ...before, picks: others };
    const text = fields.map(({ column, value }) => cellText(value, column, visual)).join(", ");
    return { ...before, picks: [...others, { visual: visual.id, picked, text }] };
  }, view);
}

/** A clicked value as a parameter takes it. */
function parameterValue(
  value: Cell,
  name: string,
  { ParameterDeclarations }: DashboardDefinition,
): ParameterValue | undefined {
  const declared = ParameterDeclarations.find((one) => Object.values(one).some(({ Name }) => Name === name));
  if (value === null || !declared) return undefined;
  if ("StringParameterDeclaration" in declared) return [String(value)];
  if ("IntegerParameterDeclaration" in declared) return Number(value);
  return new Date(value).toISOString().slice(0, 10);
}
