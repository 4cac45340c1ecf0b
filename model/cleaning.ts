import type { Keep } from "./measured.ts";

/** A building of the ASHRAE data whose steam readings are off by a factor of a thousand. */
const brokenBuilding = 1099;

/** Electricity of these buildings (of site 0) is zero until this time. */
const lastOfSite0 = 104;
const electricityBegins = Date.UTC(2016, 4, 20);

/** Series of the ASHRAE data that are not to be believed, by meter type. */
const left: readonly (readonly number[])[] = [[803, 1088, 993, 799], [778, 1088], [], [1331, 1021, 794]];

/**
 * The cleaning that published scores on the ASHRAE data have in common: in training and in scoring. All other zeros,
 * spikes and outages stay.
 */
export const cleaned: Keep = (building, meter, stamp) => {
  if (building === brokenBuilding) return false;
  if (meter === 0 && building <= lastOfSite0 && stamp <= electricityBegins && stamp >= Date.UTC(2016, 0, 1))
    return false;
  return left[meter]?.includes(building) !== true;
};
