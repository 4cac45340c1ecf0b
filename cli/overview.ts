import type { Row } from "@metercast/simulator";
import { meterTypeCodes, type Environment } from "../environments/index.ts";
import { table } from "./table.ts";

/** What is stored per meter type and city, in the units of the environment. */
export function overviewTable(rows: readonly Row[], environment: Environment): string {
  const types = new Map<number, { type: string; unit: string }>(
    environment.meterTypes.map(({ type, unit }) => [meterTypeCodes[type], { type, unit }]),
  );
  return table(
    rows.map((row) => {
      const type = types.get(Number(row["meter"]));
      return {
        "meter type": type?.type ?? `meter ${Number(row["meter"])}`,
        "city": row["city"] as string | null,
        "readings": row["readings"] as number,
        "buildings": row["buildings"] as number,
        "first (UTC)": minutesOf(row["first_reading"]),
        "last (UTC)": minutesOf(row["last_reading"]),
        "mean": `${Number(row["mean_reading"]).toFixed(1)} ${type?.unit ?? ""}`,
      };
    }),
  );
}

/** "2018-12-03 00:00" of an ISO 8601 stamp. */
function minutesOf(stamp: unknown): string {
  return String(stamp).slice(0, 16).replace("T", " ");
}
