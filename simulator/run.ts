import { setTimeout as pause } from "node:timers/promises";
import type { Evaluation, Graph } from "@metercast/graph";
import { DataFolder, DataFolderError } from "./data-folder.ts";
import { flushPath } from "./broker/http.ts";
import { forgetDelivered } from "./log/segments.ts";
import { FolderHeldError, holderOf, Lock, type Address } from "./lock.ts";
import { PermissionError } from "./permissions/index.ts";
import { completeReplacement } from "./reprocess/replacement.ts";
import { Simulator, type SimulatorOptions } from "./simulator.ts";

/** How long a command waits for one that finishes a log, or for a simulator that starts or stops, and how often it looks. */
const patience = { milliseconds: 120_000, step: 50 };

export interface RunOptions extends Omit<SimulatorOptions, "graph" | "folder" | "lock"> {
  evaluation: Evaluation;
  /** The data folder; made where there is none. */
  data: string;
}

/**
 * Runs an evaluated program on a data folder. Where the program has changed since the folder was last used, what was
 * published under the old one is finished under the old one first, as a deployment does it.
 *
 * @throws DataFolderError, PortError, DeclarationError
 */
export async function run({ evaluation, data, ...options }: RunOptions): Promise<Simulator> {
  const folder = DataFolder.open(data, { create: true });
  const lock = await acquireOnceFinished(folder);
  try {
    completeReplacement(folder);
    const stored = folder.storedGraph();
    if (stored) requireStack(folder, stored, evaluation.graph);
    if (stored && JSON.stringify(stored) !== JSON.stringify(evaluation.graph))
      await finishBeforeUpdate(folder, lock, stored, evaluation.graph, options.warn);
    folder.storeEvaluation(evaluation);
    return await Simulator.start({ ...options, graph: evaluation.graph, folder, lock });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Makes everything that was acknowledged before the call visible to queries: a running simulator is asked to deliver
 * what it holds; where none runs, what the log of a stopped or killed one still holds is finished here.
 */
export async function finish(folder: DataFolder): Promise<void> {
  const until = Date.now() + patience.milliseconds;
  for (;;) {
    const holder = holderOf(folder);
    if (!holder) {
      if (await finishHere(folder)) return;
    } else if (holder.address && (await askToDeliver(folder, holder.address))) {
      return;
    }
    if (holder && Date.now() > until) {
      throw new DataFolderError(
        `Process ${holder.pid} is at work on ${folder.path} (a simulator that starts or stops, or a reprocessing): try again in a moment.`,
      );
    }
    await pause(patience.step);
  }
}

/** @returns false when another process was quicker to take the folder */
async function finishHere(folder: DataFolder): Promise<boolean> {
  let lock: Lock;
  try {
    lock = Lock.acquire(folder, { finishing: true });
  } catch (error) {
    if (error instanceof FolderHeldError) return false;
    throw error;
  }
  try {
    completeReplacement(folder);
    await finishLog(folder, lock, storedGraphOf(folder), () => {});
    return true;
  } finally {
    lock.release();
  }
}

/** @returns false when the simulator ended before it could answer */
async function askToDeliver(folder: DataFolder, { http }: Address): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch(`${http}${flushPath}`, { method: "POST" });
  } catch (error) {
    // what fetch throws where a connection fails: the simulator was stopped or killed meanwhile
    if (error instanceof TypeError) return false;
    throw error;
  }
  if (response.ok) return true;
  throw new DataFolderError(
    `The simulator of ${folder.path} could not deliver what it holds: ${await response.text()}`,
  );
}

/**
 * Works with the HTTP endpoint of the simulator that runs on a folder. Where none runs, one without a broker is started
 * for the time, on the program that the folder holds.
 *
 * @param work gets the endpoint and what is declared
 * @throws DataFolderError and what `work` throws
 */
export async function atEndpoint<Result>(
  folder: DataFolder,
  options: Pick<SimulatorOptions, "warn" | "python" | "project">,
  work: (http: string, graph: Graph) => Promise<Result>,
): Promise<Result> {
  const graph = storedGraphOf(folder);
  const until = Date.now() + patience.milliseconds;
  for (;;) {
    const holder = holderOf(folder);
    if (holder?.address) return work(holder.address.http, graph);
    if (!holder) {
      const result = await atOwnEndpoint(folder, graph, options, work);
      if (result) return result.value;
    } else if (Date.now() > until) throw new FolderHeldError(folder, holder);
    await pause(patience.step);
  }
}

