import { IotSqlError } from "@metercast/iot-sql";
import { expect } from "chai";
import type { Activity } from "../transform/config.ts";
import { addedColumns } from "../transform/columns.ts";
import { compileTransform } from "../transform/transform.ts";
import { event, leftOutRows, observation, reading, storedRows, text, transformConfig, wrapped } from "./builders.ts";

/** What is stored of some readings, without the columns that the transform adds, and what is left out. */
function run(activities: Activity[], ...elements: Record<string, unknown>[]) {
  const config = transformConfig("readings", { activities });
  const result = compileTransform(config)(event(wrapped(JSON.stringify(elements))));
  return {
    stored: storedRows(result).map(
      ({ city: _city, received: _received, record_id: _id, position: _at, ...row }) => row,
    ),
    leftOut: leftOutRows(result).map(({ ended, by, reason, payload }) => ({
      ended,
      by,
      reason,
      payload: text(payload),
    })),
  };
}

const noBuilding1099: Activity = { name: "no 1099", kind: "filter", filter: "building_id <> 1099", meter: 2 };

describe("filter", () => {
  it("drops what its expression is not true of, by its name and with the bytes", () => {
    const bad = reading({ building_id: 1099 });
    expect(run([noBuilding1099], reading(), bad)).to.deep.equal({
      stored: [reading()],
      leftOut: [{ ended: "dropped", by: "no 1099", reason: null, payload: JSON.stringify(bad) }],
    });
  });

  it("applies to its meter type only", () => {
    const electricity = reading({ building_id: 1099, meter: 0 });
    expect(run([noBuilding1099], electricity).stored).to.deep.equal([electricity]);
  });

  it("drops where the expression is Undefined or no Boolean", () => {
    for (const filter of ["quality > 1", "meter_reading", "'yes'"]) {
      const name = `filter: ${filter}`;
      expect(run([{ name, kind: "filter", filter }], reading()).leftOut[0]).to.deep.include({
        ended: "dropped",
        by: name,
      });
    }
  });

  it("sees fields that are not columns", () => {
    const activity: Activity = { name: "good", kind: "filter", filter: "quality = 'good'" };
    const { stored, leftOut } = run([activity], reading({ quality: "good" }), reading({ quality: "bad" }));
    expect(stored).to.deep.equal([reading()]);
    expect(leftOut.map(({ by }) => by)).to.deep.equal(["good"]);
  });

  it("does not see what is broken", () => {
    const { leftOut } = run([noBuilding1099], reading({ building_id: "1099" }));
    expect(leftOut[0]).to.deep.include({ ended: "rejected", reason: "building_id is not a number" });
  });
});

describe("math", () => {
  it("sets an attribute to a number", () => {
    const activity: Activity = { name: "kBtu", kind: "math", attribute: "kbtu", math: "meter_reading * 2" };
    expect(run([activity], reading({ meter_reading: 1.5 })).stored[0]).to.deep.include({ kbtu: 3, meter_reading: 1.5 });
  });

  it("replaces a field, which must then still be good", () => {
    const half: Activity = { name: "half", kind: "math", attribute: "meter_reading", math: "meter_reading / 2.0" };
    expect(run([half], reading({ meter_reading: 3 })).stored[0]).to.deep.include({ meter_reading: 1.5 });
    expect(run([half], reading({ meter_reading: "3" })).leftOut[0]?.reason).to.equal("meter_reading is not a number");
    const back: Activity = { name: "back", kind: "math", attribute: "timestamp", math: "timestamp / 1000" };
    expect(run([back], reading()).leftOut[0]?.reason).to.equal("timestamp is out of range");
  });

  it("rejects where there is no number", () => {
    for (const math of ["nothing + 1", "meter_reading / 0", "'a'"]) {
      const { leftOut } = run([{ name: "m", kind: "math", attribute: "kbtu", math }], reading());
      expect(leftOut[0], math).to.deep.include({ ended: "rejected", by: "m", reason: "math failed: m" });
    }
  });
});

