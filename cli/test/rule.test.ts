import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { metercast, temporaryFolder } from "./command.ts";

function casesFile(...lines: string[]): string {
  const file = join(temporaryFolder(), "cases.jsonl");
  writeFileSync(file, lines.join("\n"));
  return file;
}

describe("metercast rule test", () => {
  it("tries one statement, and tells a person what it may mean otherwise", async () => {
    const sql = "SELECT (t - 32) * 5 / 9 AS celsius, clientid() AS client FROM 'rooms/+'";
    const message = ["--topic", "rooms/a", "--payload", '{"t":50}', "--client-id", "meter-1"];
    const { code, out, error } = await metercast("rule", "test", "--sql", sql, ...message);
    expect(out).to.equal('{"matched":true,"output":{"celsius":10,"client":"meter-1"}}\n');
    expect(error).to.match(/^1:21: .*contradicts itself/);
    expect(code).to.equal(0);
  });

  it("fails for a statement that AWS would refuse", async () => {
    const { code, out } = await metercast("rule", "test", "--sql", "SELECT", "--topic", "t", "--payload", "");
    expect(JSON.parse(out)).to.have.nested.property("error.column", 7);
    expect(code).to.equal(1);
  });

  it("tries a file of cases in order, and goes on behind a line that is none", async () => {
    const file = casesFile(
      JSON.stringify({ sql: "SELECT a / 3 AS a FROM 't'", topic: "t", payload: '{"a":1,"b":"\u2028"}' }),
      '{"sql":',
      "",
      JSON.stringify({ sql: "SELECT x y", topic: "t", payload: "" }),
      JSON.stringify({ sql: "SELECT * FROM 't' WHERE false", topic: "t", payload: "" }),
      JSON.stringify({ sql: "SELECT * FROM 't'", topic: "t", payloadBase64: "/w==" }),
    );
    const { code, out, error } = await metercast("rule", "test", "--cases", file);
    const [first, second, third, ...rest] = out.split("\n");
    expect(first).to.equal('{"matched":true,"output":{"a":0.3333333333333333333333333333333333}}');
    expect(second).to.match(/^\{"error":\{"message":".*cases\.jsonl:2: not JSON/);
    expect(third).to.match(/^\{"error":\{"message":".*","line":1,"column":10\}\}$/);
    expect(rest).to.deep.equal(['{"matched":false}', '{"matched":true,"outputBase64":"/w=="}', ""]);
    expect(error).to.match(/^\S+cases\.jsonl:2: not JSON.*\n$/);
    expect(code).to.equal(1);
  });

  it("takes what AWS would refuse for a result of a file of cases", async () => {
    const file = casesFile(JSON.stringify({ sql: "SELECT", topic: "t", payload: "" }));
    const { code, error } = await metercast("rule", "test", "--cases", file);
    expect([code, error]).to.deep.equal([0, ""]);
  });

  it("asks for a statement and a message, or for cases", async () => {
    const runs = [
      ["--sql", "SELECT *"],
      ["--cases", "x", "--sql", "SELECT *"],
      ["--cases", "no/such/file"],
    ];
    const ended = await Promise.all(runs.map((words) => metercast("rule", "test", ...words)));
    expect(ended.map(({ code }) => code)).to.deep.equal([2, 2, 2]);
  });
});
