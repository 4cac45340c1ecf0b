import { expect } from "chai";
import { setTimeout as pause } from "node:timers/promises";
import type { Json } from "../states/json.ts";
import { StateError } from "../states/state-error.ts";
import { only, runMachine, workArn, type Work } from "./state-machine.ts";

const task = { Type: "Task", Resource: workArn };

/** The output of a machine of one state. */
async function outputOf(state: object, input: Json = {}, work?: Work): Promise<Json | undefined> {
  const { output, error } = await runMachine(only(state), input, work ? { work } : {});
  if (error) throw error;
  return output;
}

async function errorOf(state: object, input: Json = {}, work?: Work): Promise<StateError> {
  const { error } = await runMachine(only(state), input, work ? { work } : {});
  if (!error) throw new Error("the machine did not fail");
  return error;
}

const failing: Work = () => {
  throw new StateError("NoData", "there is none");
};

describe("what passes through a state", () => {
  const input = { a: { b: 1, list: [{ n: 1 }, { n: 2 }] }, c: "c" };

  it("is its input, whole", async () => {
    expect(await outputOf({ Type: "Pass" }, input)).to.deep.equal(input);
  });

  it("is what InputPath and OutputPath select", async () => {
    expect(await outputOf({ Type: "Pass", InputPath: "$.a.list[1]" }, input)).to.deep.equal({ n: 2 });
    expect(await outputOf({ Type: "Pass", InputPath: "$.a.list[-1].n" }, input)).to.equal(2);
    expect(await outputOf({ Type: "Pass", OutputPath: "$['c']" }, input)).to.equal("c");
    expect(await outputOf({ Type: "Pass", InputPath: null }, input)).to.deep.equal({});
    expect(await outputOf({ Type: "Pass", OutputPath: null }, input)).to.deep.equal({});
    expect(await outputOf({ Type: "Pass", InputPath: "$$.Execution.Name" }, input)).to.equal("one");
  });

  it("is a list where a path may find several places", async () => {
    expect(await outputOf({ Type: "Pass", InputPath: "$..n" }, input)).to.deep.equal([1, 2]);
    expect(await outputOf({ Type: "Pass", InputPath: "$.a.list[?(@.n > 1)].n" }, input)).to.deep.equal([2]);
    expect(await outputOf({ Type: "Pass", InputPath: "$.a.list[5:]" }, input)).to.deep.equal([]);
  });

  it("is made by Parameters, from the input and the context object", async () => {
    const Parameters = {
      "fixed": [1, { two: null }],
      "b.$": "$.a.b",
      "nested": { "text.$": "States.Format('{}!', $.c)" },
      "list": [{ "n.$": "$.a.list[0].n" }],
      "state.$": "$$.State.Name",
      "retries.$": "$$.State.RetryCount",
      "entered.$": "$$.State.EnteredTime",
      "machine.$": "$$.StateMachine.Name",
    };
    expect(await outputOf({ Type: "Pass", Parameters }, input)).to.deep.equal({
      fixed: [1, { two: null }],
      b: 1,
      nested: { text: "c!" },
      list: [{ n: 1 }],
      state: "Only",
      retries: 0,
      entered: "2016-03-14T01:59:00.000Z",
      machine: "machine",
    });
  });

  it("has the result where ResultPath puts it, with the rest of the input as it was", async () => {
    expect(await outputOf({ Type: "Pass", Result: 7, ResultPath: "$.a.new.place" }, input)).to.deep.equal({
      ...input,
      a: { ...input.a, new: { place: 7 } },
    });
    expect(await outputOf({ Type: "Pass", InputPath: "$.a", ResultPath: "$.c" }, input)).to.deep.equal({
      ...input,
      c: input.a,
    });
    expect(await outputOf({ Type: "Pass", Result: 7, ResultPath: "$.a.list[1]" }, input)).to.have.nested.property(
      "a.list[1]",
      7,
    );
    expect(await outputOf({ Type: "Pass", Result: 7, ResultPath: null }, input)).to.deep.equal(input);
    expect(await outputOf({ Type: "Pass", Result: 7 }, input)).to.equal(7);
  });

  it("is what ResultSelector takes of the result", async () => {
    const state = { ...task, ResultSelector: { "n.$": "$.answer.n", "at.$": "$$.Execution.Name" }, ResultPath: "$.r" };
    expect(await outputOf(state, { a: 1 }, () => ({ answer: { n: 3 }, more: 1 }))).to.deep.equal({
      a: 1,
      r: { n: 3, at: "one" },
    });
  });

  it("is never changed by another state", async () => {
    const { output, history } = await runMachine(
      {
        StartAt: "Set",
        States: { Set: { Type: "Pass", Result: 2, ResultPath: "$.a.b", Next: "End" }, End: { Type: "Succeed" } },
      },
      input,
    );
    expect(output).to.have.nested.property("a.b", 2);
    expect(input.a.b).to.equal(1);
    expect(history[0]).to.have.nested.property("stateEnteredEventDetails.input", JSON.stringify(input));
  });

  it("fails by States.Runtime, which nothing catches, where a path finds nothing", async () => {
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Only" }];
    const error = await errorOf({ ...task, Catch, Parameters: { "Input.$": "$.none" } });
    expect(error.error).to.equal("States.Runtime");
    expect(error.cause).to.equal(
      "The JSONPath '$.none' specified for the field 'Input.$' could not be found in the input '{}'",
    );
    expect((await errorOf({ Type: "Pass", InputPath: "$.none" })).error).to.equal("States.Runtime");
  });

  it("fails by States.ResultPathMatchFailure where the result has no place", async () => {
    const error = await errorOf({ Type: "Pass", Result: 1, ResultPath: "$.a.b" }, { a: "text" });
    expect(error.error).to.equal("States.ResultPathMatchFailure");
    expect(error.cause).to.include("$.a.b");
  });

  it("has 262,144 bytes at most", async () => {
    // two quotation marks stand around the text
    const text = (bytes: number) => "x".repeat(bytes - 2);
    expect(await outputOf(task, {}, () => text(262_144))).to.have.length(262_142);
    expect((await errorOf(task, {}, () => text(262_145))).error).to.equal("States.DataLimitExceeded");
    const half = text(200_000);
    const error = await errorOf({ Type: "Pass", Parameters: { "one.$": "$", "two.$": "$" } }, half);
    expect(error.error).to.equal("States.DataLimitExceeded");
    expect(error.cause).to.include("'Only'");
  });
});

