import { randomUUID } from "node:crypto";
import {
  DeclarationError,
  functionByArn,
  type Declared,
  type LambdaFunction,
  type Queue,
  type Schedule,
} from "../declared/index.ts";
import { calls, refusedOf, scheduleCaller, type Permissions, type Place } from "../permissions/index.ts";
import { StatesRefusal, type Clock, type StartRequest } from "../states/index.ts";
import { sendMessage } from "./dead-letters.ts";
import { compileExpression, type Expression } from "./expression.ts";

/** What the scheduler needs of the simulator. */
export interface SchedulerOptions {
  declared: Declared;
  permissions: Permissions;
  place: Place;
  clock: Clock;
  /** The share of the wait between two attempts that is waited. The times of schedules are kept as they are. */
  timeScale: number;
  /** Folder in which the messages of queues are kept. */
  queues: string;
  /** Starts an execution. @throws StatesRefusal */
  start: (request: StartRequest) => void;
  /** Gives a function its event, asynchronously. @param arn of a declared function, without a version */
  invoke: (arn: string, event: unknown) => void;
  warn: (sentence: string) => void;
  /** Called when a schedule cannot go on for a reason that is not its target's. */
  onFailure: (error: Error) => void;
}

/** A schedule, and when it is next. */
export interface ScheduleTime {
  name: string;
  expression: string;
  timeZone: string;
  enabled: boolean;
  /** Epoch milliseconds; undefined where it will not be any more. */
  next: number | undefined;
}

interface Entry {
  schedule: Schedule;
  expression: Expression;
  /** What is invoked; undefined where an execution of a state machine is started. */
  invoked: LambdaFunction | undefined;
  deadLetters: Queue | undefined;
}

/** Why a target did not take what it was sent: the name of its exception, and a message. */
type Refusal = Pick<StatesRefusal, "type" | "message">;

/** Looks at the clock as often, since a machine that sleeps stops its timers. */
const glanceMilliseconds = 60_000;

/** Wait before the first retry, doubled up to the longest. EventBridge Scheduler says that it grows, not how. */
const backoff = { first: 1, longest: 900 };

/**
 * Invokes the targets of the declared schedules at their times, while the simulator is up. Times that passed while none
 * ran are not made up, and a rate without a start date counts from the simulator's start.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #entries: Entry[];
  readonly #closed = new AbortController();
  readonly #invocations = new Set<Promise<void>>();

  /** @throws DeclarationError for an expression, a target, a group or a queue that is none here */
  constructor(options: SchedulerOptions) {
    this.#options = options;
    const { declared, clock } = options;
    const now = clock.now();
    this.#entries = declared.schedules.map((schedule) => entryOf(schedule, declared, now));
  }

  /** The schedules, in the order in which they are declared. */
  get times(): ScheduleTime[] {
    const now = this.#options.clock.now();
    return this.#entries.map((entry) => {
      const { name, expression, timeZone, enabled } = entry.schedule;
      return { name, expression, timeZone, enabled, next: nextOf(entry, now) };
    });
  }

  /** Begins to invoke. */
  run(): void {
    for (const entry of this.#entries) {
      if (!entry.schedule.enabled) continue;
      this.#keep(entry).catch((error: unknown) => {
        if (error !== this.#closed.signal.reason) this.#options.onFailure(error as Error);
      });
    }
  }

  /** Invokes nothing any more. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.allSettled(this.#invocations);
  }

  async #keep(entry: Entry): Promise<void> {
    const { clock } = this.#options;
    for (let after = clock.now(); ; after = clock.now()) {
      const next = nextOf(entry, after);
      if (next === undefined) return;
      for (let left = next - after; left > 0; left = next - clock.now()) {
        await clock.pause(Math.min(left, glanceMilliseconds), this.#closed.signal);
      }
      const invocation = this.#invoke(entry, next).catch((error: unknown) => {
        if (error !== this.#closed.signal.reason) this.#options.onFailure(error as Error);
      });
      this.#invocations.add(invocation);
      void invocation.finally(() => this.#invocations.delete(invocation));
    }
  }

  /** Tries as often as the retry policy allows; what it cannot start goes to the dead-letter queue. */
  async #invoke(entry: Entry, scheduled: number): Promise<void> {
    const { clock, timeScale } = this.#options;
    const { target } = entry.schedule;
    const executionId = randomUUID();
    for (let attempt = 1; ; attempt++) {
      const input = inputOf(entry.schedule, scheduled, executionId, attempt);
      const failure = this.#attempt(entry, input);
      if (!failure) return;
      const isTooOld = clock.now() - scheduled >= target.maximumAgeSeconds * 1000;
      if (attempt > target.maximumRetries || isTooOld) {
        const exhausted = isTooOld ? "MaximumEventAgeInSeconds" : "MaximumRetryAttempts";
        this.#giveUp(entry, input, failure, {
          EXECUTION_ID: executionId,
          EXHAUSTED_RETRY_CONDITION: exhausted,
          RETRY_ATTEMPTS: String(attempt - 1),
          SCHEDULED_TIME: timeOf(scheduled),
        });
        return;
      }
      const seconds = Math.min(backoff.first * 2 ** (attempt - 1), backoff.longest);
      await clock.pause(seconds * 1000 * timeScale, this.#closed.signal);
    }
  }

  /** @returns why the target was not invoked */
  #attempt({ schedule, invoked }: Entry, input: string): Refusal | undefined {
    const { permissions, place, start, invoke } = this.#options;
    const { name, group, target } = schedule;
    const caller = scheduleCaller(name, group, target.roleArn, place);
    const refused = invoked
      ? permissions.refusal(calls.scheduleInvokesFunction, caller, { functionArn: target.arn })
      : permissions.refusal(calls.scheduleStartsExecution, caller, { machineArn: target.arn });
    if (refused) return { type: "AccessDeniedException", message: refused.message };
    try {
      if (invoked) {
        invoke(invoked.arn, JSON.parse(input));
        return undefined;
      }
      start({ machineArn: target.arn, input });
      return undefined;
    } catch (error) {
      if (error instanceof StatesRefusal) return error;
      throw error;
    }
  }

  #giveUp(
    { schedule, invoked, deadLetters }: Entry,
    body: string,
    failure: Refusal,
    attributes: Record<string, string>,
  ) {
    const { permissions, place, clock, queues, warn } = this.#options;
    const { name, group, arn, target } = schedule;
    const sentence = `The schedule ${name} could not ${invoked ? "invoke" : "start"} ${target.arn}: ${failure.message}`;
    if (!deadLetters) {
      warn(`${sentence}. It has no dead-letter queue.`);
      return;
    }
    const caller = scheduleCaller(name, group, target.roleArn, place);
    const refused = permissions.refusal(calls.scheduleSendsDeadLetter, caller, { queueArn: deadLetters.arn });
    if (refused) {
      warn(`${sentence}. It could not be kept in the queue ${deadLetters.name}: ${refusedOf(refused)}.`);
      return;
    }
    sendMessage(queues, deadLetters.name, {
      messageId: randomUUID(),
      sent: clock.now(),
      body,
      attributes: {
        ERROR_CODE: failure.type,
        ERROR_MESSAGE: failure.message,
        ...attributes,
        IS_PAYLOAD_TRUNCATED: "false",
        SCHEDULE_ARN: arn,
        TARGET_ARN: target.arn,
      },
    });
    warn(`${sentence}. What it would have sent is in the queue ${deadLetters.name}.`);
  }
}

