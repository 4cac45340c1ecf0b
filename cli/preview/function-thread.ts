/** One invocation of a function: its module and the event as JSON come with the thread. */
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

/** What the function gave, as JSON, or why it failed. */
export type Outcome = { result: string } | { error: string };

const { file, event } = workerData as { file: string; event: string };

async function invoke(): Promise<Outcome> {
  try {
    const { handler } = (await import(pathToFileURL(file).href)) as { handler: (event: unknown) => unknown };
    return { result: JSON.stringify((await handler(JSON.parse(event))) ?? null) };
  } catch (error) {
    return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

parentPort?.postMessage(await invoke());
