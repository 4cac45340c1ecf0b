import type { Environment, MeterTypeName, TopicRule } from "../../environments/index.ts";
import { keyedName } from "../naming/names.ts";

/** A thing as plain data: the meters of one type in one city, or a city's weather station. */
export interface ThingPlan {
  /** Physical name, and the client id under which its device connects. */
  name: string;
  /** Name of its city. */
  city: string;
  /** What the device policy and searches of the fleet go by. */
  attributes: Record<string, string>;
}

const thing = "aws:iot/thing:Thing";

/** A thing for every city and meter type that it has. */
export function meterThings(environment: Environment, rules: readonly TopicRule[]): ThingPlan[] {
  return environment.cities.flatMap(({ name: city, siteId, meterTypes }) =>
    meterTypes.map((meter) => ({
      name: keyedName(thing, environment.name, city, meter),
      city,
      attributes: { kind: "meter", city, siteId: `${siteId}`, meter, ...ruleOf(rules, "meter", meter) },
    })),
  );
}

/** A thing for the weather station of every city. */
export function weatherThings(environment: Environment, rules: readonly TopicRule[]): ThingPlan[] {
  return environment.cities.map(({ name: city, siteId }) => ({
    name: keyedName(thing, environment.name, city, "weather"),
    city,
    attributes: { kind: "weather", city, siteId: `${siteId}`, ...ruleOf(rules, "weather", undefined) },
  }));
}

/** The rule by which a thing may use Basic Ingest; none where several rules could be meant. */
function ruleOf(
  rules: readonly TopicRule[],
  kind: TopicRule["kind"],
  meter: MeterTypeName | undefined,
): { rule?: string } {
  const candidates = rules.filter(
    ({ kind: of, meterType }) => of === kind && (meterType === undefined || meterType === meter),
  );
  const [only, ...others] = candidates;
  return only === undefined || others.length > 0 ? {} : { rule: only.name };
}