describe("a Choice", () => {
  const choose = async (rule: object, input: Json): Promise<unknown> => {
    const { output, error } = await runMachine(
      {
        StartAt: "Choose",
        States: {
          Choose: { Type: "Choice", Choices: [{ ...rule, Next: "Yes" }], Default: "No" },
          Yes: { Type: "Pass", Result: true, End: true },
          No: { Type: "Pass", Result: false, End: true },
        },
      },
      input,
    );
    return output ?? error?.error;
  };

  const cases: [operator: string, operand: Json, holding: Json[], failing: Json[]][] = [
    ["StringEquals", "b", ["b"], ["a", 1, null]],
    ["StringLessThan", "b", ["a", "B"], ["b", "c", 1]],
    ["StringGreaterThan", "b", ["c"], ["b", "a", 9]],
    ["StringLessThanEquals", "b", ["a", "b"], ["c"]],
    ["StringGreaterThanEquals", "b", ["b", "c"], ["a"]],
    ["StringMatches", "log-*.txt", ["log-1.txt", "log-.txt"], ["log-1.csv", "xlog-1.txt", 1]],
    ["StringMatches", "a\\*b", ["a*b"], ["axb"]],
    ["NumericEquals", 1, [1, 1.0], [2, "1", null]],
    ["NumericLessThan", 1, [0.5, -1], [1, "0"]],
    ["NumericGreaterThan", 1, [1.5], [1]],
    ["NumericLessThanEquals", 1, [1, 0], [1.1]],
    ["NumericGreaterThanEquals", 1, [1, 2], [0.9]],
    ["BooleanEquals", true, [true], [false, "true"]],
    ["TimestampEquals", "2001-01-01T12:00:00Z", ["2001-01-01T12:00:00Z", "2001-01-01T13:00:00+01:00"], ["2001-01-01"]],
    ["TimestampLessThan", "2001-01-01T12:00:00Z", ["2001-01-01T11:59:59.999Z"], ["2001-01-01T12:00:00Z", "x"]],
    ["TimestampGreaterThan", "2001-01-01T12:00:00Z", ["2001-01-01T12:00:01Z"], ["2001-01-01T12:00:00Z"]],
    ["TimestampLessThanEquals", "2001-01-01T12:00:00Z", ["2001-01-01T12:00:00Z"], ["2001-01-01T12:00:01Z"]],
    ["TimestampGreaterThanEquals", "2001-01-01T12:00:00Z", ["2001-01-01T12:00:00Z"], ["2001-01-01T11:00:00Z"]],
    ["IsNull", true, [null], [0, ""]],
    ["IsNull", false, [0, ""], [null]],
    ["IsNumeric", true, [0, 1.5], ["0", null]],
    ["IsString", true, ["", "x"], [0, null]],
    ["IsBoolean", true, [true, false], ["true", 0]],
    ["IsTimestamp", true, ["2001-01-01T12:00:00Z"], ["2001-01-01t12:00:00z", "2001-02-30T12:00:00Z", 0]],
  ];
  for (const [operator, operand, holding, failingValues] of cases) {
    it(`compares by ${operator} ${JSON.stringify(operand)}`, async () => {
      for (const value of holding) {
        expect(await choose({ Variable: "$.v", [operator]: operand }, { v: value }), JSON.stringify(value)).to.equal(
          true,
        );
      }
      for (const value of failingValues) {
        expect(await choose({ Variable: "$.v", [operator]: operand }, { v: value }), JSON.stringify(value)).to.equal(
          false,
        );
      }
    });
  }

  it("compares with another place of the input", async () => {
    expect(await choose({ Variable: "$.v", NumericLessThanPath: "$.w" }, { v: 1, w: 2 })).to.equal(true);
    expect(await choose({ Variable: "$.v", StringEqualsPath: "$.w" }, { v: "a", w: "b" })).to.equal(false);
    expect(await choose({ Variable: "$$.Execution.Name", StringEqualsPath: "$.w" }, { w: "one" })).to.equal(true);
    expect(await choose({ Variable: "$.v", StringEqualsPath: "$.none" }, { v: "a" })).to.equal("States.Runtime");
  });

  it("looks for what is there", async () => {
    expect(await choose({ Variable: "$.v", IsPresent: true }, { v: null })).to.equal(true);
    expect(await choose({ Variable: "$.v.w", IsPresent: true }, { v: 1 })).to.equal(false);
    expect(await choose({ Variable: "$.v", IsPresent: false }, {})).to.equal(true);
    expect(await choose({ Variable: "$.v", IsNull: true }, {})).to.equal("States.Runtime");
  });

  it("combines rules by And, Or and Not", async () => {
    const present = { Variable: "$.v", IsPresent: true };
    const large = { Variable: "$.v", NumericGreaterThan: 10 };
    expect(await choose({ And: [present, large] }, { v: 11 })).to.equal(true);
    // what follows a rule that does not hold is not looked at
    expect(await choose({ And: [present, large] }, {})).to.equal(false);
    expect(await choose({ Or: [{ Not: present }, large] }, {})).to.equal(true);
    expect(await choose({ Not: { Or: [large, { Variable: "$.v", NumericLessThan: 5 }] } }, { v: 7 })).to.equal(true);
  });

  it("takes the first that holds, and fails by States.NoChoiceMatched without a Default", async () => {
    const definition = {
      StartAt: "Choose",
      States: {
        Choose: {
          Type: "Choice",
          Choices: [
            { Variable: "$.v", NumericGreaterThan: 0, Next: "One" },
            { Variable: "$.v", NumericGreaterThan: 1, Next: "Two" },
          ],
        },
        One: { Type: "Pass", Result: 1, End: true },
        Two: { Type: "Pass", Result: 2, End: true },
      },
    };
    expect((await runMachine(definition, { v: 2 })).output).to.equal(1);
    expect((await runMachine(definition, { v: 0 })).error?.error).to.equal("States.NoChoiceMatched");
  });
});

