const milliseconds = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A whole number and a unit: seconds, minutes, hours or days of 24 hours. */
export const durationPattern = /^(\d{1,9})([smhd])$/;

/**
 * The milliseconds of a duration such as "24h", "90m", "45s" or "2d".
 *
 * @throws RangeError when the text is not a duration.
 */
export function durationMilliseconds(text: string): number {
  const parts = durationPattern.exec(text);
  if (parts === null) {
    throw new RangeError(`"${text}" is not a duration: a whole number and s, m, h or d, such as 24h or 90m`);
  }
  return Number(parts[1]) * milliseconds[parts[2] as keyof typeof milliseconds];
}
