import type { Ends, ExecutionHistory, ExecutionSummary, PipelineEnds, Rejected, Status } from "../../page/api.ts";
import type { Row } from "../athena/index.ts";
import type { DataFolder } from "../data-folder.ts";
import { readUnrouted } from "../delivery/unrouted.ts";
import type { Notification } from "../notifications/notifications.ts";
import type { ScheduleTime } from "../scheduler/scheduler.ts";
import { StatesRefusal, type Execution, type Executions } from "../states/index.ts";
import type { Rates } from "../traffic.ts";
import { RequestError } from "./dashboards.ts";
import { executedStates } from "./executed-states.ts";
import { servicesOf, type ServiceMap } from "./services.ts";

/** Questions to the tables, which the program knows and the simulator does not. */
export interface PageQuestions {
  /** SQL with rows of `pipeline` (readings or weather), `ended` (stored, dropped or rejected), `cause`, `elements`. */
  ends: string;
  /** SQL with rows of `pipeline`, `reason`, `topic`, `client`, `received` (a time) and `payload` (base64), the newest first. */
  rejected: string;
}

export interface PageStatusOptions {
  questions: PageQuestions;
  folder: DataFolder;
  /** Asks the tables, as they are delivered. */
  query: (sql: string) => Promise<Row[]>;
  executions: Executions;
  notifications: () => Notification[];
  schedules: () => ScheduleTime[];
  services: ServiceMap;
  rates: Rates;
  /** Called when the counts are others than before. */
  changed: () => void;
}

/** What is shown of each list. */
const most = { executions: 50, notifications: 50, originalBytes: 2048, cause: 4096 };

/**
 * The tables are counted as often as takes a fiftieth of the time at most, and never more often than every two seconds: what
 * comes in is not to wait for who looks.
 */
const leastPause = 2000;
const pauseShare = 50;

type Counted = Pick<Status, "ends" | "endsError" | "countedAt" | "rejected">;

/** How the pipeline stands. */
export class PageStatus {
  readonly #options: PageStatusOptions;
  #counted: Counted = { rejected: [] };
  #counting: Promise<void> | undefined;
  #nextCount = 0;

  constructor(options: PageStatusOptions) {
    this.#options = options;
  }

  async get(): Promise<Status> {
    const { folder, executions, notifications, schedules, services, rates } = this.#options;
    const first = this.#count();
    if (this.#counted.countedAt === undefined) await first;
    return {
      ...this.#counted,
      unrouted: readUnrouted(folder).count,
      executions: executions.list().slice(0, most.executions).map(summaryOf),
      notifications: notifications()
        .slice(-most.notifications)
        .reverse()
        .map(({ at, topic, subject, message }) => ({ at, topic, message, ...(subject !== undefined && { subject }) })),
      schedules: schedules().map(({ next, ...schedule }) => ({ ...schedule, ...(next !== undefined && { next }) })),
      services: servicesOf(services, rates.lastMinute()),
    };
  }

  /** @throws RequestError */
  execution(arn: string): ExecutionHistory {
    const { executions } = this.#options;
    try {
      return { execution: summaryOf(executions.describe(arn)), states: executedStates(executions.history(arn)) };
    } catch (error) {
      if (error instanceof StatesRefusal) throw new RequestError(404, `There is no execution ${arn}.`);
      throw error;
    }
  }

  #count(): Promise<void> | undefined {
    if (this.#counting || Date.now() < this.#nextCount) return this.#counting;
    const began = Date.now();
    this.#counting = this.#ask().then((counted) => {
      const isSame = sameCounts(this.#counted, counted);
      this.#counted = { ...counted, countedAt: began };
      this.#counting = undefined;
      this.#nextCount = Date.now() + Math.max(leastPause, (Date.now() - began) * pauseShare);
      if (!isSame) this.#options.changed();
    });
    return this.#counting;
  }

  async #ask(): Promise<Counted> {
    const { query, questions } = this.#options;
    try {
      return {
        ends: endsOf(await query(questions.ends)),
        rejected: (await query(questions.rejected)).map(rejectedOf),
      };
    } catch (error) {
      return { endsError: `The tables cannot be counted: ${(error as Error).message}`, rejected: [] };
    }
  }
}

function sameCounts(one: Counted, other: Counted): boolean {
  return JSON.stringify([one.ends, one.endsError]) === JSON.stringify([other.ends, other.endsError]);
}

function endsOf(rows: readonly Row[]): Ends {
  const of = (pipeline: keyof Ends): PipelineEnds => {
    const own = rows.filter((row) => row["pipeline"] === pipeline);
    const byCause = (ended: string) =>
      Object.fromEntries(
        own.filter((row) => row["ended"] === ended).map((row) => [textOf(row["cause"]) ?? "", Number(row["elements"])]),
      );
    const total = (some: readonly Row[]) => some.reduce((sum, row) => sum + Number(row["elements"]), 0);
    return {
      accepted: total(own),
      stored: total(own.filter((row) => row["ended"] === "stored")),
      dropped: byCause("dropped"),
      rejected: byCause("rejected"),
    };
  };
  return { readings: of("readings"), weather: of("weather") };
}

function rejectedOf({ pipeline, reason, topic, client, received, payload }: Row): Rejected {
  const bytes = Buffer.from(textOf(payload) ?? "", "base64");
  const shown = bytes.subarray(0, most.originalBytes);
  const time = received === null ? NaN : Date.parse(`${textOf(received)?.replace(" ", "T")}Z`);
  return {
    pipeline: textOf(pipeline) ?? "",
    reason: textOf(reason) ?? "",
    topic: textOf(topic),
    client: textOf(client),
    received: Number.isNaN(time) ? null : time,
    original: readable(shown),
    cut: bytes.length - shown.length,
  };
}

function textOf(value: Row[string] | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** UTF-8 as it is; what is no text, or would not be seen, byte by byte. */
export function readable(bytes: Uint8Array): string {
  const text = new TextDecoder("utf-8").decode(bytes);
  if (!text.includes("\uFFFD") && !invisible.test(text)) return text;
  const hidden = (byte: number) => `\\x${byte.toString(16).padStart(2, "0")}`;
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : hidden(byte))).join("");
}

/** Control characters but for tab and line breaks, and those that turn the direction of a text or have no width. */
const invisible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;

function summaryOf({ arn, name, machine, status, started, stopped, error, cause }: Execution): ExecutionSummary {
  return {
    arn,
    name,
    machine,
    status,
    started,
    ...(stopped !== undefined && { stopped }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause: cause.slice(0, most.cause) }),
  };
}
