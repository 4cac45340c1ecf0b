import type { Row } from "@metercast/simulator";
import { meterTypeCodes, type Environment } from "../environments/index.ts";
import { table } from "./table.ts";

/** Predictions beside readings, per meter type and city, for people; rows of the dataset predictions_overview. */
export function predictionsTable(rows: readonly Row[], environment: Environment): string {
  const types = new Map<number, { type: string; unit: string }>(
    environment.meterTypes.map(({ type, unit }) => [meterTypeCodes[type], { type, unit }]),
  );
  return table(
    rows.map((row) => {
      const type = types.get(Number(row["meter"]));
      const mean = (value: unknown) => (value === null ? "" : `${Number(value).toFixed(1)} ${type?.unit ?? ""}`);
      return {
        "meter type": type?.type ?? `meter ${Number(row["meter"])}`,
        "city": row["city"] as string | null,
        "predicted hours": row["predicted"] as number,
        "with a reading": row["compared"] as number,
        "mean predicted": mean(row["mean_predicted"]),
        "mean read": mean(row["mean_reading"]),
        "RMSLE": row["rmsle"] === null ? "" : Number(row["rmsle"]).toFixed(3),
      };
    }),
  );
}
