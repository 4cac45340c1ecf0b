import { expect } from "chai";
import fc from "fast-check";
import { compileStatement, readRuleCase, RuleCaseError, RuleTrial, type RuleCase } from "../index.ts";

function tried(fields: Omit<RuleCase, "payload"> & { payload: string | Uint8Array }): string {
  return new RuleTrial().run({ ...fields, payload: Buffer.from(fields.payload) }).json;
}

function read(fields: unknown): RuleCase {
  return readRuleCase(Buffer.from(typeof fields === "string" ? fields : JSON.stringify(fields)));
}

describe("trying a rule", () => {
  it("gives the value that an action gets", () => {
    const message = { topic: "rooms/a", payload: '{"t":50}' };
    expect(tried({ sql: "SELECT t * 2 AS t FROM 'rooms/+'", ...message })).to.equal(
      '{"matched":true,"output":{"t":100}}',
    );
    expect(tried({ sql: "SELECT VALUE 'x' FROM 'rooms/+'", ...message })).to.equal('{"matched":true,"output":"x"}');
    expect(tried({ sql: "SELECT VALUE null FROM 'rooms/+'", ...message })).to.equal('{"matched":true,"output":null}');
  });

  it("keeps 34 digits of a number", () => {
    const digits = "1234567890123456789012345678901.234";
    expect(tried({ sql: "SELECT VALUE n FROM 't'", topic: "t", payload: `{"n":${digits}}` })).to.equal(
      `{"matched":true,"output":${digits}}`,
    );
  });

  it("gives bytes as base64 where there is no JSON, none for Undefined", () => {
    const bytes = Uint8Array.of(0xff, 0, 1);
    expect(tried({ sql: "SELECT * FROM 't'", topic: "t", payload: bytes })).to.equal(
      '{"matched":true,"outputBase64":"/wAB"}',
    );
    expect(tried({ sql: "SELECT VALUE missing FROM 't'", topic: "t", payload: "{}" })).to.equal(
      '{"matched":true,"outputBase64":""}',
    );
  });

  it("does not match where WHERE is not true, nor another topic", () => {
    expect(tried({ sql: "SELECT * FROM 't' WHERE a > 1", topic: "t", payload: '{"a":1}' })).to.equal(
      '{"matched":false}',
    );
    expect(tried({ sql: "SELECT * FROM 't' WHERE a > 1", topic: "t", payload: "{}" })).to.equal('{"matched":false}');
    expect(tried({ sql: "SELECT * FROM 't/#'", topic: "t", payload: "{}" })).to.equal('{"matched":false}');
    expect(tried({ sql: "SELECT *", topic: "t", payload: "{}" })).to.equal('{"matched":false}');
  });

  it("says where AWS would refuse a statement or a template", () => {
    expect(JSON.parse(tried({ sql: "SELECT a\nFROM t", topic: "t", payload: "" }))).to.deep.equal({
      error: {
        message: "expected a topic filter in single quotes, as in FROM 'sensor/#', found `t`",
        line: 2,
        column: 6,
      },
    });
    const template = { sql: "SELECT * FROM 't'", topic: "t", payload: "", template: "a/${topic(" };
    expect(JSON.parse(tried(template))).to.have.nested.property("error.column", 3);
  });

  it("resolves a template on the original payload, with the variables of SET, if the rule matches", () => {
    const sql = "SET @double = n * 2 SELECT 'other' AS n FROM 'a/+' WHERE n > 1";
    const template = "${topic(2)}/${n}/${@double}/${missing}";
    expect(tried({ sql, topic: "a/b", payload: '{"n":2}', template })).to.equal('{"matched":true,"output":"b/2/4/"}');
    expect(tried({ sql, topic: "a/b", payload: '{"n":1}', template })).to.equal('{"matched":false}');
  });

  it("fires a rule by its name where Basic Ingest addresses it", () => {
    const message = { topic: "$aws/rules/R/a/b", payload: "" };
    const sql = "SELECT topic() AS topic, topic(1) AS first FROM 'a/#'";
    const output = '{"matched":true,"output":{"topic":"a/b","first":"a"}}';
    expect(tried({ sql, ...message, rule: "R" })).to.equal(output);
    expect(tried({ sql, ...message })).to.equal(output);
    expect(tried({ sql, ...message, rule: "Other" })).to.equal('{"matched":false}');
    expect(tried({ sql: sql.replace("a/#", "b/#"), ...message, rule: "R" })).to.equal('{"matched":false}');
    expect(tried({ sql: "SELECT VALUE topic()", ...message, rule: "R" })).to.equal('{"matched":true,"output":"a/b"}');
  });

  it("knows the client of a message by MQTT only", () => {
    const message = { sql: "SELECT VALUE clientid() FROM 't'", topic: "t", payload: "", clientId: "meter-1" };
    expect(tried(message)).to.equal('{"matched":true,"output":"meter-1"}');
    expect(tried({ ...message, protocol: "http" })).to.equal('{"matched":true,"output":"n/a"}');
  });

  it("stays on one line for every reader of lines", () => {
    const text = "a\u2028b\u2029c\nd";
    const json = tried({ sql: "SELECT VALUE t FROM 't'", topic: "t", payload: JSON.stringify({ t: text }) });
    expect(json).not.to.match(/[\u2028\u2029\n]/);
    expect(JSON.parse(json)).to.deep.equal({ matched: true, output: text });
  });

  it("gives what the statement gives", () => {
    const trial = new RuleTrial();
    const name = fc.constantFrom("a", "b", "c");
    const literal = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)).map(String);
    const operand = fc.oneof(name, literal, fc.constantFrom("'x'", "'1'", "topic(2)", "get(c, 0)", "[a, 1]"));
    const operator = fc.constantFrom("+", "-", "*", "/", "%", "=", "<>", "<", "AND", "OR");
    const expression = fc.tuple(operand, operator, operand).map((parts) => parts.join(" "));
    const item = fc.oneof(
      fc.constant("*"),
      expression.map((text) => `${text} AS r`),
      name,
    );
    const statement = fc.oneof(
      fc.tuple(item, expression).map(([selected, where]) => `SELECT ${selected} FROM 't/+' WHERE ${where}`),
      item.map((selected) => `SELECT ${selected} FROM 't/+'`),
      expression.map((text) => `SELECT VALUE ${text} FROM 't/+'`),
    );
    const payload = fc.oneof(
      fc.json(),
      fc.dictionary(name, fc.jsonValue()).map((value) => JSON.stringify(value)),
      fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
    );
    fc.assert(
      fc.property(statement, payload, (sql, text) => {
        const message = { topic: "t/1", payload: Buffer.from(text) };
        const expected = compileStatement(sql).evaluate({ ...message, received: 0 });
        const { output, outputBase64, ...rest } = JSON.parse(trial.run({ sql, ...message }).json) as Record<
          string,
          unknown
        >;
        expect(rest).to.deep.equal({ matched: expected !== undefined });
        if (expected === undefined || expected.length === 0) expect(outputBase64).to.equal(expected && "");
        else if (typeof expected === "string") expect(output).to.deep.equal(JSON.parse(expected));
        else expect(outputBase64).to.equal(Buffer.from(expected).toString("base64"));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a line of a file of cases", () => {
  it("is a statement with a message of text or bytes", () => {
    const fields = { sql: "SELECT *", topic: "t" };
    expect(read({ ...fields, payload: "é" }).payload).to.deep.equal(Buffer.from("é"));
    expect(read({ ...fields, payloadBase64: "/wA=" }).payload).to.deep.equal(Buffer.of(0xff, 0));
    const optional = { clientId: "c", protocol: "http", rule: "R", template: "${a}" };
    expect(read({ ...fields, payload: "", ...optional })).to.include(optional);
  });

  it("may have fields for others", () => {
    const fields = { sql: "SELECT *", topic: "t", payload: "" };
    expect(read({ ...fields, name: "first", expected: { a: 1 }, clientId: null })).to.deep.equal(read(fields));
  });

  const wrong: [what: string, line: unknown, says: RegExp][] = [
    ["not JSON", "{", /^not JSON/],
    ["no object", "[]", /JSON object/],
    ["without a statement", { topic: "t", payload: "" }, /"sql" is missing/],
    ["without a topic", { sql: "SELECT *", payload: "" }, /"topic" is missing/],
    ["without a payload", { sql: "SELECT *", topic: "t" }, /either "payload"/],
    ["of two payloads", { sql: "SELECT *", topic: "t", payload: "", payloadBase64: "" }, /either "payload"/],
    ["with an object for a payload", { sql: "SELECT *", topic: "t", payload: { a: 1 } }, /"payload" is a text/],
    ["with bytes that are not base64", { sql: "SELECT *", topic: "t", payloadBase64: "a" }, /is not base64/],
    ["of another protocol", { sql: "SELECT *", topic: "t", payload: "", protocol: "amqp" }, /"mqtt" or "http"/],
  ];
  for (const [what, line, says] of wrong) {
    it(`is refused: ${what}`, () => expect(() => read(line)).to.throw(RuleCaseError, says));
  }

  it("is refused: not UTF-8", () => {
    expect(() => readRuleCase(Uint8Array.of(0x22, 0xff, 0x22))).to.throw(RuleCaseError, "not UTF-8");
  });
});
