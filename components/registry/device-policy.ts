import type { MeterTypeName, PublishTopics } from "../../environments/index.ts";
import type { Place } from "../naming/arns.ts";
import { arnOf } from "../naming/arns.ts";
import type { Statement } from "../policy/policy-document.ts";
import { PolicyError, policyDocument } from "../policy/policy-document.ts";

/** What a thing is; every thing carries it as its attribute `kind`. */
export type ThingKind = "meter" | "weather";

/** AWS IoT's quotas, "Policy document size": characters besides white space. */
const longestDocument = 2048;

const attribute = (name: string): string => `\${iot:Connection.Thing.Attributes[${name}]}`;

const basicIngest = "$aws/rules/";

/**
 * The policy of all devices of an environment. A device connects under the name of its thing, with a certificate that is
 * attached to it, and publishes to the topics of its thing only, directly or by Basic Ingest: the thing's own attributes
 * stand in the topic. AWS IoT denies what a variable leaves unresolved.
 *
 * @param topics Where a thing publishes: `{city}` and `{type}` are replaced by the thing's attributes.
 * @throws PolicyError when the environment's own topics make it longer than AWS takes.
 */
export function devicePolicy(place: Place, topics: PublishTopics): string {
  const document = policyDocument([
    {
      sid: "ConnectAsItself",
      actions: ["iot:Connect"],
      resources: [arnOf(place, "iot", "client/${iot:Connection.Thing.ThingName}")],
      conditions: { Bool: { "iot:Connection.Thing.IsAttached": "true" } },
    },
    ...publish("PublishReadings", place, "meter", readingTopics(topics.meters)),
    ...publish("PublishWeather", place, "weather", topics.weather === undefined ? [] : [topics.weather]),
  ]);
  const length = document.replaceAll(/\s/g, "").length;
  if (length > longestDocument) {
    throw new PolicyError(
      `the device policy has ${length} characters, AWS IoT takes ${longestDocument}: ` +
        `let the meter types share a topic pattern, such as site/{city}/meter/{type}`,
    );
  }
  return document;
}

/** The distinct topics of the meter types; where a topic names its own type, that becomes `{type}`. */
function readingTopics(meters: PublishTopics["meters"]): string[] {
  const topics = Object.entries(meters).flatMap(([type, topic]) =>
    topic === undefined ? [] : [withTypeAsVariable(topic, type as MeterTypeName)],
  );
  return [...new Set(topics)];
}

function withTypeAsVariable(topic: string, type: MeterTypeName): string {
  return topic
    .split("/")
    .map((level) => (level === type ? "{type}" : level))
    .join("/");
}

function publish(sid: string, place: Place, kind: ThingKind, templates: readonly string[]): Statement[] {
  const topics = templates.map((template) =>
    template.replaceAll("{city}", attribute("city")).replaceAll("{type}", attribute("meter")),
  );
  // A rule without FROM takes what is published under its name, and nothing else.
  const byRule = topics
    .filter((topic) => !topic.startsWith(basicIngest))
    .map((topic) => `${basicIngest}${attribute("rule")}/${topic}`);
  // Apart, since a thing may have no rule, and what becomes of a statement with one unresolved resource is not documented.
  return [
    { sid, topics },
    { sid: `${sid}ByRule`, topics: byRule },
  ]
    .filter((statement) => statement.topics.length > 0)
    .map((statement) => ({
      sid: statement.sid,
      actions: ["iot:Publish"],
      resources: statement.topics.map((topic) => arnOf(place, "iot", `topic/${topic}`)),
      // A fixed topic names neither city nor meter type, and weather's names no kind: without this a meter could
      // publish as the weather station of its city.
      conditions: { StringEquals: { "iot:Connection.Thing.Attributes[kind]": kind } },
    }));
}
