import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { replaceFile, synchroniseFolder } from "../durable-file.ts";
import type { Execution, Outcome } from "./execution.ts";
import type { HistoryEvent } from "./history.ts";

/** Step Functions keeps an execution for 90 days after it ended (Step Functions quotas). */
const retentionMilliseconds = 90 * 24 * 3600 * 1000;

type Line = { started: Omit<Execution, "status"> } | { ended: { name: string } & Outcome };

/**
 * Executions in the data folder, as JSON lines: `<machine>/executions.jsonl` says what began and how it ended, both
 * before anybody is told; `<machine>/history/<execution>.jsonl` has the events.
 */
export class ExecutionStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** The machines that have executions, of this program or of one before it. */
  get machines(): string[] {
    if (!existsSync(this.#root)) return [];
    return readdirSync(this.#root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  }

  /** A machine's executions, in the order in which they began. */
  read(machine: string): Execution[] {
    const executions = new Map<string, Execution>();
    for (const line of linesOf<Line>(this.#index(machine))) {
      if ("started" in line) {
        executions.set(line.started.name, { ...line.started, status: "RUNNING" });
      } else {
        const execution = executions.get(line.ended.name);
        if (execution) Object.assign(execution, line.ended);
      }
    }
    return [...executions.values()];
  }

  /** Makes a machine's files whole after a kill, and forgets what is too old. @returns what is left, as `read` */
  open(machine: string, now: number): Execution[] {
    cutTorn(this.#index(machine));
    const all = this.read(machine);
    const kept = all.filter(({ stopped }) => stopped === undefined || stopped > now - retentionMilliseconds);
    if (kept.length < all.length) {
      replaceFile(this.#index(machine), kept.flatMap((execution) => asLines(execution)).join(""));
      for (const { name } of all) {
        if (!kept.some((execution) => execution.name === name)) rmSync(this.#history(machine, name), { force: true });
      }
    }
    for (const { name, status } of kept) if (status === "RUNNING") cutTorn(this.#history(machine, name));
    return kept;
  }

  start(execution: Execution): void {
    this.#append(this.#index(execution.machine), asLines(execution).join(""), { durably: true });
  }

  end({ machine, name }: Execution, outcome: Outcome): void {
    this.#append(this.#index(machine), asLine({ ended: { name, ...outcome } }), { durably: true });
  }

  append({ machine, name }: Execution, event: HistoryEvent): void {
    this.#append(this.#history(machine, name), asLine(event), { durably: false });
  }

  history({ machine, name }: Execution): HistoryEvent[] {
    return linesOf<HistoryEvent>(this.#history(machine, name));
  }

  #index(machine: string): string {
    return join(this.#root, machine, "executions.jsonl");
  }

  #history(machine: string, execution: string): string {
    return join(this.#root, machine, "history", `${execution}.jsonl`);
  }

  #append(file: string, text: string, { durably }: { durably: boolean }): void {
    const isNew = !existsSync(file);
    if (isNew) mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, text, { flush: durably });
    if (isNew && durably) synchroniseFolder(dirname(file));
  }
}

function asLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function asLines({ status, stopped, output, error, cause, ...started }: Execution): string[] {
  const begun = asLine({ started } satisfies Line);
  if (status === "RUNNING" || stopped === undefined) return [begun];
  return [begun, asLine({ ended: { name: started.name, status, stopped, output, error, cause } })];
}

/** The last line may be torn, when a kill came while it was written, or while it is being written by another process. */
function linesOf<Line>(file: string): Line[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

function cutTorn(file: string): void {
  if (!existsSync(file)) return;
  const whole = readFileSync(file).lastIndexOf("\n") + 1;
  if (whole < statSync(file).size) truncateSync(file, whole);
}
