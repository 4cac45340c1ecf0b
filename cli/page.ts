import type { SimulatorOptions } from "@metercast/simulator";
import type { Environment } from "../environments/index.ts";
import { bundlePage } from "../page/bundle.ts";
import { dataset } from "./accounting.ts";

/** The newest messages and elements that were rejected, with what a client sent. */
const rejected = `
SELECT pipeline, reason, topic, client, received, payload
FROM left_out
WHERE ended = 'rejected'
ORDER BY received DESC, record_id DESC, "position"
LIMIT 50`;

/** What the page of an environment shows beside what is declared; its files are built meanwhile. */
export function pageOf({ name, cities }: Environment, port: number): NonNullable<SimulatorOptions["page"]> {
  const files = bundlePage();
  files.catch(() => undefined); // whoever opens the page is told
  return {
    port,
    files,
    environment: name,
    cities: cities.map((city) => ({ name: city.name, label: city.label, timeZone: city.timeZone })),
    questions: { ends: dataset("accounting"), rejected },
  };
}
