import { expect } from "chai";
import { DeclarationError, readGraph } from "../declared/index.ts";
import { Permissions } from "../permissions/index.ts";
import { readMachines } from "../states/machines.ts";
import { readDefinition } from "../states/read-definition.ts";
import { graphOf, machine, role } from "./declare.ts";
import { only, work, workArn } from "./state-machine.ts";

const integration = work((parameters) => parameters);
const find = (resource: string) => (resource === integration.resource ? integration : undefined);
const task = { Type: "Task", Resource: workArn };

/** What is wrong with a definition. */
function fault(definition: object): string {
  try {
    readDefinition(JSON.stringify(definition), find);
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing";
}

describe("a definition", () => {
  it("is read where everything in it is known", () => {
    expect(
      fault({ ...only({ ...task, Comment: "works" }), Comment: "all", Version: "1.0", TimeoutSeconds: 60 }),
    ).to.equal("nothing");
  });

  it("with JSONata is refused, wherever it says so", () => {
    expect(fault({ ...only({ Type: "Pass" }), QueryLanguage: "JSONata" })).to.equal(
      "QueryLanguage: JSONata is not known here: JSONPath is",
    );
    expect(fault(only({ Type: "Pass", QueryLanguage: "JSONata" }))).to.include('state "Only": QueryLanguage');
    expect(fault(only({ ...task, Arguments: {} }))).to.equal(
      'state "Only": the simulator does not know the field Arguments',
    );
    expect(fault(only({ Type: "Pass", Output: "{% 1 %}" }))).to.include("the field Output");
  });

  it("with variables is refused", () => {
    expect(fault(only({ Type: "Pass", Assign: { a: 1 } }))).to.equal(
      'state "Only": the simulator does not know the field Assign',
    );
  });

  it("with a distributed map is refused", () => {
    const states = { StartAt: "Item", States: { Item: { Type: "Pass", End: true } } };
    const map = { Type: "Map", ItemProcessor: states };
    const distributed = { ...states, ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } };
    expect(fault(only({ ...map, ItemProcessor: distributed }))).to.include("a distributed map is not known here");
    expect(fault(only({ ...map, ItemReader: {} }))).to.include("the field ItemReader");
    expect(fault(only({ ...map, ToleratedFailurePercentage: 5 }))).to.include("the field ToleratedFailurePercentage");
  });

  it("with an unknown integration, type or parameter is refused by its name", () => {
    expect(fault(only({ Type: "Task", Resource: "arn:aws:states:::glue:startJobRun" }))).to.equal(
      'state "Only": Resource: the simulator does not know the integration arn:aws:states:::glue:startJobRun',
    );
    expect(fault(only({ Type: "Loop" }))).to.include('state "Only": Type');
    expect(fault(only({ ...task, Parameters: { "Inputs.$": "$" } }))).to.equal(
      `state "Only": Parameters.Inputs: the simulator does not know this parameter of ${workArn}; there are Input, Other`,
    );
  });

  it("names the state and the place of a path or a function that is none", () => {
    expect(fault(only({ ...task, InputPath: "a.b" }))).to.include('state "Only": InputPath: "a.b" is no JSONPath');
    expect(fault(only({ ...task, ResultPath: "$.a[*]" }))).to.include("ResultPath: $.a[*] may find several places");
    expect(fault(only({ ...task, ResultPath: "$$.a" }))).to.include("ResultPath: a result has no place in the context");
    expect(fault(only({ ...task, Parameters: { Input: { "a.$": "States.No()" } } }))).to.include(
      'state "Only": Parameters: Input.a.$: States.No is no intrinsic function',
    );
    expect(fault(only({ ...task, ResultSelector: { "a.$": 1 } }))).to.include("ResultSelector: a.$: a path or");
  });

  it("names the rule of a Choice that is wrong", () => {
    const choice = (rule: object) => ({
      StartAt: "Choose",
      States: { Choose: { Type: "Choice", Choices: [{ ...rule, Next: "End" }] }, End: { Type: "Succeed" } },
    });
    expect(fault(choice({ Variable: "$.a", StringIs: "b" }))).to.equal(
      'state "Choose": Choices[0].StringIs: the simulator does not know this comparison',
    );
    expect(fault(choice({ Variable: "$.a", NumericEquals: "1" }))).to.include("is not of the comparison's type");
    expect(fault(choice({ NumericEquals: 1 }))).to.include("Choices[0].Variable: a path is expected");
    expect(fault(choice({ And: [{ Variable: "$.a", IsNull: true, Next: "End" }] }))).to.include(
      "Choices[0].And[0]: only a rule at the top has a Next",
    );
    expect(fault(choice({ Variable: "$.a", IsNull: true, IsString: true }))).to.include("a rule has one comparison");
  });

  it("leads from its start to each state, and nowhere else", () => {
    const pass = { Type: "Pass", End: true };
    expect(fault({ StartAt: "B", States: { A: pass } })).to.equal('StartAt: there is no state "B"');
    expect(fault({ StartAt: "A", States: { A: { Type: "Pass", Next: "B" } } })).to.equal(
      'state "A": Next: there is no state "B"',
    );
    expect(fault({ StartAt: "A", States: { A: pass, B: pass } })).to.equal('state "B": no way leads to it');
    expect(fault({ StartAt: "A", States: { A: { Type: "Pass" } } })).to.equal('state "A": one of Next, End is missing');
    const inner = { StartAt: "A", States: { A: pass } };
    expect(fault({ StartAt: "A", States: { A: { Type: "Parallel", Branches: [inner], End: true } } })).to.equal(
      'state "A": two states have this name',
    );
  });

  it("has errors that there are, and the wildcard alone and last", () => {
    const retry = (...errors: string[][]) =>
      fault(only({ ...task, Retry: errors.map((ErrorEquals) => ({ ErrorEquals })) }));
    expect(retry(["States.Timeouts"])).to.include("Retry.0.ErrorEquals: of the names that begin with");
    expect(retry(["States.ALL", "A"])).to.include("States.ALL stands alone");
    expect(retry(["States.ALL"], ["A"])).to.include("States.ALL is in the last of them");
    expect(fault(only({ ...task, Retry: [{ ErrorEquals: ["A"], MaxRetries: 1 }] }))).to.include(
      "the simulator does not know the field Retry.0.MaxRetries",
    );
    expect(fault(only({ ...task, HeartbeatSeconds: 5, TimeoutSeconds: 5 }))).to.include("below TimeoutSeconds");
  });

  it("that is not JSON is refused", () => {
    expect(() => readDefinition("{", find)).to.throw("the definition is not JSON");
  });
});

