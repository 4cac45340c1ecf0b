import { expect } from "chai";
import { compileExpression, compileStatement, compileTemplate, IotSqlError } from "../index.ts";

function refused(compile: () => unknown): IotSqlError {
  try {
    compile();
  } catch (error) {
    if (error instanceof IotSqlError) return error;
    throw error;
  }
  throw new Error("it compiled");
}

/** A statement in which `^` stands before the offending token, and what the error says. */
const statements: [marked: string, message: RegExp][] = [
  ["^", /expected SET or SELECT, found the end/],
  ["^UPDATE x", /expected SET or SELECT, found `UPDATE`/],
  ["SELECT a, ^FROM 'x'", /expected an expression, found `FROM`/],
  ["SELECT a FROM ^topic/a", /topic filter in single quotes.*found `topic`/],
  ["SELECT a FROM 'x' ^GROUP BY a", /GROUP BY is not part/],
  ["SELECT a FROM 'x' ^b", /expected WHERE or the end of the statement, found `b`/],
  ["SELECT a FROM 'x' WHERE a = 1 ^b", /expected an operator or the end of the statement/],
  ["SELECT a FROM 'x'^;", /no `;`/],
  ["SELECT a ^-- comment\nFROM 'x'", /comments/],
  ["SELECT a,\n       b\nFROM 'x'\nWHERE a ^!= 1", /write `<>`/],
  ["SELECT a ^== 1", /write `=`/],
  ["SELECT a ^|| b", /concat/],
  ["SELECT a WHERE b ^LIKE 'x%'", /startswith/],
  ["SELECT a WHERE b ^IS NULL", /isNull/],
  ["SELECT ^`a b`", /get\(/],
  ["SELECT a ^– 32", /unexpected character "–"/],
  ["SELECT ^'abc", /no closing '/],
  ["SELECT a.^'b'", /without quotes/],
  ["SELECT a AS ^from FROM 'x'", /expected a name after AS/],
  ["SELECT a^[0] FROM 'x'", /get\(array, index\)/],
  ["SELECT ^1st FROM 'x'", /cannot begin with a digit/],
  ["SELECT ^tpoic() FROM 'x'", /no function tpoic\(\); the nearest name is topic\(\)/],
  ["SELECT a + ^lenght(b)", /length\(\)/],
  ["SELECT ^get_dynamodb('t', 'k', 'v', 'r') FROM 'x'", /get_dynamodb\(\) calls Amazon DynamoDB/],
  ["SELECT ^aws_lambda('f', *) FROM 'x'", /aws_lambda\(\) calls AWS Lambda/],
  ["SELECT ^machinelearning_predict('m', 'r', *)", /calls Amazon Machine Learning/],
  ["SELECT encode(*, ^'hex')", /literal 'base64'/],
  ["SELECT decode(a, ^scheme)", /literal 'base64'/],
  ["SELECT decode(a, ^'proto', 'b')", /Protobuf/],
  ["SELECT abs(^*)", /`\*` is an item of SELECT/],
  ["SELECT a + ^* FROM 'x'", /`\*` is an item of SELECT/],
  ["SELECT * ^AS x", /takes no name/],
  ["SELECT *, ^*", /selected once/],
  ["SELECT VALUE a, ^b", /takes one item/],
  ["SELECT VALUE ^a AS b", /has no name/],
  ["SELECT abs(1 ^FROM 'x'", /`\)` of abs\(\)/],
  ["SELECT cast(a ^, Int)", /AS and a type/],
  ["SELECT cast(a AS ^Date)", /a type: Int/],
  ["SELECT CASE ^WHEN a = 1 THEN 2 END", /takes no conditions/],
  ["SELECT CASE a ^THEN 2 END", /WHEN/],
  ["SELECT CASE a WHEN 1 THEN 2 ^FROM 'x'", /END/],
  ["SELECT {^a: 1}", /key in quotes/],
  ["SELECT {'a' ^1}", /expected `:`/],
  ["SELECT [1 ^2]", /`\]`/],
  ["SELECT (a ^b)", /`\)`/],
  ["SELECT (SELECT a ^) AS b", /FROM with the array/],
  ["SELECT (SELECT a FROM ^get(b, 1))", /takes a path/],
  ["SET ^c = 1 SELECT 1", /name of a variable/],
  ["SET @c ^1 SELECT 1", /expected `=`/],
  ["SET @a = 1, ^@a = 2 SELECT 1", /assigned once/],
  ["SET @a = 1 ^FROM 'x'", /`,` or SELECT/],
  ["SET @a = ^@b, @b = 1 SELECT 1", /@b is not set/],
  ["SELECT ^@celsius FROM 'x'", /no variable is set/],
  ["SET @a = 1 SELECT 1 ^SET @b = 2", /SET stands before SELECT/],
  ["SET @m = 'enrichArray' SELECT transform(^@m, a, b)", /not a variable/],
  [`SELECT ^@${"a".repeat(65)}`, /1 to 64/],
  ["SELECT a FROM ^'a/#/b'", /`#` stands alone in the last level/],
  ["SELECT a FROM ^'a+/b'", /`\+` stands alone/],
  ["SELECT a FROM ^''", /not empty/],
  ["SELECT a FROM ^'1/2/3/4/5/6/7/8/9'", /at most 8 levels/],
  ["SELECT ^1E1000", /largest Decimal/],
  [`SELECT ${"(".repeat(200)}^1`, /nested more than 200 deep/],
];

describe("a statement that AWS would refuse", () => {
  for (const [marked, message] of statements) {
    it(`is refused where it is wrong: ${marked.slice(0, 60).replaceAll("\n", " ")}`, () => {
      const at = marked.indexOf("^");
      const before = marked.slice(0, at).split("\n");
      const error = refused(() => compileStatement(marked.replace("^", "")));
      expect(error.message).to.match(message);
      expect([error.line, error.column]).to.deep.equal([before.length, (before.at(-1) ?? "").length + 1]);
    });
  }

  it("is refused rather than exhausting the stack, and a long one is not", () => {
    for (const sql of [
      `SELECT ${"1+".repeat(50_000)}1`,
      `SELECT a${".b".repeat(50_000)}`,
      `SELECT ${"NOT ".repeat(50_000)}a`,
    ]) {
      expect(refused(() => compileStatement(sql))).to.be.instanceOf(IotSqlError);
    }
    const ids = Array.from({ length: 500 }, (_, id) => `building_id = ${id}`).join(" OR ");
    expect(compileExpression(ids).evaluate({ building_id: 499 })).to.equal(true);
  });
});

describe("an expression that cannot be one of a pipeline", () => {
  it("is refused where it reads the message, the clock or chance", () => {
    for (const call of ["topic()", "clientid()", "timestamp()", "rand()", "newuuid()", "encode(*, 'base64')"]) {
      const error = refused(() => compileExpression(`a = ${call}`));
      expect([error.line, error.column], call).to.deep.equal(call.startsWith("encode") ? [1, 12] : [1, 5]);
    }
  });

  it("is refused with a place when it does not parse", () => {
    const error = refused(() => compileExpression("building_id <>\n  AND meter = 1"));
    expect([error.line, error.column]).to.deep.equal([2, 3]);
    expect(refused(() => compileExpression("a = 1 FROM 'x'")).message).to.match(/end of the expression/);
    expect(refused(() => compileExpression("")).message).to.match(/expected an expression, found the end/);
  });
});

describe("a template that AWS would refuse", () => {
  it("is refused at the place in its text", () => {
    const places: [string, number, number][] = [
      ["a/${topic(1)", 1, 3],
      ["a/${tpoic(1)}", 1, 5],
      ["a/${}", 1, 5],
      ["a/${b c}", 1, 7],
      ["a\n/${@v}", 2, 4],
    ];
    for (const [text, line, column] of places) {
      const error = refused(() => compileTemplate(text));
      expect([error.line, error.column], text).to.deep.equal([line, column]);
    }
  });
});
