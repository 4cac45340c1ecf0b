import type { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { invokeWith } from "../transform-with-functions/invoke.ts";

/** A client that gives one answer, and what it was asked. */
function clientWith(answer: { FunctionError?: string; Payload?: string }) {
  const commands: InvokeCommand[] = [];
  const client = {
    send: (command: InvokeCommand) => {
      commands.push(command);
      const { Payload } = answer;
      return Promise.resolve({ ...answer, Payload: Payload === undefined ? undefined : Buffer.from(Payload) });
    },
  } as unknown as Pick<LambdaClient, "send">;
  return { invoke: invokeWith(client), commands };
}

const failureOf = (answer: { FunctionError?: string; Payload?: string }) =>
  clientWith(answer)
    .invoke("f", "[]")
    .then(
      () => "no failure",
      (error: unknown) => String(error),
    );

describe("Invoking a function", () => {
  it("sends the event as it is and gives the answer", async () => {
    const { invoke, commands } = clientWith({ Payload: '[{"a":"é"}]' });
    expect(await invoke("metercast-dev-f", '[{"a":1}]')).to.deep.equal([{ a: "é" }]);
    expect(
      commands.map(({ input }) => ({ ...input, Payload: Buffer.from(input.Payload as Uint8Array).toString() })),
    ).to.deep.equal([{ FunctionName: "metercast-dev-f", Payload: '[{"a":1}]' }]);
  });

  it("gives nothing where the function gave nothing", async () => {
    expect(await clientWith({}).invoke("f", "[]")).to.equal(undefined);
    expect(await clientWith({ Payload: "null" }).invoke("f", "[]")).to.equal(null);
  });

  it("tells why the function failed", async () => {
    const Payload = '{"errorType":"Error","errorMessage":"2026 Task timed out after 60.00 seconds"}';
    expect(await failureOf({ FunctionError: "Unhandled", Payload })).to.equal(
      "FunctionFailure: f failed: 2026 Task timed out after 60.00 seconds",
    );
    expect(await failureOf({ FunctionError: "Unhandled", Payload: '"?"' })).to.equal('FunctionFailure: f failed: "?"');
  });

  it("takes an answer that is not JSON for the function's failure", async () => {
    expect(await failureOf({ Payload: "[" })).to.match(/^FunctionFailure: what it gave cannot be read: /);
  });
});