describe("a Wait", () => {
  it("waits for seconds, shortened by the simulator's factor", async () => {
    const wait = { Type: "Wait", Seconds: 120 };
    expect((await runMachine(only(wait), {}, { timeScale: 1 / 12 })).clock.asked).to.deep.equal([10_000]);
    expect((await runMachine(only({ Type: "Wait", SecondsPath: "$.s" }), { s: 3 })).clock.asked).to.deep.equal([3000]);
  });

  it("waits until a time, and not for one that has passed", async () => {
    const until = (time: string) => only({ Type: "Wait", Timestamp: time });
    expect((await runMachine(until("2016-03-14T02:00:00Z"))).clock.asked).to.deep.equal([60_000]);
    expect((await runMachine(until("2016-03-14T01:00:00Z"))).clock.asked).to.deep.equal([0]);
    const byPath = only({ Type: "Wait", TimestampPath: "$.t" });
    expect((await runMachine(byPath, { t: "2016-03-14T01:59:30Z" })).clock.asked).to.deep.equal([30_000]);
    expect((await runMachine(byPath, { t: "tomorrow" })).error?.error).to.equal("States.Runtime");
  });
});

describe("Succeed and Fail", () => {
  it("end the machine, the one with its input", async () => {
    const definition = { StartAt: "End", States: { End: { Type: "Succeed", OutputPath: "$.a" } } };
    expect((await runMachine(definition, { a: 1 })).output).to.equal(1);
  });

  it("end the machine, the other with an error and a cause, declared or found", async () => {
    const fail = (state: object) =>
      runMachine({ StartAt: "End", States: { End: { Type: "Fail", ...state } } }, { e: "E", c: { why: 1 } });
    const declared = await fail({ Error: "Bad", Cause: "because" });
    expect([declared.error?.error, declared.error?.cause]).to.deep.equal(["Bad", "because"]);
    const found = await fail({ ErrorPath: "$.e", CausePath: "States.Format('see {}', States.JsonToString($.c))" });
    expect([found.error?.error, found.error?.cause]).to.deep.equal(["E", 'see {"why":1}']);
    expect((await fail({ CausePath: "$.c" })).error?.error).to.equal("States.Runtime");
  });
});