describe("a declared state machine", () => {
  const read = (...resources: Parameters<typeof graphOf>[0]) => {
    const graph = graphOf(resources);
    return readMachines(readGraph(graph), new Permissions(graph, () => {}), find);
  };

  it("is refused by the names of machine, state and field", () => {
    expect(() => read(machine("runs", only({ ...task, Assign: {} })))).to.throw(
      DeclarationError,
      'aws:sfn/stateMachine:StateMachine "runs": definition, state "Only": the simulator does not know the field Assign',
    );
    const express = machine("runs", only(task));
    express.inputs["type"] = "EXPRESS";
    expect(() => read(express)).to.throw('"runs": the simulator does not know how to run this value of type');
  });

  it("needs a role that Step Functions may have, and that may log where it does", () => {
    const narrow = (policy: object[], trust = {}) => role("narrow", { policy, trust });
    const logging = machine("runs", only(task), { role: "narrow", logs: true });
    expect(() => read(logging, ...narrow([]))).to.throw("role narrow may not logs:CreateLogDelivery on *");
    const quiet = machine("runs", only(task), { role: "narrow" });
    expect([...read(quiet, ...narrow([])).values()].map(({ name }) => name)).to.deep.equal(["runs"]);
    expect(() => read(quiet, ...narrow([], { Principal: { Service: "lambda.amazonaws.com" } }))).to.throw(
      "states.amazonaws.com may not sts:AssumeRole",
    );
  });
});
