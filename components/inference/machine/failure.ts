import type { Machine, State, Step, WayOut } from "./asl.ts";
import { chain, failurePath } from "./asl.ts";
import { notify } from "./tasks.ts";

/** Where the name of the step that failed lies, for what tells of it. */
const failedAtPath = "$.failedAt";

/** A text inside an intrinsic function: Step Functions developer guide, "Reserved characters in intrinsic functions". */
function quoted(text: string): string {
  return `'${text.replaceAll(/['{}\\]/g, "\\$&")}'`;
}

interface Telling {
  environment: string;
  topicArn: string;
  /** How somebody starts the machine again: "metercast run". */
  again: string;
}

/**
 * The way out of a machine's steps: whatever fails, a message tells who is concerned which step it was, why, and what to
 * do; then the execution fails with the same words.
 */
export function failing({ environment, topicArn, again }: Telling): { wayOut: WayOut; states: Record<string, State> } {
  const told = "Notify failure";
  const ended = "Failed";
  const message = [
    "The execution {} of {} in the environment",
    `${environment} failed at the step "{}".`,
    "What it met: {}: {}",
    "What to do: see the execution {} in Step Functions, whose history shows the step's input and cause;",
    "put that right, and start it again with",
    `${again} --environment ${environment}.`,
    "A window that is run again gives the same rows once; what this execution had finished is kept.",
  ].join(" ");
  const format = `States.Format(${quoted(message).replaceAll("\\{\\}", "{}")}, $$.Execution.Name, $$.StateMachine.Name, ${failedAtPath}.step, ${failurePath}.Error, ${failurePath}.Cause, $$.Execution.Id)`;
  const letter = { "Subject": `metercast ${environment}: a run failed`, "Message.$": format };
  // A message that cannot be sent hides nothing: the execution fails as it would have, which an alarm sees.
  const telling = chain([notify(told, topicArn, letter)], ended, () => ({ next: ended, states: {} }));
  return {
    wayOut: ({ name }) => {
      const next = `${name} failed`;
      const mark: Step = { name: next, kind: "pass", pass: { Result: { step: name }, ResultPath: failedAtPath } };
      return { next, states: chain([mark], told, () => undefined) };
    },
    states: {
      ...telling,
      [ended]: {
        Type: "Fail",
        ErrorPath: `${failurePath}.Error`,
        CausePath: `States.Format('{}: {}', ${failedAtPath}.step, ${failurePath}.Cause)`,
      },
    },
  };
}

/** A machine of a chain of steps, what follows them, and the way out. */
export function machine(
  about: Pick<Machine, "Comment" | "TimeoutSeconds">,
  steps: readonly Step[],
  after: { start: string; states: Record<string, State> },
  telling: Telling,
): Machine {
  const { wayOut, states } = failing(telling);
  const [first] = steps;
  if (first === undefined) throw new Error("a machine without steps does nothing");
  return {
    ...about,
    StartAt: first.name,
    States: { ...chain(steps, after.start, wayOut), ...after.states, ...states },
  };
}
