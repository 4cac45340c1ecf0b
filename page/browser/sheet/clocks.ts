import type { City } from "../../api.ts";

/** How a definition says that a time is each city's own. */
const ownClock = "the city's clock";

/**
 * Says whose clock a label means, where that is one: "Hour, the city's clock" becomes "Hour, London time (Europe/London)".
 *
 * @param chosen labels of cities; none for all
 */
export function clockNames(cities: readonly City[], chosen: readonly string[]): (label: string) => string {
  const shown = chosen.length === 0 ? cities : cities.filter(({ label }) => chosen.includes(label));
  const [first] = shown;
  const zones = new Set(shown.map(({ timeZone }) => timeZone));
  if (!first || zones.size !== 1) return (label) => label;
  const name = shown.length === 1 ? `${first.label.split(",", 1)[0]} time (${first.timeZone})` : first.timeZone;
  return (label) => label.replace(ownClock, name);
}

/** "London, England: Europe/London": each city's zone, of those that are chosen. */
export function clockNote(cities: readonly City[], chosen: readonly string[]): string {
  const shown = chosen.length === 0 ? cities : cities.filter(({ label }) => chosen.includes(label));
  const zones = Map.groupBy(shown, ({ timeZone }) => timeZone);
  return [...zones].map(([zone, those]) => `${zone}: ${those.map(({ label }) => label).join("; ")}`).join(" · ");
}
