/** A number of days: "1 day", "2 days". */
export const windowPattern = /^([1-9]\d{0,3}) days?$/;

/** The days of a window such as "2 days". */
export function countWindowDays(text: string): number {
  const days = windowPattern.exec(text)?.[1];
  if (days === undefined) throw new RangeError(`"${text}" is not a number of days, such as 2 days`);
  return Number(days);
}
