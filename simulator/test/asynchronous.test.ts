import { expect } from "chai";
import { AsynchronousInvocations } from "../lambda/asynchronous.ts";
import type { FunctionOutcome } from "../lambda/invocations.ts";
import { functionArn } from "./declare.ts";
import { FakeClock } from "./state-machine.ts";

const failure: FunctionOutcome = { failure: { errorType: "TypeError", errorMessage: "out of order" } };

interface Seen {
  /** Seconds from the event to each attempt. */
  attempts: number[];
  warnings: string[];
}

/** Gives a function that has these outcomes an event, and waits for what becomes of it. */
async function given(...outcomes: FunctionOutcome[]): Promise<Seen> {
  const clock = new FakeClock();
  const begin = clock.now();
  const seen: Seen = { attempts: [], warnings: [] };
  const ended = Promise.withResolvers<void>();
  const invocations = new AsynchronousInvocations({
    invoke: (arn, event) => {
      expect([arn, event]).to.deep.equal([functionArn("team"), { day: 1 }]);
      seen.attempts.push((clock.now() - begin) / 1000);
      const outcome = outcomes[seen.attempts.length - 1] ?? failure;
      if ("text" in outcome) ended.resolve();
      return Promise.resolve(outcome);
    },
    clock,
    timeScale: 1,
    warn: (sentence) => {
      seen.warnings.push(sentence);
      ended.resolve();
    },
    onFailure: ended.reject,
  });
  invocations.take(functionArn("team"), { day: 1 });
  await ended.promise;
  await invocations.close();
  return seen;
}

describe("An event that a function gets asynchronously", () => {
  it("is done with when the function gave an answer", async () => {
    expect(await given({ text: "1" })).to.deep.equal({ attempts: [0], warnings: [] });
  });

  it("comes again a minute after a failure and two minutes after the next", async () => {
    expect(await given(failure, failure, { text: "1" })).to.deep.equal({ attempts: [0, 60, 180], warnings: [] });
  });

  it("is given up after three failures, and that is told with the reason", async () => {
    expect(await given()).to.deep.equal({
      attempts: [0, 60, 180],
      warnings: ["The function team failed 3 times on its event, which is given up: TypeError: out of order"],
    });
  });

  it("is not begun again when all stops, and nobody is told of what was stopped", async () => {
    const running = Promise.withResolvers<FunctionOutcome>();
    const told: unknown[] = [];
    let attempts = 0;
    const invocations = new AsynchronousInvocations({
      invoke: () => {
        attempts += 1;
        return running.promise;
      },
      clock: new FakeClock(),
      timeScale: 1,
      warn: (sentence) => told.push(sentence),
      onFailure: (error) => told.push(error),
    });
    invocations.take(functionArn("team"), {});
    const closed = invocations.close();
    running.resolve(failure);
    await closed;
    expect({ attempts, told }).to.deep.equal({ attempts: 1, told: [] });
  });
});
