/** The topic behind the rule's name may be left out, for a rule that asks for none. */
const basicIngest = /^\$aws\/rules\/([a-zA-Z0-9_]{1,128})(?:\/(.+))?$/s;

/**
 * The rule that a publish to `$aws/rules/<rule>/<topic>` addresses, and the topic that it sees; undefined where the topic
 * is none of Basic Ingest (https://docs.aws.amazon.com/iot/latest/developerguide/iot-basic-ingest.html).
 */
export function basicIngestOf(topic: string): { rule: string; topic: string } | undefined {
  if (!topic.startsWith("$")) return undefined;
  const [, rule, rest = ""] = basicIngest.exec(topic) ?? [];
  return rule === undefined ? undefined : { rule, topic: rest };
}
