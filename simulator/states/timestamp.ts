const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * Epoch milliseconds of a timestamp as the language takes it: RFC 3339 with a capital T and Z ("2016-03-14T01:59:00Z");
 * undefined for a text that is none.
 */
export function timestampOf(text: string): number | undefined {
  const [, year, month, day] = form.exec(text) ?? [];
  if (year === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) return undefined;
  // Date.parse takes the 31st of a month of thirty days
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) <= days ? time : undefined;
}
