import { runsPerMonth } from "../../environments/index.ts";
import type { Graph } from "../graph.ts";
import { listAt, ofType, textAt, types } from "./declared.ts";
import { line, type CostLine } from "./line.ts";
import type { Load } from "./load.ts";
import { definitionOf, taskOf } from "./state-machine.ts";
import { leastScanned } from "./storage.ts";

/** People that a group is taken to have. */
const groupMembers = { authors: 2, readers: 10 };

/** Bytes of a row in SPICE: a dozen columns, half of them texts (user guide, "Estimating the size of SPICE datasets"). */
const spiceRowBytes = 250;

/** Rows of a series that data sets keep: a day each for 400, an hour each for 35 days of use and of forecasts. */
const rowsOfSeries = 400 + 2 * 35 * 24;

/** Gigabytes of SPICE that come with each author. */
const includedGigabytes = 10;

/** Times that somebody looks at the dashboard: once a working day. */
const viewsPerMonth = 21;

/** What calls a data set's refresh. */
const ingestion = "arn:aws:states:::aws-sdk:quicksight:createIngestion";

/** People of a kind: each user counts once, a group as many as it is taken to have. */
function people(principals: ReadonlySet<string>, members: number): number {
  return [...principals].reduce((sum, arn) => sum + (arn.includes(":group/") ? members : 1), 0);
}

/** Who may see the dashboard, by ARN: authors are those who may use its data, too. */
function principalsOf(graph: Graph): { authors: Set<string>; readers: Set<string> } {
  const authors = new Set(
    ofType(graph, types.dataSource).flatMap(({ inputs }) =>
      listAt(inputs, "permissions").flatMap((one) => textAt(one, "principal") ?? []),
    ),
  );
  const all = ofType(graph, types.dashboard).flatMap(({ inputs }) => {
    const state = JSON.parse(textAt(inputs, "desiredState") ?? "{}") as unknown;
    return listAt(state, "Permissions").flatMap((one) => textAt(one, "Principal") ?? []);
  });
  return { authors, readers: new Set(all.filter((arn) => !authors.has(arn))) };
}

/** What people, SPICE and its refreshes cost in a month, and the digest's letters. */
export function dashboardLines(graph: Graph, { forecasts }: Load): CostLine[] {
  const [dashboard] = ofType(graph, types.dashboard);
  const letters = ofType(graph, types.schedule).flatMap((schedule) => {
    const arn = textAt(schedule.inputs, "target", "arn");
    const lambda = ofType(graph, types.function).find(({ outputs }) => textAt(outputs, "arn") === arn);
    if (lambda === undefined) return [];
    const runs = runsPerMonth(textAt(schedule.inputs, "scheduleExpression") ?? "");
    return [
      line("schedulerInvocation", schedule, runs / 1e6, false),
      line("lambdaRequest", lambda, runs / 1e6, false),
      line("email", lambda, runs / 1000, false),
    ];
  });
  if (dashboard === undefined) return letters;
  const { authors, readers } = principalsOf(graph);
  const authorCount = people(authors, groupMembers.authors);
  const readerCount = people(readers, groupMembers.readers);
  const gigabytes = ((forecasts?.series ?? 0) * rowsOfSeries * spiceRowBytes) / 1024 ** 3;
  return [
    line("quickSightAuthor", dashboard, authorCount, false),
    line("quickSightReader", dashboard, readerCount, false),
    line("spice", dashboard, Math.max(0, gigabytes - authorCount * includedGigabytes), false),
    ...refreshLines(graph),
    ...embeddingLines(graph, authorCount + readerCount),
    ...letters,
  ];
}

/** Each view of the dashboard in a page of the team's asks for a URL. */
function embeddingLines(graph: Graph, viewers: number): CostLine[] {
  return ofType(graph, types.functionUrl).flatMap(({ inputs }) => {
    const name = textAt(inputs, "functionName");
    const lambda = ofType(graph, types.function).find(({ outputs }) => textAt(outputs, "name") === name);
    return lambda === undefined ? [] : [line("lambdaRequest", lambda, (viewers * viewsPerMonth) / 1e6, false)];
  });
}

/** How many data sets are kept in SPICE: those that a run refreshes. */
export function keptDataSets(graph: Graph): number {
  return ofType(graph, types.dataSet).filter(({ inputs }) => textAt(inputs, "importMode") === "SPICE").length;
}

/** Each refresh of a data set is a query of Athena's. */
function refreshLines(graph: Graph): CostLine[] {
  const [workgroup] = ofType(graph, types.workgroup);
  const kept = keptDataSets(graph);
  return ofType(graph, types.schedule).flatMap((schedule) => {
    const arn = textAt(schedule.inputs, "target", "arn");
    const machine = ofType(graph, types.stateMachine).find(({ outputs }) => textAt(outputs, "arn") === arn);
    if (machine === undefined || workgroup === undefined) return [];
    if (taskOf(definitionOf(machine.inputs), ingestion) === undefined) return [];
    const runs = runsPerMonth(textAt(schedule.inputs, "scheduleExpression") ?? "");
    return [line("athenaScan", workgroup, (runs * kept * leastScanned) / 1024 ** 4, false)];
  });
}

/** What is supposed of the dashboard, for the report. */
export function dashboardAssumptions(graph: Graph): string[] {
  if (ofType(graph, types.dashboard).length === 0) return [];
  return [
    `A group of QuickSight has ${groupMembers.authors} authors or ${groupMembers.readers} readers; the refresh of a data set reads the least that Athena bills.`,
  ];
}
