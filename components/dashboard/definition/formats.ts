import type { DateFormat, NumberDisplay, NumericFormat } from "./schema.ts";

/** What stands where there is no value. */
const noValue = "–";

function display(decimals: number, suffix?: string): NumberDisplay {
  return {
    DecimalPlacesConfiguration: { DecimalPlaces: decimals },
    SeparatorConfiguration: { DecimalSeparator: "DOT", ThousandsSeparator: { Symbol: "COMMA", Visibility: "VISIBLE" } },
    NegativeValueConfiguration: { DisplayMode: "NEGATIVE" },
    NullValueFormatConfiguration: { NullString: noValue },
    ...(suffix === undefined ? {} : { Suffix: suffix }),
  };
}

/** 1,234.5 and a unit, if any. */
export function decimal(decimals: number, unit?: string): NumericFormat {
  return {
    NumberDisplayFormatConfiguration: {
      ...display(decimals, unit === undefined ? undefined : ` ${unit}`),
      NumberScale: "NONE",
    },
  };
}

/** 1.2M and a unit, if any: for figures that stand alone. */
export function rounded(unit?: string): NumericFormat {
  return {
    NumberDisplayFormatConfiguration: {
      ...display(1, unit === undefined ? undefined : ` ${unit}`),
      NumberScale: "AUTO",
    },
  };
}

/** 12.3%, of a share such as 0.123. */
export function percent(decimals = 0): NumericFormat {
  return { PercentageDisplayFormatConfiguration: display(decimals) };
}

/** Of a day: "Mon, Dec 3". */
export const dayFormat: DateFormat = { DateTimeFormat: "ddd, MMM D" };
/** Of an hour: "Mon, Dec 3, 17:00". */
export const hourFormat: DateFormat = { DateTimeFormat: "ddd, MMM D, HH:mm" };
/** Of a week, by its Monday: "Dec 3, 2018". */
export const weekFormat: DateFormat = { DateTimeFormat: "MMM D, YYYY" };
/** Of a moment in a table: "2018-12-03 17:00", which sorts as it reads. */
export const momentFormat: DateFormat = { DateTimeFormat: "YYYY-MM-DD HH:mm" };
