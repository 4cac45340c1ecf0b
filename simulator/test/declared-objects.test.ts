import { expect } from "chai";
import { createHash } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "@metercast/graph";
import { bucket, bucketResource, evaluationOf, resource, temporaryFolder } from "./declare.ts";
import { start } from "./running.ts";

function object(key: string, content: string, more: object = {}): Resource {
  const $asset = createHash("sha256").update(content).digest("hex");
  const inputs = { bucket, key, source: { $asset }, contentType: "text/plain", ...more };
  return resource("aws:s3/bucketObjectv2:BucketObjectv2", key, inputs);
}

async function deploy(data: string, objects: Resource[], contents: string[]): Promise<void> {
  const running = await start(evaluationOf([bucketResource(), ...objects], contents), data);
  await running.simulator.close();
}

describe("the objects that a program declares", () => {
  it("are in their bucket as soon as the simulator runs, and follow the program", async () => {
    const data = temporaryFolder();
    const file = join(data, "buckets", bucket, "models", "one", "card.json");
    await deploy(data, [object("models/one/card.json", "{}")], ["{}"]);
    expect(readFileSync(file, "utf8")).to.equal("{}");
    const { mtimeMs } = statSync(file);
    await deploy(data, [object("models/one/card.json", "{}")], ["{}"]);
    expect(statSync(file).mtimeMs).to.equal(mtimeMs);
    writeFileSync(file, "changed by hand");
    await deploy(data, [object("models/one/card.json", '{"a":1}')], ['{"a":1}']);
    expect(readFileSync(file, "utf8")).to.equal('{"a":1}');
  });

  it("are refused with a property that is not known here", async () => {
    const outcome = deploy(temporaryFolder(), [object("a", "b", { objectLockMode: "GOVERNANCE" })], ["b"]);
    expect(
      await outcome.then(
        () => "none",
        (error: Error) => error.message,
      ),
    ).to.include('aws:s3/bucketObjectv2:BucketObjectv2 "a": the simulator does not know the property objectLockMode');
  });
});
