import { actionsOf } from "../actions.ts";
import { percent } from "../formats.ts";
import { type Dimension, identified, type Measure } from "../fields.ts";
import type { ChartVisual, Kpi } from "../schema.ts";
import { frame, sortedBy, take, taken, type VisualOptions, type VisualPlan } from "./parts.ts";

export interface KpiOptions extends VisualOptions {
  value: Measure;
  /** What it is compared with. */
  target?: Measure;
  /** Its course: the value is then that of the last of these, compared with the one before. */
  trend?: Dimension;
}

/** One figure, with what it is compared with. */
export function kpi(id: string, options: KpiOptions): VisualPlan {
  const { value, target, trend } = options;
  const idOf = identified(id);
  const figure = taken(value, idOf);
  const targets = take(target === undefined ? [] : [target], idOf);
  const trends = take(trend === undefined ? [] : [trend], idOf);
  const compared = targets.length > 0 || trends.length > 0;
  const against = target === undefined ? "" : `, compared with ${target.label}`;
  const course = trend === undefined ? "" : `, the latest ${trend.label.toLowerCase()} and the one before`;
  const visual: ChartVisual<Kpi> = {
    ...frame(id, options, `Figure: ${value.label}${against}${course}`),
    ChartConfiguration: {
      FieldWells: {
        Values: [value.field(figure.id)],
        TargetValues: targets.map(({ plan, id: field }) => plan.field(field)),
        TrendGroups: trends.map(({ plan, id: field }) => plan.field(field)),
      },
      SortConfiguration: { TrendGroupSort: trends.map((one) => sortedBy(one, "ASC")) },
      KPIOptions: {
        ...(compared
          ? { Comparison: { ComparisonMethod: "PERCENT_DIFFERENCE" as const, ComparisonFormat: percent(1) } }
          : {}),
        PrimaryValueDisplayType: "ACTUAL",
        SecondaryValue: { Visibility: compared ? "VISIBLE" : "HIDDEN" },
        ProgressBar: { Visibility: "HIDDEN" },
        TrendArrows: { Visibility: compared ? "VISIBLE" : "HIDDEN" },
        Sparkline: {
          Visibility: trend === undefined ? "HIDDEN" : "VISIBLE",
          Type: "LINE",
          TooltipVisibility: "VISIBLE",
        },
      },
    },
    Actions: actionsOf(id, options.actions ?? [], trends),
  };
  return { id, visual: { KPIVisual: visual } };
}