describe("a Retry", () => {
  const attempts = (fails: number): Work => {
    let attempt = 0;
    return (_, { retryCount }) => {
      if (attempt++ < fails) throw new StateError("Busy", "later");
      return retryCount;
    };
  };

  it("tries again after growing intervals, shortened by the simulator's factor", async () => {
    const Retry = [{ ErrorEquals: ["Busy"], IntervalSeconds: 3, BackoffRate: 2, MaxAttempts: 4 }];
    const { output, clock, happened } = await runMachine(
      only({ ...task, Retry }),
      {},
      {
        work: attempts(3),
        timeScale: 1 / 12,
      },
    );
    expect(output).to.equal(3);
    expect(clock.asked).to.deep.equal([250, 500, 1000]);
    expect(happened.filter((one) => one === "retried Only")).to.have.length(3);
  });

  it("has the defaults of Step Functions: 3 attempts from 1 second on, doubled", async () => {
    const { error, clock } = await runMachine(
      only({ ...task, Retry: [{ ErrorEquals: ["States.ALL"] }] }),
      {},
      { work: failing },
    );
    expect(error?.error).to.equal("NoData");
    expect(clock.asked).to.deep.equal([1000, 2000, 4000]);
  });

  it("waits no longer than MaxDelaySeconds, and jitters in full", async () => {
    const Retry = [
      { ErrorEquals: ["Busy"], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 5, JitterStrategy: "FULL" },
    ];
    const { clock } = await runMachine(only({ ...task, Retry }), {}, { work: attempts(3), random: () => 0.25 });
    expect(clock.asked).to.deep.equal([500, 1250, 1250]);
  });

  it("counts for each retrier by itself, and takes the first that has the error", async () => {
    const errors = ["A", "B", "A", "B", "A"];
    const Retry = [
      { ErrorEquals: ["A"], MaxAttempts: 2, IntervalSeconds: 1 },
      { ErrorEquals: ["States.ALL"], MaxAttempts: 5, IntervalSeconds: 10 },
    ];
    const { error, clock } = await runMachine(
      only({ ...task, Retry }),
      {},
      {
        work: () => {
          throw new StateError(errors.shift() ?? "C", "");
        },
      },
    );
    expect(error?.error).to.equal("A");
    expect(clock.asked).to.deep.equal([1000, 10_000, 2000, 20_000]);
  });

  it("of no attempts does not try again", async () => {
    const Retry = [{ ErrorEquals: ["NoData"], MaxAttempts: 0 }, { ErrorEquals: ["States.ALL"] }];
    const { clock } = await runMachine(only({ ...task, Retry }), {}, { work: failing });
    expect(clock.asked).to.deep.equal([]);
  });

  it("sees the retry's count in the context object", async () => {
    const seen: Json[] = [];
    await runMachine(
      only({ ...task, Parameters: { "Input.$": "$$.State.RetryCount" }, Retry: [{ ErrorEquals: ["NoData"] }] }),
      {},
      {
        work: ({ Input = null }) => {
          seen.push(Input);
          throw new StateError("NoData", "");
        },
      },
    );
    expect(seen).to.deep.equal([0, 1, 2, 3]);
  });
});

