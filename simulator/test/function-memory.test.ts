import { expect } from "chai";
import { existsSync } from "node:fs";
import { bucketResource, evaluationOf, lambda, machine, temporaryFolder } from "./declare.ts";
import { only } from "./state-machine.ts";
import { start } from "./running.ts";
import { setFlagsFromString } from "node:v8";

/** Takes as much as it is asked for, tells its heap's limit, or the place of its temporary files. */
const source = `import { tmpdir } from "node:os";
import { writeFileSync, existsSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
export const handler = async ({ ask }) => {
  if (ask === "limit") return getHeapStatistics().heap_size_limit;
  if (ask === "temporary") {
    const file = tmpdir() + "/left";
    const found = existsSync(file);
    writeFileSync(file, "x");
    return { place: tmpdir(), found };
  }
  const arrays = [];
  for (let count = 0; count < 30; count++) {
    arrays.push(ask === "numbers" ? new Float64Array(1_250_000).fill(count) : Array.from({ length: 1_250_000 }, () => count + 0.5));
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return arrays.length;
};`;

async function invocations(
  asks: string[],
  memorySize: number,
): Promise<{ output: unknown; cause: string | undefined }[]> {
  const declared = lambda("work", source, { timeout: 60 });
  declared.inputs["memorySize"] = memorySize;
  const task = {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { "FunctionName": "work", "Payload.$": "$" },
    OutputPath: "$.Payload",
  };
  const running = await start(
    evaluationOf([bucketResource(), declared, machine("m", only(task))], [source]),
    temporaryFolder(),
  );
  try {
    const all = [];
    for (const ask of asks) {
      const { arn } = running.simulator.startExecution({ machine: "m", input: { ask } });
      const { output, cause } = await running.simulator.executions.outcome(arn);
      all.push({ output: output === undefined ? undefined : (JSON.parse(output) as unknown), cause });
    }
    return all;
  } finally {
    await running.simulator.close();
  }
}

describe("a function's memory", () => {
  it("is what is declared, whatever the heap of the simulator's own thread may be", async () => {
    setFlagsFromString("--max-old-space-size=256");
    const [limit] = await invocations(["limit"], 2048);
    expect(Number(limit?.output)).to.be.greaterThan(2048 * 1024 * 1024);
  });

  for (const ask of ["numbers", "objects"]) {
    it(`has no room for more ${ask}, and enough after that for the next invocation`, async () => {
      const [first, second] = await invocations([ask, "limit"], 160);
      expect(first?.cause).to.include("work took more than its memory size of 160 MB");
      expect(Number(second?.output), second?.cause).to.be.greaterThan(0);
    });
  }

  it("of files is a folder of its own, which is gone with it", async () => {
    const [first, second] = await invocations(["temporary", "temporary"], 160);
    const { place } = first?.output as { place: string };
    expect(first?.output).to.deep.equal({ place, found: false });
    expect(second?.output).to.deep.equal({ place, found: true });
    expect(existsSync(place)).to.equal(false);
  });
});
