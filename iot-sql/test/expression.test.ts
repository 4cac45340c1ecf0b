import { expect } from "chai";
import { compileExpression } from "../index.ts";

describe("an expression of a pipeline", () => {
  it("reads attributes, and says which", () => {
    const filter = compileExpression("building_id <> 1099 AND NOT isUndefined(a.b) AND isUndefined((SELECT x FROM e))");
    expect(filter.attributes).to.deep.equal(["building_id", "a", "e"]);
    expect(filter.evaluate({ building_id: 1, a: { b: 2 } })).to.equal(true);
    expect(filter.evaluate({ building_id: 1099, a: { b: 2 } })).to.equal(false);
    expect(filter.evaluate({ a: { b: 2 } })).to.equal(undefined);
  });

  it("gives plain JavaScript values, numbers as doubles", () => {
    const attributes = { meter_reading: 63.1, list: [1], none: null };
    expect(compileExpression("meter_reading * 3.412").evaluate(attributes)).to.equal(215.2972);
    expect(compileExpression("1 / 3").evaluate(attributes)).to.equal(1 / 3);
    expect(compileExpression("[1 / 3, {'a': list}]").evaluate(attributes)).to.deep.equal([1 / 3, { a: [1] }]);
    expect(compileExpression("none").evaluate(attributes)).to.equal(null);
    expect(compileExpression("missing").evaluate(attributes)).to.equal(undefined);
    expect(compileExpression("toString").evaluate(attributes)).to.equal(undefined);
  });
});