describe("a Catch", () => {
  const caught = async (errorEquals: string[], error: StateError, more: object = {}): Promise<unknown> => {
    const { output, error: left } = await runMachine(
      {
        StartAt: "Work",
        States: {
          Work: { ...task, Catch: [{ ErrorEquals: errorEquals, Next: "Tell", ...more }], Next: "Tell" },
          Tell: { Type: "Pass", End: true },
        },
      },
      { a: 1 },
      {
        work: () => {
          throw error;
        },
      },
    );
    return output ?? left?.error;
  };

  it("goes on with error and cause, in the place of the input or in a place of it", async () => {
    const error = new StateError("NoData", "none");
    const told = { Error: "NoData", Cause: "none" };
    expect(await caught(["NoData"], error)).to.deep.equal(told);
    expect(await caught(["NoData"], error, { ResultPath: "$.error" })).to.deep.equal({ a: 1, error: told });
    expect(await caught(["NoData"], error, { ResultPath: null })).to.deep.equal({ a: 1 });
    expect(await caught(["Other"], error)).to.equal("NoData");
  });

  it("has wildcards for errors, each without what AWS leaves out of it", async () => {
    const all = (name: string) => caught(["States.ALL"], new StateError(name, ""));
    const taskFailed = (name: string) => caught(["States.TaskFailed"], new StateError(name, ""));
    expect(await all("States.Timeout")).to.have.property("Error");
    expect(await all("States.DataLimitExceeded")).to.equal("States.DataLimitExceeded");
    expect(await all("States.Runtime")).to.equal("States.Runtime");
    expect(await taskFailed("Athena.InvalidRequestException")).to.have.property("Error");
    expect(await taskFailed("States.Timeout")).to.equal("States.Timeout");
    expect(await caught(["States.DataLimitExceeded"], new StateError("States.DataLimitExceeded", ""))).to.have.property(
      "Error",
    );
  });

  it("comes when the retries are used up", async () => {
    const { output, happened } = await runMachine(
      {
        StartAt: "Work",
        States: {
          Work: {
            ...task,
            Retry: [{ ErrorEquals: ["NoData"], MaxAttempts: 1 }],
            Catch: [{ ErrorEquals: ["States.ALL"], Next: "Tell" }],
            End: true,
          },
          Tell: { Type: "Succeed" },
        },
      },
      {},
      { work: failing },
    );
    expect(output).to.have.property("Error", "NoData");
    expect(happened).to.deep.equal([
      "entered Work",
      "retried Work",
      "caught Work",
      "exited Work",
      "entered Tell",
      "exited Tell",
    ]);
  });
});

