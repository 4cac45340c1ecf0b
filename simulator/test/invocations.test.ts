import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "@metercast/graph";
import { DataFolder } from "../data-folder.ts";
import { readGraph } from "../declared/index.ts";
import { Invocations } from "../lambda/invocations.ts";
import { Permissions } from "../permissions/index.ts";
import { bucketResource, evaluationOf, lambda, resource, role, roleArn, temporaryFolder } from "./declare.ts";
import { start } from "./running.ts";

const path = "/2015-03-31/functions";
const arn = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

/** A team's function: it answers as the event asks. */
const source = `let invocations = 0;
export const handler = async (event, context) => {
  invocations++;
  console.log("invoked");
  switch (event.ask) {
    case "throw": throw new TypeError("out of order");
    case "wait": return new Promise((resolve) => setTimeout(resolve, 60_000));
    case "large": return "x".repeat(6 * 1024 * 1024);
    case "bigint": return 1n;
    case "nothing": return undefined;
    case "state": {
      const before = invocations;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return invocations - before;
    }
    default: return { event, name: context.functionName };
  }
};`;

interface Answered {
  status: number;
  type: string | null;
  error: string | null;
  body: unknown;
}

/** Runs a function "team" and asks for invocations in the name of a role. */
async function withTeam<Result>(
  use: (
    invoke: (payload: string, options?: { key?: string; name?: string; type?: string }) => Promise<Answered>,
    running: Awaited<ReturnType<typeof start>>,
    data: string,
  ) => Promise<Result>,
  more: Resource[] = role("caller", {
    policy: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: arn("team") }],
  }),
): Promise<Result> {
  const data = temporaryFolder();
  const resources = [
    bucketResource(),
    lambda("team", source, { timeout: 1 }),
    lambda("transform", source, { role: "caller" }),
  ];
  const running = await start(evaluationOf([...resources, ...more], [source]), data);
  try {
    return await use(
      async (payload, { key = "caller", name = "team", type } = {}) => {
        const authorization = `AWS4-HMAC-SHA256 Credential=${key}/20260101/us-east-1/lambda/aws4_request, Signature=0`;
        const answer = await fetch(`${running.simulator.http}${path}/${encodeURIComponent(name)}/invocations`, {
          method: "POST",
          body: payload,
          headers: {
            ...(key !== "" && { authorization }),
            ...(type !== undefined && { "x-amz-invocation-type": type }),
          },
        });
        return {
          status: answer.status,
          type: answer.headers.get("x-amzn-errortype"),
          error: answer.headers.get("x-amz-function-error"),
          body: await answer.json(),
        };
      },
      running,
      data,
    );
  } finally {
    await running.simulator.close();
  }
}

