import type { Environment } from "../../environments/index.ts";
import type { Graph } from "../graph.ts";
import { costOf, costPerMillion, type Cost } from "./cost.ts";
import { dashboardAssumptions } from "./dashboard.ts";
import { nameOf, ofType, types, unpriced } from "./declared.ts";
import { hoursPerMonth, loadOf, readingsPerHour, type LoadOptions } from "./load.ts";
import { columnsRule, fittingEnvelope, rulesOf } from "./messages.ts";
import { priceRegion } from "./prices.ts";
import { hasInstancePrice, runAssumptions } from "./runs.ts";

/** What an environment costs, with what was supposed. */
export interface CostReport {
  environment: string;
  region: string;
  /** Region of the prices. */
  priceRegion: string;
  perMillionReadings: (Cost & { /** Readings in a message. */ envelope: number; fits5KB: boolean })[];
  month: Cost & { readings: number; observations: number; envelope: number };
  assumptions: string[];
  /** What is declared and not priced, and what differs from the prices. */
  notes: string[];
}

const largeEnvelope = 100;

/** The cost of an environment: a million readings singly and in envelopes, and a month of its load. @throws CostError */
export function costReport(graph: Graph, environment: Environment, options: LoadOptions = {}): CostReport {
  const load = loadOf(environment, options);
  const rules = rulesOf(graph);
  const readings = load.flows.filter(({ kind }) => kind === "readings");
  const columns = columnsRule(rules, readings);
  const fitting = columns === undefined ? fittingEnvelope(rules, readings) : 1;
  const wanted = new Set([1, fitting, ...(columns === undefined ? [largeEnvelope] : []), options.envelope ?? 1]);
  const month = costOf(graph, load);
  const priced = new Set(month.lines.map(({ resource }) => resource));
  const idle = [types.stream, types.function]
    .flatMap((type) => ofType(graph, type))
    .filter(({ id }) => !priced.has(id));
  const perHour = readingsPerHour(load.flows);
  const observations = load.flows.reduce((sum, { kind, perHour: its }) => sum + (kind === "weather" ? its : 0), 0);
  return {
    environment: environment.name,
    region: graph.region,
    priceRegion,
    perMillionReadings: [...wanted]
      .sort((a, b) => a - b)
      .map((envelope) => ({ envelope, fits5KB: envelope === fitting, ...costPerMillion(graph, load, envelope) })),
    month: {
      readings: perHour * hoursPerMonth,
      observations: observations * hoursPerMonth,
      envelope: options.envelope ?? 1,
      ...month,
    },
    assumptions: [
      options.readingsPerHour === undefined
        ? `${perHour} readings an hour: each building of a city has each meter type of the city, read hourly; and a weather observation an hour from each city.`
        : `${options.readingsPerHour} readings an hour, as asked for; and a weather observation an hour from each city.`,
      (options.envelope ?? 1) === 1
        ? "A reading is a message of its own."
        : `A message holds up to ${options.envelope} readings of one city and meter type; what an hour has begun is sent at its end.`,
      "Each declared thing stays connected; readings are spread evenly over the hour.",
      `${load.leftOut * 100} % of the readings are left out; data are kept for ${load.monthsKept} months where no lifecycle removes them; ${load.queriesPerDay} queries a day read the last 30 days.`,
      ...runAssumptions(graph, load),
      ...dashboardAssumptions(graph),
      "A month has 730 hours; no free tier is used.",
    ],
    notes: [
      ...(graph.region === priceRegion
        ? []
        : [`The environment is in ${graph.region}; the prices are those of ${priceRegion}, other regions differ.`]),
      ...(columns === undefined
        ? []
        : [`The rule ${columns.name} selects columns and takes no envelopes: only single messages are priced.`]),
      ...(hasInstancePrice(graph)
        ? []
        : [
            "Not priced: the instances of the Processing jobs, of which only those of the family ml.m5 have a price here.",
          ]),
      ...idle.map(
        (resource) => `Not priced: ${nameOf(resource)}, which readings and weather do not come through directly.`,
      ),
      ...unpriced(graph).map(({ type, count }) => `Not priced: ${count} of ${type}.`),
    ],
  };
}
