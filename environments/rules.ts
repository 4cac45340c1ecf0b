import { compileStatement } from "@metercast/iot-sql";

import { meterTypeCodes } from "./environment.ts";
import type { Environment, MeterTypeName } from "./environment.ts";

export interface TopicRule {
  /** As deployed: letters, digits and _, with the environment's name. */
  name: string;
  kind: "meter" | "weather";
  /** undefined for a rule that takes all meter types, and for weather. */
  meterType?: MeterTypeName;
  sql: string;
}

/**
 * A statement that keeps the message whole, whatever it is: the original bytes as one line of JSON, with topic, client
 * and arrival. A SELECT of columns would make `{}` of an envelope and lose all three.
 */
function wholeMessage(topicFilter: string): string {
  return `SELECT encode(*, 'base64') AS payload, topic() AS topic, clientid() AS client, timestamp() AS received FROM '${topicFilter}'`;
}

/** The rule's SQL for a meter type that brings none. */
export function defaultMeterSql(environment: string, type: string): string {
  return wholeMessage(`metercast/${environment}/+/meter/${type}`);
}

/** The rule's SQL for weather that brings none. */
export function defaultWeatherSql(environment: string): string {
  return wholeMessage(`metercast/${environment}/+/weather`);
}

/** The rules of an environment: one per meter type or those of `ingestion.rules`, and weather's last. */
export function topicRules(environment: Environment): TopicRule[] {
  const deployedName = (name: string) => `metercast_${environment.name.replaceAll("-", "_")}_${name}`;
  const ofMeters =
    environment.ingestion.rules?.map(({ name, sql }): TopicRule => ({
      name: deployedName(name),
      kind: "meter",
      sql,
    })) ??
    environment.meterTypes.map(({ type, sql }): TopicRule => ({
      name: deployedName(type),
      kind: "meter",
      meterType: type,
      sql: sql ?? defaultMeterSql(environment.name, type),
    }));
  return [
    ...ofMeters,
    {
      name: deployedName("weather"),
      kind: "weather",
      sql: environment.weather.sql ?? defaultWeatherSql(environment.name),
    },
  ];
}

/**
 * A topic that the rule takes: its filter with `{city}` in place of one `+`, and `{type}` in place of a `+` that
 * follows the level `meter`. undefined when wildcards remain, which a publisher cannot fill.
 */
function publishTopic(rule: TopicRule): string | undefined {
  const filter = compileStatement(rule.sql).topicFilter;
  // Without FROM a rule takes what is published to it by name.
  if (filter === undefined) return `$aws/rules/${rule.name}`;
  const levels = filter.split("/").map((level, index, all) => {
    return level === "+" && rule.kind === "meter" && all[index - 1] === "meter" ? "{type}" : level;
  });
  const city = levels.indexOf("+");
  if (city !== -1) levels[city] = "{city}";
  return levels.some((level) => level === "+" || level === "#") ? undefined : levels.join("/");
}

/** The topics that a publisher sends to, per meter type and for weather; `{city}` and `{type}` are to be filled in. */
export interface PublishTopics {
  meters: Record<MeterTypeName, string | undefined>;
  weather: string | undefined;
}

/** Where a publisher sends so that a rule takes it; undefined where no rule says a topic that can be filled in. */
export function publishTopics(environment: Environment): PublishTopics {
  const rules = topicRules(environment);
  const ofMeters = rules
    .filter((rule) => rule.kind === "meter")
    .map((rule) => ({ rule, topic: publishTopic(rule) }))
    .filter(({ topic }) => topic !== undefined);
  const topicOf = (type: MeterTypeName): string | undefined => {
    const candidates = ofMeters.filter(({ rule }) => rule.meterType === undefined || rule.meterType === type);
    const own = candidates.find(({ topic }) => topic?.split("/").includes(type));
    return (own ?? candidates[0])?.topic;
  };
  const types = Object.keys(meterTypeCodes) as MeterTypeName[];
  const weather = rules.find((rule) => rule.kind === "weather");
  return {
    meters: Object.fromEntries(types.map((type) => [type, topicOf(type)])) as PublishTopics["meters"],
    weather: weather && publishTopic(weather),
  };
}
