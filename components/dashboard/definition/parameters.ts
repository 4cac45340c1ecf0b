import type { ParameterDeclaration } from "./schema.ts";

/** Earlier and later than any reading: the span of time is open until somebody chooses one. */
const openFrom = "2000-01-01T00:00:00Z";
const openTo = "2100-01-01T00:00:00Z";

/** Days of the latest that a sheet shows when nobody has chosen otherwise. */
const usualDays = 28;

/** What the controls offer for Days: about a week, two, a month, a quarter and a year. */
export const daysOffered = [7, 14, 28, 92, 366] as const;

/** What filters the sheets. Each parameter is one choice for the whole dashboard, whichever sheet it is made on. */
export const parameters = {
  City: texts("City"),
  MeterType: texts("MeterType"),
  Building: texts("Building"),
  Days: {
    IntegerParameterDeclaration: {
      Name: "Days",
      ParameterValueType: "SINGLE_VALUED",
      DefaultValues: { StaticValues: [usualDays] },
    },
  },
  From: day("From", openFrom),
  To: day("To", openTo),
} satisfies Record<string, ParameterDeclaration>;

export type ParameterName = keyof typeof parameters;

function texts(Name: string): ParameterDeclaration {
  return {
    StringParameterDeclaration: {
      Name,
      ParameterValueType: "MULTI_VALUED",
      DefaultValues: { StaticValues: [] },
      ValueWhenUnset: { ValueWhenUnsetOption: "RECOMMENDED_VALUE" },
    },
  };
}

function day(Name: string, open: string): ParameterDeclaration {
  return {
    DateTimeParameterDeclaration: { Name, TimeGranularity: "DAY", DefaultValues: { StaticValues: [open] } },
  };
}
