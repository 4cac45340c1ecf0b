import type { Environment } from "../../../environments/index.ts";
import type { DataSet } from "../definition/data-set.ts";
import { definition } from "../definition/definition.ts";
import type { DashboardDefinition } from "../definition/schema.ts";
import { dataSets } from "../data-sets/columns.ts";
import { palettes, type ThemeName, valueColors } from "../palette.ts";
import { buildingsSheet } from "./buildings.ts";
import type { SheetContext } from "./context.ts";
import { differences } from "./differences.ts";
import { expectedSheet } from "./expected.ts";
import { hours } from "./hours.ts";
import { metersSheet } from "./meters.ts";
import { overview } from "./overview.ts";
import { pipeline } from "./pipeline.ts";

/**
 * The dashboard of an environment.
 *
 * @param arnOf The ARN of each data set.
 */
export function dashboardDefinition(
  environment: Pick<Environment, "meterTypes">,
  theme: ThemeName,
  arnOf: (dataSet: DataSet) => string,
): DashboardDefinition {
  const palette = palettes[theme];
  const context: SheetContext = { unit: unitOf(environment), palette };
  return definition({
    dataSets: dataSets.map((dataSet) => ({ dataSet, arn: arnOf(dataSet) })),
    sheets: [overview, buildingsSheet, hours, expectedSheet, differences, metersSheet, pipeline].map((sheetOf) =>
      sheetOf(context),
    ),
    colors: valueColors(palette),
  });
}

/** Use of several meter types can be added up where they have one unit. */
function unitOf({ meterTypes }: Pick<Environment, "meterTypes">): string {
  const units = [...new Set(meterTypes.map(({ unit }) => unit))];
  return units.length === 1 ? (units[0] ?? "") : "each in its unit";
}
