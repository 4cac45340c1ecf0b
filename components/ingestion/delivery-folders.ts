import { channelFolder } from "../lake/lifecycle.ts";

/** Where a delivery stream writes in the bucket. */
export interface DeliveryFolders {
  /** Prefix of the stored data. */
  prefix: string;
  /** Prefix of the records that could not be transformed or converted. */
  errorPrefix: string;
  /** Prefixes of the raw messages, where the stream keeps them. */
  channel?: { prefix: string; errorPrefix: string };
  /** Every folder that the stream writes into, without slashes at its ends. */
  all: string[];
}

/** Firehose's own date of arrival, UTC: of the oldest record in an object. */
const byDay = "dt=!{timestamp:yyyy-MM-dd}/";

const errorType = "!{firehose:error-output-type}";

/**
 * The folders of a delivery stream.
 *
 * @param folder Folder of its table: "readings".
 * @param keepRaw Whether it keeps the raw messages: the channel.
 */
export function deliveryFolders(folder: string, keepRaw: boolean): DeliveryFolders {
  const errors = `errors/${folder}`;
  const channel = `${channelFolder}/${folder}`;
  const channelErrors = `errors/${channel}`;
  return {
    prefix: `${folder}/${byDay}`,
    errorPrefix: `${errors}/${errorType}/${byDay}`,
    ...(keepRaw
      ? { channel: { prefix: `${channel}/${byDay}`, errorPrefix: `${channelErrors}/${errorType}/${byDay}` } }
      : {}),
    all: [folder, errors, ...(keepRaw ? [channel, channelErrors] : [])],
  };
}
