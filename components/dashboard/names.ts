import { partName } from "../naming/names.ts";
import type { DataSet } from "./definition/data-set.ts";
import type { ThemeName } from "./palette.ts";

/** Ids of what an environment has in QuickSight; they are parts of ARNs. */

export function dataSourceId(environment: string): string {
  return partName("aws:quicksight/dataSource:DataSource", environment);
}

export function dataSetId(environment: string, { identifier }: DataSet): string {
  return partName("aws:quicksight/dataSet:DataSet", environment, identifier);
}

export function themeId(environment: string, theme: ThemeName): string {
  return partName("aws:quicksight/theme:Theme", environment, theme);
}

export function dashboardId(environment: string): string {
  return partName("aws:cloudcontrol/resource:Resource", environment);
}
