import type { NumericFormat } from "../../components/dashboard/definition/schema.ts";

/** What stands where there is no value, when nothing else is declared. */
const noValue = "–";

const scales = [
  { from: 1e9, letter: "B" },
  { from: 1e6, letter: "M" },
  { from: 1e3, letter: "K" },
] as const;

/** A figure as its field declares it: "1,234.5 kWh", "1.2M kWh", "12.3%". */
export function numberText(value: number | null, format: NumericFormat): string {
  if ("PercentageDisplayFormatConfiguration" in format) {
    const { DecimalPlacesConfiguration, NullValueFormatConfiguration } = format.PercentageDisplayFormatConfiguration;
    if (value === null) return NullValueFormatConfiguration.NullString;
    return `${fixed(value * 100, DecimalPlacesConfiguration.DecimalPlaces)}%`;
  }
  const { DecimalPlacesConfiguration, NullValueFormatConfiguration, NumberScale, Suffix } =
    format.NumberDisplayFormatConfiguration;
  if (value === null) return NullValueFormatConfiguration.NullString;
  const { DecimalPlaces } = DecimalPlacesConfiguration;
  const scale = NumberScale === "AUTO" ? scales.find(({ from }) => Math.abs(value) >= from) : undefined;
  const isCount = NumberScale === "AUTO" && scale === undefined && Number.isInteger(value);
  return `${fixed(value / (scale?.from ?? 1), isCount ? 0 : DecimalPlaces)}${scale?.letter ?? ""}${Suffix ?? ""}`;
}

/** A figure beside an axis, short: "1.5M", "20K", "800", "0.25"; of a share "25%". */
export function tickText(value: number, isShare: boolean): string {
  if (isShare) return `${plain(Number((value * 100).toFixed(6)))}%`;
  const scale = scales.find(({ from }) => Math.abs(value) >= from);
  return `${plain(Number((value / (scale?.from ?? 1)).toFixed(6)))}${scale?.letter ?? ""}`;
}

/** A count for people: "12,345". */
export function countText(value: number): string {
  return fixed(value, 0);
}

/** A number without a declared format. */
export function plain(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 6 }).replace("-", "−");
}

function fixed(value: number, decimals: number): string {
  const text = value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return /^-0(?:\.0+)?$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * What a clock showed, in a declared pattern such as `ddd, MMM D, HH:mm`.
 *
 * @param milliseconds since 1970 by that clock
 */
export function timeText(milliseconds: number | null, pattern: string): string {
  if (milliseconds === null) return noValue;
  const date = new Date(milliseconds);
  const two = (value: number) => String(value).padStart(2, "0");
  return pattern.replace(/YYYY|MMM|MM|DD|D|ddd|HH|mm|ss/g, (letters) => {
    switch (letters) {
      case "YYYY":
        return String(date.getUTCFullYear());
      case "MMM":
        return months[date.getUTCMonth()] ?? "";
      case "MM":
        return two(date.getUTCMonth() + 1);
      case "DD":
        return two(date.getUTCDate());
      case "D":
        return String(date.getUTCDate());
      case "ddd":
        return weekdays[date.getUTCDay()] ?? "";
      case "HH":
        return two(date.getUTCHours());
      case "mm":
        return two(date.getUTCMinutes());
      default:
        return two(date.getUTCSeconds());
    }
  });
}

/** How long ago, or how long something took: "4 s", "12 min", "3 h", "2 days". */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
