import { hash, normal, seedOf, uniform } from "./random.ts";
import type { Series } from "./series.ts";

const hourMs = 3_600_000;

/**
 * The faults of real meters, at the rates of the ASHRAE data. Each is a function of a series or site and the time
 * alone.
 */

/** Share of the expected readings that a site's data lack. Site 15's long outage comes on top. */
export function missingShare(siteId: number): number {
  return siteMissing[siteId] ?? 0.012;
}

/** Without what meters lack that began late. */
const siteMissing = [0.025, 0, 0, 0.005, 0.035, 0, 0.02, 0.003, 0.04, 0.001, 0.03, 0, 0, 0.001, 0.004, 0.02];

/**
 * Of what is missing, this share is missing for the whole site at once; the rest is single readings of single meters.
 */
const outageShare = 0.6;
const outageHours = 20;
const outageSlotHours = 168;

/**
 * Whether nothing of a site arrives in an hour: at most one outage a week, half to one and a half times 20 hours long.
 */
export function isSiteOutage(siteId: number, generatorSeed: number, hour: number): boolean {
  if (siteId === 15 && hour * hourMs >= Date.UTC(2016, 1, 10) && hour * hourMs < Date.UTC(2016, 2, 30)) return true;
  const seed = seedOf(generatorSeed, 5, siteId);
  const slot = Math.floor(hour / outageSlotHours);
  if (uniform(seed, slot) >= (missingShare(siteId) * outageShare * outageSlotHours) / outageHours) return false;
  const length = outageHours * (0.5 + uniform(seed ^ 1, slot));
  const begins = (outageSlotHours - 1.5 * outageHours) * uniform(seed ^ 2, slot);
  const into = hour - slot * outageSlotHours;
  return into >= begins && into < begins + length;
}

/** Whether a single reading is missing. `missing` is the site's share. */
export function isUnread(series: Series, minute: number, missing: number): boolean {
  return uniform(series.seed ^ 0x0a11, minute) < missing * (1 - outageShare);
}

/**
 * Seconds that a reading is stamped late: nearly always none. Never a whole minute, so that it cannot meet the next
 * reading's stamp.
 */
export function lateSeconds(series: Series, minute: number): number {
  const draw = hash(series.seed ^ 0x01a7e, minute);
  return draw < 0.0008 * 4294967296 ? 3 + (draw % 55) : 0;
}

const stuckSlotHours = 96;

/**
 * The hour since when a meter has shown the same value, if it is stuck: about one four-day span in fifty, for 3 to 40
 * hours.
 */
export function stuckSince(series: Series, hour: number): number | undefined {
  const slot = Math.floor(hour / stuckSlotHours);
  const draw = hash(series.seed ^ 0x57c, slot);
  if (draw >= 0.02 * 4294967296) return undefined;
  const begins = slot * stuckSlotHours + (draw % 56);
  const length = 3 + ((draw >>> 8) % 38);
  return hour > begins && hour < begins + length ? begins : undefined;
}

/** What a spike multiplies a reading by: 1 nearly always. A spike lasts up to six hours. */
export function spike(series: Series, hour: number): number {
  if (series.spikes === 0) return 1;
  const draw = uniform(series.seed ^ 0x591, Math.floor(hour / 6));
  return draw < series.spikes ? 10 * (1 + draw / series.spikes) : 1;
}

const jacksonvilleStart = Date.UTC(2016, 4, 20, 4);

/** Site 0's electricity meters show zero until 2016-05-20 but for a few readings. */
export function isDeadElectricity(series: Series, time: number): boolean {
  return (
    series.building.site_id === 0 &&
    series.meter === 0 &&
    time < jacksonvilleStart &&
    uniform(series.seed ^ 0xdead, Math.floor(time / hourMs)) < 0.99
  );
}

/** Medians of building 1099's steam readings by month: up to 1e4 times what is plausible from January to May. */
const brokenMedians = [4.2e5, 1.3e4, 1.4e7, 9.7e6, 1.3e7, 1560, 1500, 1400, 1300, 1700, 2200, 8300] as const;

/** A reading of the broken steam meter (kWh); its largest real one is 21,889,900. */
export function brokenSteam(series: Series, time: number): number {
  const date = new Date(time);
  const hour = Math.floor(time / hourMs);
  const month = date.getUTCMonth();
  const median = brokenMedians[month] as number;
  const jump = uniform(series.seed ^ 0xb0b, Math.floor(hour / 4));
  const spiked = (month === 5 && jump < 0.1) || (month === 10 && jump < 0.006) ? 1.2e7 : median;
  const spread = spiked > 1e6 ? 0.25 : 0.6;
  return Math.min(21_889_900, spiked * Math.exp(spread * normal(series.seed ^ 0xb0c, hour)));
}
