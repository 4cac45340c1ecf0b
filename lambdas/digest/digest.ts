import { SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { SESv2Client } from "@aws-sdk/client-sesv2";
import type { DigestConfig } from "./config.ts";
import type { Lake } from "./datasets.ts";
import { gather } from "./gather.ts";
import { letterOf } from "./letter.ts";

export interface DigestEvent {
  /** The day to tell of, YYYY-MM-DD; yesterday if absent. */
  day?: string;
}

/** What was sent. */
export interface Digested {
  messageId: string;
  subject: string;
  /** Undefined where there are no readings. */
  day: string | undefined;
}

/**
 * Sends the digest: one message to all recipients.
 *
 * @param now epoch ms
 */
export function compileDigest(
  config: DigestConfig,
  bucket: string,
  lake: Lake,
  client: Pick<SESv2Client, "send">,
  now: () => number,
): (event: DigestEvent) => Promise<Digested> {
  return async (event) => {
    const asked = askedDay(event.day, config.timeZone, now());
    const figures = await gather(
      lake,
      bucket,
      asked,
      config.cities.map(({ name }) => name),
    );
    const { subject, text, html } = letterOf(config, figures);
    const part = (Data: string) => ({ Data, Charset: "UTF-8" });
    const { MessageId } = await client.send(
      new SendEmailCommand({
        FromEmailAddress: config.from,
        Destination: { ToAddresses: config.recipients },
        Content: { Simple: { Subject: part(subject), Body: { Text: part(text), Html: part(html) } } },
      }),
    );
    return { messageId: MessageId ?? "", subject, day: figures.day };
  };
}

/** @throws RangeError for a day that is none */
function askedDay(day: string | undefined, timeZone: string, now: number): string {
  if (day === undefined) {
    // Sweden writes dates as ISO does. A day before is yesterday on any clock but for the hour of its change.
    return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(now - 86_400_000);
  }
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : NaN;
  if (Number.isNaN(parsed) || !new Date(parsed).toISOString().startsWith(day)) {
    throw new RangeError(`"day" must be a date such as 2018-12-16, not ${JSON.stringify(day)}.`);
  }
  return day;
}
