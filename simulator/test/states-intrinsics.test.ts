import { expect } from "chai";
import { compileIntrinsic } from "../states/intrinsics/index.ts";
import type { Json } from "../states/json.ts";
import { StateError } from "../states/state-error.ts";

/** What a call gives; the examples are those of AWS's developer guide, "Intrinsics for JSONPath". */
function value(call: string, input: Json = {}): Json {
  return compileIntrinsic(call)({ input, context: { Execution: { Name: "run" } } }, "field.$");
}

function failure(call: string, input: Json = {}): StateError {
  try {
    value(call, input);
  } catch (error) {
    if (error instanceof StateError) return error;
    throw error;
  }
  throw new Error(`${call} did not fail`);
}

describe("States.Format", () => {
  it("puts values in the places of its template", () => {
    expect(value("States.Format('Hello, my name is {}.', $.name)", { name: "Arnav" })).to.equal(
      "Hello, my name is Arnav.",
    );
    expect(value("States.Format('{}-{}-{}-{}', 1, true, null, 'a')")).to.equal("1-true-null-a");
    expect(value("States.Format($.template, $$.Execution.Name)", { template: "at {}" })).to.equal("at run");
  });

  it("leaves escaped quotes, braces and backslashes", () => {
    expect(value(String.raw`States.Format('it\'s \{\} and \\ and {}', 1)`)).to.equal("it's {} and \\ and 1");
  });

  it("takes as many values as places, and no arrays or objects", () => {
    expect(() => compileIntrinsic("States.Format('{} {}', $.a)")).to.throw("2 places {} for 1 values");
    expect(() => compileIntrinsic("States.Format('{', $.a)")).to.throw("lone {");
    expect(failure("States.Format('{}', $.a)", { a: [1] }).error).to.equal("States.IntrinsicFailure");
  });
});

describe("intrinsic functions of arrays", () => {
  it("make one", () => {
    expect(value("States.Array($.Id)", { Id: 123456 })).to.deep.equal([123456]);
    expect(value("States.Array()")).to.deep.equal([]);
  });

  it("partition", () => {
    const inputArray = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const parts = [[1, 2, 3, 4], [5, 6, 7, 8], [9]];
    expect(value("States.ArrayPartition($.inputArray,4)", { inputArray })).to.deep.equal(parts);
    expect(failure("States.ArrayPartition($.inputArray,0)", { inputArray }).cause).to.include("0 is not above zero");
  });

  it("look for a value", () => {
    const input = { inputArray: [1, 2, 3, { a: [1] }], lookingFor: 3 };
    expect(value("States.ArrayContains($.inputArray, $.lookingFor)", input)).to.equal(true);
    expect(value("States.ArrayContains($.inputArray, $.inputArray[3])", input)).to.equal(true);
    expect(value("States.ArrayContains($.inputArray, 4)", input)).to.equal(false);
  });

  it("give a range, its end included, of a thousand at most", () => {
    expect(value("States.ArrayRange(1, 9, 2)")).to.deep.equal([1, 3, 5, 7, 9]);
    expect(value("States.ArrayRange(3, 1, -1)")).to.deep.equal([3, 2, 1]);
    expect(value("States.ArrayRange(3, 1, 1)")).to.deep.equal([]);
    expect(value("States.ArrayRange(1, 1000, 1)")).to.have.length(1000);
    expect(failure("States.ArrayRange(1, 1001, 1)").error).to.equal("States.IntrinsicFailure");
  });

  it("give an element, the length, and what is there once", () => {
    const input = { inputArray: [1, 2, 3, 3, 3, 3, 3, 3, 4], index: 5 };
    expect(value("States.ArrayGetItem($.inputArray, $.index)", { ...input, inputArray: [1, 2, 3, 4, 5, 6] })).to.equal(
      6,
    );
    expect(failure("States.ArrayGetItem($.inputArray, 9)", input).cause).to.include("has no element 9");
    expect(value("States.ArrayLength($.inputArray)", input)).to.equal(9);
    expect(value("States.ArrayUnique($.inputArray)", input)).to.deep.equal([1, 2, 3, 4]);
  });
});