describe("Lambda's Invoke on the loopback endpoint", () => {
  it("gives what the function gave, and writes its log", async () => {
    const data = await withTeam(async (invoke, _running, folder) => {
      const { status, error, body } = await invoke('{"a":["é"]}');
      expect({ status, error, body }).to.deep.equal({
        status: 200,
        error: null,
        body: { event: { a: ["é"] }, name: "team" },
      });
      expect((await invoke('{"ask":"nothing"}')).body).to.equal(null);
      expect((await invoke("")).body).to.deep.equal({ event: {}, name: "team" });
      return folder;
    });
    expect(readFileSync(join(data, "function-logs", "team.log"), "utf8")).to.equal("invoked\n".repeat(3));
  });

  it("knows the function by its name and by its ARN", async () => {
    await withTeam(async (invoke) => {
      for (const name of [arn("team"), "123456789012:function:team", "function:team"]) {
        expect(await invoke("{}", { name }), name).to.deep.include({ status: 200, body: { event: {}, name: "team" } });
      }
    });
  });

  it("runs invocations that come at once each by itself", async () => {
    await withTeam(async (invoke) => {
      const answers = await Promise.all(Array.from({ length: 3 }, () => invoke('{"ask":"state"}')));
      expect(answers.map(({ body }) => body)).to.deep.equal([0, 0, 0]);
    });
  });

  it("tells that the function failed as Lambda does, and the next invocation runs", async () => {
    await withTeam(async (invoke) => {
      const failed = { status: 200, error: "Unhandled" };
      expect(await invoke('{"ask":"throw"}')).to.deep.include({
        ...failed,
        body: { errorType: "TypeError", errorMessage: "out of order" },
      });
      expect(await invoke('{"ask":"wait"}')).to.deep.include({
        ...failed,
        body: { errorType: "Sandbox.Timedout", errorMessage: "Task timed out after 1.00 seconds" },
      });
      expect((await invoke('{"ask":"large"}')).body).to.deep.include({ errorType: "Function.ResponseSizeTooLarge" });
      expect((await invoke('{"ask":"bigint"}')).body).to.deep.include({ errorType: "Runtime.MarshalError" });
      expect((await invoke("{}")).status).to.equal(200);
    });
  });

  it("refuses what Lambda refuses", async () => {
    await withTeam(async (invoke) => {
      const refusals: [Parameters<typeof invoke>, number, string][] = [
        [["{}", { key: "nobody" }], 403, "UnrecognizedClientException"],
        [["{"], 400, "InvalidRequestContentException"],
        [[`"${"x".repeat(6 * 1024 * 1024)}"`], 413, "RequestTooLargeException"],
        [["{}", { type: "Event" }], 400, "InvalidParameterValueException"],
      ];
      for (const [request, status, type] of refusals) {
        expect(await invoke(...request), type).to.deep.include({ status, type });
      }
    });
  });

  it("serves who signs nothing, this machine's user", async () => {
    await withTeam(async (invoke) => {
      expect(await invoke("{}", { key: "" })).to.include({ status: 200 });
    });
  });

  it("says that there is no such function to whom may invoke it", async () => {
    const any = role("caller", { policy: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: "*" }] });
    await withTeam(async (invoke) => {
      const { status, type, body } = await invoke("{}", { name: "other" });
      expect({ status, type }).to.deep.equal({ status: 404, type: "ResourceNotFoundException" });
      expect(body).to.deep.include({ message: `Function not found: ${arn("other")}` });
    }, any);
  });

  it("refuses a role that does not allow it, with role, action and resource", async () => {
    await withTeam(
      async (invoke, { warnings }) => {
        const { status, type, body } = await invoke("{}");
        expect({ status, type }).to.deep.equal({ status: 403, type: "AccessDeniedException" });
        expect((body as { message: string }).message).to.equal(
          `User: arn:aws:sts::123456789012:assumed-role/caller/transform is not authorized to perform: lambda:InvokeFunction on resource: ${arn("team")} because no identity-based policy allows the lambda:InvokeFunction action`,
        );
        expect(warnings).to.deep.equal([
          `role caller may not lambda:InvokeFunction on ${arn("team")} (needed by the function transform, as its code asks)`,
        ]);
      },
      role("caller", { policy: [] }),
    );
  });
});

describe("An invocation that runs", () => {
  it("ends when the simulator stops, and keeps nothing waiting", async () => {
    const evaluation = evaluationOf([lambda("team", source, { timeout: 900 })], [source]);
    const { graph } = evaluation;
    const folder = DataFolder.open(temporaryFolder(), { create: true });
    folder.storeEvaluation(evaluation);
    const permissions = new Permissions(graph, () => {});
    const invocations = new Invocations(readGraph(graph), permissions, graph, folder, "http://127.0.0.1:1");
    await invocations.invoke(arn("team"), {});
    const outcome = invocations.invoke(arn("team"), { ask: "wait" });
    await invocations.close();
    expect(await outcome).to.have.nested.property(
      "failure.errorMessage",
      "The simulator stopped while the function ran.",
    );
  });
});

describe("A function's own policy", () => {
  const permission = (more: object) =>
    resource("aws:lambda/permission:Permission", "p", {
      statementId: "p",
      action: "lambda:InvokeFunction",
      function: "team",
      principal: roleArn("caller"),
      ...more,
    });
  const statusWith = (...more: Resource[]) =>
    withTeam(async (invoke) => (await invoke("{}")).status, [...role("caller", { policy: [] }), ...more]);

  it("lets in the role that it names, which is in the same account", async () => {
    expect(await statusWith(permission({}))).to.equal(200);
    expect(await statusWith(permission({ principal: roleArn("other") }))).to.equal(403);
  });

  it("that asks for a source account lets no role in: its own call has none", async () => {
    expect(await statusWith(permission({ sourceAccount: "123456789012" }))).to.equal(403);
  });
});
