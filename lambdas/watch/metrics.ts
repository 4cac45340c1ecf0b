import { fewestElements } from "./drift.ts";
import type { RunErrors } from "./run-errors.ts";
import { meterTypes } from "./meter-types.ts";
import { allCities, type MonitoredWeek } from "./monitor.ts";

interface Metric {
  name: string;
  unit: "Count" | "None" | "Seconds";
  value: number | undefined;
}

/**
 * Lines of CloudWatch's embedded metric format, by which alarms know what the function found: `PredictedRows`,
 * `ComparedRows`, `PredictionAge` (seconds from the latest predicted hour to now: below zero while it is yet to come) and
 * `Rmsle` of the run by Environment; `Rmsle`, `WeekRmsle`, `WeekRatio` and `WeekBias` by Environment and MeterType.
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html)
 *
 * @param latest the latest predicted hour, epoch ms; undefined for a run of past hours, which makes nothing stale
 * @param now epoch ms
 */
export function metricLines(
  { environment, namespace }: { environment: string; namespace: string },
  { rows, compared, rmsle }: RunErrors,
  weeks: readonly MonitoredWeek[],
  latest: number | undefined,
  now: number,
): string[] {
  const line = (dimensions: Record<string, string>, metrics: readonly Metric[]): string[] => {
    const known = metrics.filter(({ value }) => value !== undefined && Number.isFinite(value));
    if (known.length === 0) return [];
    const directive = {
      Namespace: namespace,
      Dimensions: [Object.keys(dimensions)],
      Metrics: known.map(({ name, unit }) => ({ Name: name, Unit: unit })),
    };
    return [
      JSON.stringify({
        _aws: { Timestamp: now, CloudWatchMetrics: [directive] },
        ...dimensions,
        ...Object.fromEntries(known.map(({ name, value }) => [name, value])),
      }),
    ];
  };
  return [
    ...line({ Environment: environment }, [
      { name: "PredictedRows", unit: "Count", value: rows },
      { name: "ComparedRows", unit: "Count", value: compared },
      { name: "PredictionAge", unit: "Seconds", value: latest === undefined ? undefined : (now - latest) / 1000 },
      { name: "Rmsle", unit: "None", value: rmsle.overall },
    ]),
    ...meterTypes.flatMap((type, meter) => {
      const week = weeks.find((one) => one.meter === meter && one.city === allCities && one.elements >= fewestElements);
      return line({ Environment: environment, MeterType: type }, [
        { name: "Rmsle", unit: "None", value: rmsle[type] },
        { name: "WeekRmsle", unit: "None", value: week?.rmsle },
        { name: "WeekRatio", unit: "None", value: week?.ratio },
        { name: "WeekBias", unit: "None", value: week?.bias },
      ]);
    }),
  ];
}