function entryOf(schedule: Schedule, declared: Declared, now: number): Entry {
  const { resource, group, target, timeZone, start } = schedule;
  const fault = (message: string) => new DeclarationError(resource, message);
  if (group !== "default" && !declared.scheduleGroups.includes(group)) {
    throw fault(`groupName is ${group}, which is not declared`);
  }
  const invoked = functionByArn(declared, target.arn);
  if (!invoked && !declared.machines.some(({ arn }) => arn === target.arn)) {
    throw fault(`target.arn is ${target.arn}, which is no declared state machine or function`);
  }
  const deadLetters = declared.queues.find(({ arn }) => arn === target.deadLetterQueueArn);
  if (target.deadLetterQueueArn !== undefined && !deadLetters) {
    throw fault(`target.deadLetterConfig.arn is ${target.deadLetterQueueArn}, which is no declared queue`);
  }
  const anchor = start === undefined ? { time: now, isFirst: false } : { time: start, isFirst: true };
  try {
    return { schedule, expression: compileExpression(schedule.expression, { timeZone, anchor }), invoked, deadLetters };
  } catch (error) {
    throw fault(`scheduleExpression: ${(error as Error).message}`);
  }
}

function nextOf({ schedule, expression }: Entry, after: number): number | undefined {
  const { enabled, start, end } = schedule;
  if (!enabled) return undefined;
  // a time at the start date itself is one
  const next = expression.next(Math.max(after, (start ?? -Infinity) - 1));
  return next !== undefined && next <= (end ?? Infinity) ? next : undefined;
}

/** Keywords in the input (EventBridge Scheduler user guide, "Adding context attributes"). */
function inputOf({ arn, target }: Schedule, scheduled: number, executionId: string, attempt: number): string {
  return target.input
    .replaceAll("<aws.scheduler.schedule-arn>", arn)
    .replaceAll("<aws.scheduler.scheduled-time>", timeOf(scheduled))
    .replaceAll("<aws.scheduler.execution-id>", executionId)
    .replaceAll("<aws.scheduler.attempt-number>", String(attempt));
}

/** "2022-03-22T18:59:43Z" */
function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}