describe("a Task's timeouts", () => {
  const endless: Work = (_, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    });

  it("are not shortened, and end it by States.Timeout", async () => {
    const { error, clock, history } = await runMachine(
      only({ ...task, TimeoutSeconds: 60 }),
      {},
      {
        work: endless,
        timeScale: 1 / 12,
      },
    );
    expect(error?.error).to.equal("States.Timeout");
    expect(error?.cause).to.include("60 seconds");
    expect(clock.asked).to.deep.equal([60_000]);
    expect(history.map(({ type }) => type)).to.include("TaskTimedOut");
  });

  it("may stand in the input", async () => {
    const { clock } = await runMachine(only({ ...task, TimeoutSecondsPath: "$.t" }), { t: 5 }, { work: endless });
    expect(clock.asked).to.deep.equal([5000]);
  });

  it("tell the integration, so that it ends what it began", async () => {
    let told: unknown;
    await runMachine(
      only({ ...task, TimeoutSeconds: 1 }),
      {},
      {
        work: (parameters, context) => {
          context.signal.addEventListener("abort", () => {
            told = context.signal.reason;
          });
          return endless(parameters, context);
        },
      },
    );
    expect(told).to.be.instanceOf(StateError);
  });

  it("end one that is silent by States.HeartbeatTimeout, which is a timeout", async () => {
    const silent = await runMachine(only({ ...task, TimeoutSeconds: 60, HeartbeatSeconds: 10 }), {}, { work: endless });
    expect(silent.error?.error).to.equal("States.HeartbeatTimeout");
    const alive = await runMachine(
      only({ ...task, TimeoutSeconds: 60, HeartbeatSeconds: 10 }),
      {},
      {
        work: async (parameters, context) => {
          for (let beat = 0; beat < 3; beat++) {
            await context.pause(8);
            context.heartbeat();
          }
          return endless(parameters, context);
        },
      },
    );
    expect(alive.error?.error).to.equal("States.HeartbeatTimeout");
    expect(alive.clock.now() - silent.clock.now()).to.equal(24_000);
  });
});

describe("a Map", () => {
  const processor = (state: object, config?: object) => ({
    ...(config && { ProcessorConfig: config }),
    StartAt: "Item",
    States: { Item: { ...state, End: true } },
  });

  it("does its items in order, with what ItemSelector makes of each", async () => {
    const state = {
      Type: "Map",
      ItemsPath: "$.list",
      ItemSelector: { "at.$": "$$.Map.Item.Index", "value.$": "$$.Map.Item.Value.n", "all.$": "$.all" },
      ItemProcessor: processor({ Type: "Pass" }, { Mode: "INLINE" }),
      ResultPath: "$.results",
    };
    const input = { list: [{ n: 5 }, { n: 6 }], all: "x" };
    expect(await outputOf(state, input)).to.deep.equal({
      ...input,
      results: [
        { at: 0, value: 5, all: "x" },
        { at: 1, value: 6, all: "x" },
      ],
    });
  });

  it("takes the older names, and an empty list", async () => {
    const state = { Type: "Map", Iterator: processor({ Type: "Pass" }), Parameters: { "v.$": "$$.Map.Item.Value" } };
    expect(await outputOf(state, [1])).to.deep.equal([{ v: 1 }]);
    expect(await outputOf(state, [])).to.deep.equal([]);
    expect((await errorOf(state, { no: "list" })).cause).to.include("must point to array");
  });

  it("knows its item in the states of an iteration, too", async () => {
    const Parameters = { "i.$": "$$.Map.Item.Index" };
    const state = { Type: "Map", ItemProcessor: processor({ Type: "Pass", Parameters }) };
    expect(await outputOf(state, ["a", "b"])).to.deep.equal([{ i: 0 }, { i: 1 }]);
  });

  it("does as many at a time as MaxConcurrency says, and keeps the order of the results", async () => {
    for (const [concurrency, expected] of [
      [{ MaxConcurrency: 2 }, 2],
      [{ MaxConcurrencyPath: "$.at" }, 3],
      [{ MaxConcurrency: 0 }, 40],
    ] as const) {
      let running = 0;
      let most = 0;
      const items = Array.from({ length: 50 }, (_, index) => index);
      const state = {
        Type: "Map",
        ItemsPath: "$.items",
        ...concurrency,
        ItemProcessor: processor({ ...task, Parameters: { "Input.$": "$" } }),
      };
      const output = await outputOf(state, { items, at: 3 }, async ({ Input = null }) => {
        most = Math.max(most, ++running);
        await pause(Number(Input) % 3);
        running--;
        return Input;
      });
      expect(most).to.equal(expected);
      expect(output).to.deep.equal(items);
    }
  });

  it("fails with the first iteration that does, and gives up the others", async () => {
    const ended: string[] = [];
    const { error, history } = await runMachine(
      only({ Type: "Map", ItemProcessor: processor({ ...task, Parameters: { "Input.$": "$" } }) }),
      [0, 1, 2],
      {
        work: async ({ Input }, { signal }) => {
          if (Input === 1) {
            await pause(5);
            throw new StateError("NoData", "item 1");
          }
          return new Promise((_, reject) => {
            signal.addEventListener("abort", () => {
              ended.push(`item ${JSON.stringify(Input)}`);
              reject(signal.reason as Error);
            });
          });
        },
      },
    );
    expect(error?.error).to.equal("NoData");
    expect(ended).to.have.members(["item 0", "item 2"]);
    const types = history.map(({ type }) => type);
    expect(types.filter((type) => type === "MapIterationAborted")).to.have.length(2);
    expect(types.at(-1)).to.equal("MapStateFailed");
  });

  it("may be tried again and caught as a whole", async () => {
    let calls = 0;
    const { output } = await runMachine(
      {
        StartAt: "Each",
        States: {
          Each: {
            Type: "Map",
            ItemProcessor: processor(task),
            Retry: [{ ErrorEquals: ["NoData"], MaxAttempts: 1 }],
            Catch: [{ ErrorEquals: ["States.ALL"], Next: "Tell" }],
            Next: "Tell",
          },
          Tell: { Type: "Pass", OutputPath: "$.Error", End: true },
        },
      },
      [1],
      {
        work: () => {
          calls++;
          throw new StateError("NoData", "");
        },
      },
    );
    expect([output, calls]).to.deep.equal(["NoData", 2]);
  });

  it("may stand in another", async () => {
    const inner = {
      Type: "Map",
      ItemProcessor: {
        StartAt: "Leaf",
        States: { Leaf: { Type: "Pass", Parameters: { "v.$": "$$.Map.Item.Value" }, End: true } },
      },
    };
    expect(await outputOf({ Type: "Map", ItemProcessor: processor(inner) }, [[1, 2], [3]])).to.deep.equal([
      [{ v: 1 }, { v: 2 }],
      [{ v: 3 }],
    ]);
  });
});