/** @returns undefined when another process was quicker to take the folder */
async function atOwnEndpoint<Result>(
  folder: DataFolder,
  graph: Graph,
  options: Pick<SimulatorOptions, "warn" | "python" | "project">,
  work: (http: string, graph: Graph) => Promise<Result>,
): Promise<{ value: Result } | undefined> {
  let lock: Lock;
  try {
    lock = Lock.acquire(folder);
  } catch (error) {
    if (error instanceof FolderHeldError) return undefined;
    throw error;
  }
  const failure = Promise.withResolvers<never>();
  // whoever works on meanwhile hears of it by the race
  failure.promise.catch(() => {});
  try {
    completeReplacement(folder);
    const simulator = await Simulator.start({
      ...options,
      graph,
      folder,
      lock,
      mqttPort: undefined,
      httpPort: 0,
      onFailure: failure.reject,
    });
    try {
      return { value: await Promise.race([work(simulator.http, graph), failure.promise]) };
    } finally {
      await simulator.stop();
    }
  } finally {
    lock.release();
  }
}

/** Waits for a process that only finishes what the log holds. @throws FolderHeldError when a simulator has the folder */
async function acquireOnceFinished(folder: DataFolder): Promise<Lock> {
  const until = Date.now() + patience.milliseconds;
  for (;;) {
    try {
      return Lock.acquire(folder);
    } catch (error) {
      if (!(error instanceof FolderHeldError && error.holder.finishing) || Date.now() > until) throw error;
    }
    await pause(patience.step);
  }
}

/**
 * Where the simulator that runs on a folder takes messages.
 *
 * @throws DataFolderError when none does
 */
export function addressOf(folder: DataFolder): { mqtt: string; http: string } {
  const address = holderOf(folder)?.address;
  if (address?.mqtt) return { mqtt: address.mqtt, http: address.http };
  throw new DataFolderError(
    `No simulator runs on ${folder.path}: start one with \`npm start -- --no-load\`, or name its folder with --data.`,
  );
}

/**
 * Finishes what the log of a folder holds under the program that it was published under, and makes another program the
 * folder's.
 *
 * @param lock the caller's
 * @throws DataFolderError, PermissionError
 */
export async function finishAndUpdate(
  folder: DataFolder,
  lock: Lock,
  evaluation: Evaluation,
  warn: (sentence: string) => void,
): Promise<void> {
  completeReplacement(folder);
  const stored = storedGraphOf(folder);
  requireStack(folder, stored, evaluation.graph);
  await finishBeforeUpdate(folder, lock, stored, evaluation.graph, warn);
  folder.storeEvaluation(evaluation);
}

function requireStack(folder: DataFolder, stored: Graph, { stack }: Graph): void {
  if (stored.stack === stack) return;
  throw new DataFolderError(
    `The data folder ${folder.path} holds the environment ${stored.stack}, not ${stack}: name another with --data.`,
  );
}

function storedGraphOf(folder: DataFolder): Graph {
  const graph = folder.storedGraph();
  if (graph) return graph;
  throw new DataFolderError(
    `${folder.path} is no data folder of a simulator: run \`npm start\` first, or name it with --data.`,
  );
}

/**
 * Finishes what was published under a program before its update runs. What its roles do not let it deliver is tried
 * again with those of the update: Firehose, too, repeats such a delivery until the role allows it.
 */
async function finishBeforeUpdate(
  folder: DataFolder,
  lock: Lock,
  graph: Graph,
  update: Graph,
  warn: (sentence: string) => void,
): Promise<void> {
  try {
    await finishLog(folder, lock, graph, warn);
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    await finishLog(folder, lock, withRolesOf(graph, update), warn);
  }
  forgetDelivered(folder.log);
}

/** A graph with the roles of another in the place of its own; those that only it has stay. */
function withRolesOf(graph: Graph, update: Graph): Graph {
  const roles = update.resources.filter(({ type }) => type.startsWith("aws:iam/"));
  const replaced = new Set(roles.map(({ id }) => id));
  return { ...graph, resources: [...graph.resources.filter(({ id }) => !replaced.has(id)), ...roles] };
}

async function finishLog(
  folder: DataFolder,
  lock: Lock,
  graph: Graph,
  warn: (sentence: string) => void,
): Promise<void> {
  const failures: Error[] = [];
  const simulator = await Simulator.start({
    graph,
    folder,
    lock,
    mqttPort: undefined,
    httpPort: 0,
    warn,
    onFailure: (error) => failures.push(error),
  });
  await simulator.stop();
  lock.retract();
  if (failures[0]) throw failures[0];
}
