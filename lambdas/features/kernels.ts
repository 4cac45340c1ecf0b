/** Days after which the weight of a reading is down to 1/e. */
export const decayDays = { hours6: 0.25, hours36: 1.5, days3: 3, days7: 7, days30: 30, days90: 90 } as const;

/** Beyond this age a weight stays as it is: a series whose readings are all older has them all the same. */
const oldestHours = 24 * 400;

function decayTable(days: number): Float64Array {
  return Float64Array.from({ length: oldestHours + 1 }, (_, age) => Math.exp(-age / (24 * days)));
}

/** Weight by age in hours, from 0 to {@link oldestAge}. */
export const decay = {
  hours6: decayTable(decayDays.hours6),
  hours36: decayTable(decayDays.hours36),
  days3: decayTable(decayDays.days3),
  days7: decayTable(decayDays.days7),
  days30: decayTable(decayDays.days30),
  days90: decayTable(decayDays.days90),
};
export const oldestAge = oldestHours;

/** Bins of half a degree Celsius; what is missing has a bin far from all others. */
const binDegrees = 0.5;
const coldest = -60;
const warmestBin = 239;
export const missingBin = 400;

export function temperatureBin(degrees: number): number {
  if (Number.isNaN(degrees)) return missingBin;
  return Math.min(warmestBin, Math.max(0, Math.round((degrees - coldest) / binDegrees)));
}

/** Degrees in the middle of a bin. */
export function binTemperature(bin: number): number {
  return coldest + bin * binDegrees;
}

/** Deviation of the kernel in temperature, degrees. */
const nearDegrees = 2.5;
/** Nearness of two temperatures of which one is missing. */
const unknownNearness = 0.15;

/** Nearness by the difference of two bins plus {@link missingBin}. */
export const temperatureKernel = Float64Array.from({ length: 2 * missingBin + 1 }, (_, index) => {
  const difference = Math.abs(index - missingBin);
  if (difference > missingBin - warmestBin - 1) return unknownNearness;
  return Math.exp(-0.5 * ((difference * binDegrees) / nearDegrees) ** 2);
});

/** Hours on either side that count as near. */
const nearHours = 3;
const hourDeviation = 1.6;

/** Nearness of two weekdays: the same one, two of Monday to Friday, two days off, one of each. */
function dayNearness(a: number, b: number): number {
  if (a === b) return 1;
  return a >= 5 === b >= 5 ? 0.6 : 0.06;
}

const week = 168;
const everyHour = 7 * (2 * nearHours + 1);
/** Less near than this are only a working day and a day off. */
const sameKind = 0.07;

/** Hours of the week that are near one, `nearCount` for each: first those of days of its kind, `sameKindCount` of them. */
export const nearCount = everyHour;
export const nearCodes = new Uint8Array(week * nearCount);
export const nearWeights = new Float64Array(week * nearCount);
export const sameKindCount = new Uint8Array(week);
for (let code = 0; code < week; code++) {
  const near: { code: number; weight: number }[] = [];
  for (let day = 0; day < 7; day++) {
    for (let shift = -nearHours; shift <= nearHours; shift++) {
      const weight = dayNearness(Math.floor(code / 24), day) * Math.exp(-0.5 * (shift / hourDeviation) ** 2);
      near.push({ code: day * 24 + (((code % 24) + shift + 24) % 24), weight });
    }
  }
  near.sort((a, b) => b.weight - a.weight);
  near.forEach((other, i) => {
    nearCodes[code * nearCount + i] = other.code;
    nearWeights[code * nearCount + i] = other.weight;
  });
  sameKindCount[code] = near.filter(({ weight }) => weight > sameKind).length;
}
