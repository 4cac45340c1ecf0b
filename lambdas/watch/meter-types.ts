/** The meter types, at the place of their codes. */
export const meterTypes = ["electricity", "chilledwater", "steam", "hotwater"] as const;

export type MeterType = (typeof meterTypes)[number];

/** The type of a code, or what can be said of one that there is not. */
export function meterTypeOf(code: number): string {
  return meterTypes[code] ?? `meter ${code}`;
}