describe("intrinsic functions of text", () => {
  it("encode and decode Base64", () => {
    const encoded = "RGF0YSB0byBlbmNvZGU=";
    expect(value("States.Base64Encode($.input)", { input: "Data to encode" })).to.equal(encoded);
    expect(value("States.Base64Decode($.base64)", { base64: encoded })).to.equal("Data to encode");
    expect(failure("States.Base64Decode('not Base64!')").cause).to.include("no Base64");
    expect(failure("States.Base64Encode($.a)", { a: "x".repeat(10_001) }).cause).to.include("10000 are the most");
  });

  it("hash", () => {
    expect(value("States.Hash($.Data, $.Algorithm)", { Data: "input data", Algorithm: "SHA-1" })).to.equal(
      "aaff4a450a104cd177d28d18d74485e8cae074b7",
    );
    expect(value("States.Hash('abc', 'MD5')")).to.equal("900150983cd24fb0d6963f7d28e17f72");
    expect(failure("States.Hash('abc', 'CRC')").cause).to.include("CRC is no algorithm: MD5, SHA-1");
  });

  it("split at any of the delimiters", () => {
    expect(
      value("States.StringSplit($.inputString, $.splitter)", { inputString: "1,2,3,4,5", splitter: "," }),
    ).to.deep.equal(["1", "2", "3", "4", "5"]);
    const input = { inputString: "This.is+a,test=string", splitter: ".+,=" };
    expect(value("States.StringSplit($.inputString, $.splitter)", input)).to.deep.equal([
      "This",
      "is",
      "a",
      "test",
      "string",
    ]);
  });

  it("make a UUID of version 4", () => {
    expect(value("States.UUID()")).to.match(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});

describe("intrinsic functions of JSON", () => {
  it("merge objects at their first level", () => {
    const input = { json1: { a: { a1: 1, a2: 2 }, b: 2 }, json2: { a: { a3: 1, a4: 2 }, c: 3 } };
    const merged = { a: { a3: 1, a4: 2 }, b: 2, c: 3 };
    expect(value("States.JsonMerge($.json1, $.json2, false)", input)).to.deep.equal(merged);
    expect(failure("States.JsonMerge($.json1, $.json2, true)", input).cause).to.include("the third is false");
  });

  it("read and write text", () => {
    const escaped = { escapedJsonString: '{"foo": "bar"}' };
    expect(value("States.StringToJson($.escapedJsonString)", escaped)).to.deep.equal({ foo: "bar" });
    expect(value("States.JsonToString($.unescapedJson)", { unescapedJson: { foo: "bar" } })).to.equal('{"foo":"bar"}');
    expect(failure("States.StringToJson('{')").error).to.equal("States.IntrinsicFailure");
  });
});

describe("intrinsic functions of numbers", () => {
  it("add, whole numbers of 32 bits", () => {
    expect(value("States.MathAdd($.value1, $.step)", { value1: 111, step: -1 })).to.equal(110);
    expect(failure("States.MathAdd(2147483648, 1)").cause).to.include("no integer of 32 bits");
    expect(failure("States.MathAdd('1', 1)").cause).to.include('"1" is no number');
  });

  it("give a random number below the end, and the same one for a seed", () => {
    const seen = new Set(Array.from({ length: 200 }, () => value("States.MathRandom(1, 3)")));
    expect([...seen].toSorted()).to.deep.equal([1, 2]);
    expect(value("States.MathRandom(1, 999, 7)")).to.equal(value("States.MathRandom(1, 999, 7)"));
  });
});

describe("a call of an intrinsic function", () => {
  it("may stand in another", () => {
    const call = "States.Format('{}', States.ArrayGetItem(States.StringSplit($.key, '/'), 1))";
    expect(value(call, { key: "a/b/c" })).to.equal("b");
  });

  it("may stand ten deep", () => {
    const nested = (depth: number) => `${"States.Array(".repeat(depth)}1${")".repeat(depth)}`;
    expect(value(nested(10))).to.deep.equal([[[[[[[[[[1]]]]]]]]]]);
    expect(() => compileIntrinsic(nested(11))).to.throw("10 deep at most");
  });

  it("takes paths with commas, quotes and parentheses of their own", () => {
    const input = { list: [{ name: "a,b)", size: 1 }] };
    expect(value("States.ArrayLength($.list[?(@.name == 'a,b)')])", input)).to.equal(1);
    expect(value("States.Array($['list'][0].size, 2)", input)).to.deep.equal([1, 2]);
  });

  it("is refused before anything runs when it is none", () => {
    expect(() => compileIntrinsic("States.Reverse($.a)")).to.throw(
      "States.Reverse is no intrinsic function: there are",
    );
    expect(() => compileIntrinsic("States.ArrayLength()")).to.throw("takes 1 arguments, not 0");
    expect(() => compileIntrinsic("States.Array(1")).to.throw(", or ) is expected at 15");
    expect(() => compileIntrinsic("States.Array('a)")).to.throw("a string does not end");
    expect(() => compileIntrinsic("States.Array(1) 2")).to.throw("nothing more is expected at 17");
    expect(() => compileIntrinsic("plain text")).to.throw("( is expected");
  });

  it("fails by States.Runtime where a path of it finds nothing", () => {
    const { error, cause } = failure("States.Array($.a)", { b: 1 });
    expect(error).to.equal("States.Runtime");
    expect(cause).to.equal(
      `The JSONPath '$.a' specified for the field 'field.$' could not be found in the input '{"b":1}'`,
    );
  });
});