describe("attributes", () => {
  it("are copied to new names, which have the type of what they copy", () => {
    const activity: Activity = {
      name: "names",
      kind: "addAttributes",
      attributes: { meter_reading: "kwh", note: "remark", absent: "nowhere" },
    };
    expect(run([activity], reading({ note: "é\u2028" }), reading({ note: [1, { a: null }] })).stored).to.deep.equal([
      { ...reading(), kwh: 63.1, remark: "é\u2028" },
      { ...reading(), kwh: 63.1, remark: '[1,{"a":null}]' },
    ]);
    expect(addedColumns("readings", [activity])).to.deep.equal({ kwh: "double", remark: "string", nowhere: "string" });
  });

  it("are not read from the prototype of an object", () => {
    const activity: Activity = {
      name: "a",
      kind: "addAttributes",
      attributes: { constructor: "made", toString: "text" },
    };
    expect(run([activity], reading()).stored).to.deep.equal([reading()]);
  });

  it("make a reading of a message of another make", () => {
    const other = { id: 7, kind: 1, at: reading()["timestamp"], v: 5 };
    const activities: Activity[] = [
      { name: "names", kind: "addAttributes", attributes: { id: "building_id", kind: "meter", at: "timestamp" } },
      { name: "value", kind: "math", attribute: "meter_reading", math: "v * 2" },
    ];
    const { stored, leftOut } = run(activities, other, { ...other, kind: 9 }, { ...other, id: undefined });
    expect(stored).to.deep.equal([reading({ building_id: 7, meter: 1, meter_reading: 10 })]);
    expect(leftOut.map(({ reason }) => reason)).to.deep.equal(["meter is not 0, 1, 2 or 3", "missing building_id"]);
  });

  it("are removed, but for those that make a reading", () => {
    const activities: Activity[] = [
      { name: "copy", kind: "addAttributes", attributes: { note: "a", flag: "b" } },
      { name: "remove", kind: "removeAttributes", attributes: ["a", "meter_reading", "building_id"] },
    ];
    expect(run(activities, reading({ note: "n", flag: "f" })).stored).to.deep.equal([{ ...reading(), b: "f" }]);
  });

  it("are selected, beside those that make a reading", () => {
    const activities: Activity[] = [
      { name: "copy", kind: "addAttributes", attributes: { note: "a", flag: "b" } },
      { name: "select", kind: "selectAttributes", attributes: ["a"] },
      { name: "flagged", kind: "filter", filter: "isUndefined(flag)" },
    ];
    expect(run(activities, reading({ note: "n", flag: "f" })).stored).to.deep.equal([{ ...reading(), a: "n" }]);
  });

  it("of an observation are null when they are removed", () => {
    const activities: Activity[] = [{ name: "calm", kind: "removeAttributes", attributes: ["wind_speed", "site_id"] }];
    const transform = compileTransform(transformConfig("weather", { activities }));
    const [row] = storedRows(transform(event(wrapped(JSON.stringify(observation())))));
    expect(row).to.include({ site_id: 0, air_temperature: 25 }).and.to.not.have.property("wind_speed");
  });

  it("that are nested too deep for a column are rejected alone", () => {
    const deep = "[".repeat(50_000) + "]".repeat(50_000);
    const activity: Activity = { name: "copy", kind: "addAttributes", attributes: { note: "remark" } };
    const good = JSON.stringify(reading());
    const transform = compileTransform(transformConfig("readings", { activities: [activity] }));
    const result = transform(event(wrapped(`[${good},${good.replace("{", `{"note":${deep},`)},${good}]`)));
    expect(storedRows(result)).to.have.length(2);
    expect(leftOutRows(result).map(({ position, reason }) => [position, reason])).to.deep.equal([
      [1, "nested too deep"],
    ]);
  });
});

describe("activities", () => {
  it("apply in their order", () => {
    const double: Activity = { name: "double", kind: "math", attribute: "meter_reading", math: "meter_reading * 2" };
    const small: Activity = { name: "small", kind: "filter", filter: "meter_reading < 10" };
    expect(run([double, small], reading({ meter_reading: 6 })).stored).to.have.length(0);
    expect(run([small, double], reading({ meter_reading: 6 })).stored[0]).to.deep.include({ meter_reading: 12 });
  });

  it("whose columns disagree on a type make it a text", () => {
    const activities: Activity[] = [
      { name: "a", kind: "addAttributes", attributes: { note: "x" } },
      { name: "b", kind: "math", attribute: "x", math: "meter_reading", meter: 2 },
    ];
    expect(addedColumns("readings", activities)).to.deep.equal({ x: "string" });
    expect(run(activities, reading(), reading({ meter: 0, note: "n" })).stored.map((row) => row["x"])).to.deep.equal([
      "63.1",
      "n",
    ]);
  });

  it("with an expression that AWS would refuse do not compile", () => {
    const config = transformConfig("readings", { activities: [{ name: "f", kind: "filter", filter: "a <" }] });
    expect(() => compileTransform(config)).to.throw(IotSqlError);
  });
});
