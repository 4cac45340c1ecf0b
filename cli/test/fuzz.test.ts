import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { environmentFile, loadEnvironment } from "../../environments/index.ts";
import { expectationOf } from "../fuzzing/expected.ts";
import { fuzz } from "../fuzzing/fuzz.ts";
import { bucketOf, Ledger } from "../fuzzing/ledger.ts";
import { drawMessages, type FuzzMessage } from "../fuzzing/messages.ts";

const target = { environment: "dev", cities: ["London"], meterTypes: ["steam"] };

describe("the fuzzer", function () {
  this.timeout(60_000);

  it("finds a thousand hostile and good messages accounted for", async () => {
    const data = mkdtempSync(join(tmpdir(), "metercast-"));
    const lines: string[] = [];
    expect(await fuzz({ messages: 1000, seed: 20181206, data, say: (line) => lines.push(line) })).to.deep.equal([]);
    expect(lines.at(-1)).to.match(/^All accounted for .* Readings: \d+ accepted = \d+ stored/);
    rmSync(data, { recursive: true });
  });

  it("draws the same messages for the same seed, of every kind", () => {
    const draw = (seed: number) => [...drawMessages(target, seed, 2000)];
    const messages = draw(1);
    expect(draw(1)).to.deep.equal(messages);
    expect(draw(2)).not.to.deep.equal(messages);
    expect(new Set(messages.map(({ route }) => route))).to.have.keys("readings", "weather", "none", "refused");
    const ends = messages.flatMap(expectationOf(loadEnvironment(environmentFile("dev"))));
    expect(new Set(ends.map(({ ended }) => ended))).to.have.keys("stored", "dropped", "rejected");
    expect(new Set(ends.map(({ cause }) => cause)).size).to.be.greaterThan(20);
  });

  it("expects of a message what its description says", () => {
    const endsOf = expectationOf(loadEnvironment(environmentFile("dev")));
    const elements = [
      '{"building_id":7,"meter":0,"timestamp":1544065200000,"meter_reading":1.5}',
      '{"building_id":1099,"meter":2,"timestamp":1544065200000,"meter_reading":1}',
      "5",
    ];
    const message: FuzzMessage = {
      index: 0,
      topic: "metercast/dev/London/meter/steam",
      payload: Buffer.from(`[${elements.join(",")}]`),
      elements,
      route: "readings",
      transport: "mqtt",
    };
    expect(endsOf(message).map(({ ended, cause }) => [ended, cause])).to.deep.equal([
      ["stored", ""],
      ["dropped", "filter: building_id <> 1099"],
      ["rejected", "not an object"],
    ]);
    expect(endsOf(message)[0]?.row).to.deep.equal([7, 0, 1_544_065_200_000, 1.5, "London", 0]);
  });
});

describe("a ledger", () => {
  const of = (...keys: string[]) => {
    const ledger = new Ledger();
    for (const key of keys) ledger.add(key);
    return ledger;
  };

  it("does not mind the order of rows", () => {
    expect(of("a", "b", "a").differences(of("b", "a", "a"))).to.deep.equal([]);
  });

  it("tells the bucket of a row that is missing, is there twice or is another", () => {
    expect(of("a", "b").differences(of("a"))).to.deep.equal([bucketOf("b")]);
    expect(of("a").differences(of("a", "a"))).to.deep.equal([bucketOf("a")]);
    expect(of("a").differences(of("b"))).to.have.members([bucketOf("a"), bucketOf("b")]);
  });
});
