import { fileURLToPath } from "node:url";
import { evaluate } from "@metercast/graph";
import { run } from "@metercast/simulator";
import { expect } from "chai";
import { accountingOf } from "../accounting.ts";
import { openStored } from "../stored.ts";
import { temporaryFolder } from "./command.ts";

const small = fileURLToPath(new URL("small.yaml", import.meta.url));

describe("a message that its delivery stream could not handle", function () {
  this.timeout(30_000);

  it("is rejected with all elements of its envelope, for the reason that the stream gives", async () => {
    const evaluation = await evaluate(small);
    const broken = "export const handler = async () => { throw new Error('broken'); };";
    for (const [asset, bytes] of evaluation.assets) {
      const isTransform = Buffer.from(bytes).includes("meter is not 0, 1, 2 or 3");
      if (isTransform) evaluation.assets.set(asset, Buffer.from(broken));
    }
    const data = temporaryFolder();
    const simulator = await run({
      evaluation,
      data,
      mqttPort: undefined,
      httpPort: 0,
      warn: () => {},
      onFailure: (error) => {
        throw error;
      },
    });
    const reading = { building_id: 105, meter: 0, timestamp: 1_544_065_200_000, meter_reading: 1 };
    const publish = (payload: unknown) =>
      fetch(`${simulator.http}/topics/${encodeURIComponent("metercast/small/London/meter/electricity")}?qos=1`, {
        method: "POST",
        body: JSON.stringify(payload),
      });
    await publish(reading);
    await publish([reading, reading, reading]);
    await publish([]);
    await simulator.close();
    const stored = await openStored(data);
    const { readings } = await accountingOf(stored);
    stored.catalog.close();
    expect(readings).to.deep.equal({ accepted: 5, stored: 0, dropped: {}, rejected: { "Lambda.FunctionError": 5 } });
  });
});