describe("a Parallel state", () => {
  const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: { ...state, End: true } } });

  it("gives the outputs of its branches, in their order", async () => {
    const Branches = [branch("A", { Type: "Wait", Seconds: 5 }), branch("B", { Type: "Pass", Result: 2 })];
    expect(await outputOf({ Type: "Parallel", Parameters: { "x.$": "$.a" }, Branches }, { a: 1 })).to.deep.equal([
      { x: 1 },
      2,
    ]);
  });

  it("fails with its branch's error, which is States.BranchFailed, too", async () => {
    const failingBranch = { StartAt: "F", States: { F: { Type: "Fail", Error: "Bad" } } };
    const machine = (errorEquals: string) => ({
      StartAt: "Both",
      States: {
        Both: {
          Type: "Parallel",
          Branches: [branch("A", { Type: "Wait", Seconds: 500 }), failingBranch],
          Catch: [{ ErrorEquals: [errorEquals], Next: "Tell" }],
          Next: "Tell",
        },
        Tell: { Type: "Succeed" },
      },
    });
    expect((await runMachine(machine("Bad"))).output).to.deep.equal({ Error: "Bad", Cause: "" });
    expect((await runMachine(machine("States.BranchFailed"))).output).to.deep.equal({ Error: "Bad", Cause: "" });
    expect((await runMachine(machine("Other"))).error?.error).to.equal("Bad");
  });
});

describe("a history", () => {
  it("has the events of Step Functions, each after the one that it follows", async () => {
    const { history } = await runMachine(only({ ...task, Parameters: { Input: 1 } }), {});
    expect(history.map(({ id, previousEventId, type }) => [id, previousEventId, type])).to.deep.equal([
      [1, 0, "TaskStateEntered"],
      [2, 1, "TaskScheduled"],
      [3, 2, "TaskStarted"],
      [4, 3, "TaskSucceeded"],
      [5, 4, "TaskStateExited"],
    ]);
    expect(history[1]?.taskScheduledEventDetails).to.deep.equal({
      resourceType: "test",
      resource: "work",
      region: "us-east-1",
      parameters: '{"Input":1}',
    });
  });
});
