import { z } from "zod";
import { oneOf } from "./one-of.ts";

/** What a click on a mark or a row does. */
export const actions = z.array(
  z.strictObject({
    CustomActionId: z.string(),
    Name: z.string(),
    Status: z.literal("ENABLED"),
    Trigger: z.enum(["DATA_POINT_CLICK", "DATA_POINT_MENU"]),
    ActionOperations: z.array(
      oneOf({
        NavigationOperation: z.strictObject({
          LocalNavigationConfiguration: z.strictObject({ TargetSheetId: z.string() }),
        }),
        SetParametersOperation: z.strictObject({
          ParameterValueConfigurations: z.array(
            z.strictObject({
              DestinationParameterName: z.string(),
              Value: oneOf({ SourceField: z.string(), SelectAllValueOptions: z.literal("ALL_VALUES") }),
            }),
          ),
        }),
        FilterOperation: z.strictObject({
          SelectedFieldsConfiguration: z.strictObject({ SelectedFields: z.array(z.string()) }),
          TargetVisualsConfiguration: z.strictObject({
            SameSheetTargetVisualConfiguration: z.strictObject({ TargetVisualOptions: z.literal("ALL_VISUALS") }),
          }),
        }),
      }),
    ),
  }),
);
