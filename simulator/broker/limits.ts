/** Limits of AWS IoT Core's message broker ("AWS IoT Core message broker and protocol limits and quotas"). */
export const payloadBytes = 131_072;
const topicBytes = 256;
const topicSlashes = 7;
/** `$aws/rules/<rule>/` counts neither for the length nor for the levels. */
const basicIngestPrefix = /^\$aws\/rules\/[^/]+\//;

/** Topics that are good, since a client publishes to the same few again and again. They come from clients: bounded. */
const goodTopics = new Set<string>();
const rememberedTopics = 10_000;

/** Why AWS IoT Core refuses the message; undefined when it takes it. */
export function refusal(topic: string, payloadLength: number): string | undefined {
  if (payloadLength > payloadBytes) return `the payload has ${payloadLength} bytes; ${payloadBytes} are allowed`;
  if (goodTopics.has(topic)) return undefined;
  const reason = topicRefusal(topic);
  if (reason !== undefined) return reason;
  if (goodTopics.size >= rememberedTopics) goodTopics.clear();
  goodTopics.add(topic);
  return undefined;
}

function topicRefusal(topic: string): string | undefined {
  const counted = topic.replace(basicIngestPrefix, "");
  if (counted === "") return "the topic is empty";
  if (Buffer.byteLength(counted) > topicBytes) return `the topic is longer than ${topicBytes} bytes`;
  if (counted.split("/").length > topicSlashes + 1) return `the topic has more than ${topicSlashes} slashes`;
  if (/[+#]/.test(counted)) return "the topic of a publish has a wildcard";
  // MQTT 3.1.1, 1.5.3
  if (counted.includes("\0")) return "the topic has a NUL character";
  return undefined;
}
