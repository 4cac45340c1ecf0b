import { expect } from "chai";
import { compileStatement } from "../index.ts";
import { message, output } from "./message.ts";

const sensors = {
  e: [
    { n: "temperature", u: "Cel", t: 1234, v: 22.5 },
    { n: "light", u: "lm", t: 1235, v: 135 },
    { n: "acidity", u: "pH", t: 1235, v: 7 },
  ],
};
const values = { attributes: { data1: 1, data2: 2 }, values: [{ a: 3 }, { b: 4 }, { c: 5 }] };
const nested = {
  data1: "example",
  data2: {
    a: "first attribute",
    b: "second attribute",
    c: [
      { x: { someInt: 5, someString: "hello" }, y: true },
      { x: { someInt: 10, someString: "world" }, y: false },
    ],
  },
};
const red = { color: "red", temperature: 50 };

/** Statements of the AWS IoT developer guide with their payload and result. */
const documented: [sql: string, payload: unknown, result: unknown][] = [
  [
    "SELECT color AS rgb FROM 'topic/subtopic' WHERE temperature > 50",
    { color: "red", temperature: 100 },
    { rgb: "red" },
  ],
  ["SELECT * FROM 'a/b'", red, red],
  ["SELECT color FROM 'a/b'", red, { color: "red" }],
  ["SELECT color AS my_color FROM 'a/b'", red, { my_color: "red" }],
  ["SELECT color as my_color, temperature as fahrenheit FROM 'a/b'", red, { my_color: "red", fahrenheit: 50 }],
  ["SELECT *, 15 as speed FROM 'a/b'", red, { ...red, speed: 15 }],
  ["SELECT VALUE color FROM 'a/b'", red, "red"],
  ["SELECT VALUE arr FROM 'a/b'", { arr: [1, 2, 3, 4] }, [1, 2, 3, 4]],
  ["SELECT color.red as red_value FROM 'a/b'", { color: { red: 255, green: 0, blue: 0 } }, { red_value: 255 }],
  [
    "SELECT (temperature - 32) * 5 / 9 AS celsius, upper(color) as my_color FROM 'a/b'",
    red,
    { celsius: 10, my_color: "RED" },
  ],
  ["SELECT foo.bar AS bar.baz FROM 'a/b'", { foo: { bar: 1 } }, { bar: { baz: 1 } }],
  [
    "SELECT (SELECT VALUE n FROM e) as sensors FROM 'my/topic'",
    sensors,
    { sensors: ["temperature", "light", "acidity"] },
  ],
  [
    "SELECT (SELECT v FROM e WHERE n = 'temperature') as temperature FROM 'my/topic'",
    sensors,
    { temperature: [{ v: 22.5 }] },
  ],
  [
    "SELECT get((SELECT v FROM e WHERE n = 'temperature'), 0).v as temperature FROM 'topic'",
    sensors,
    { temperature: 22.5 },
  ],
  [
    "SELECT {'latitude': get(lat_long, 0),'longitude':get(lat_long, 1)} as lat_long FROM 'topic/subtopic'",
    { lat_long: [47.606, -122.332] },
    { lat_long: { latitude: 47.606, longitude: -122.332 } },
  ],
  [
    "SELECT [lat,long] as lat_long FROM 'topic/subtopic'",
    { lat: 47.606, long: -122.332 },
    { lat_long: [47.606, -122.332] },
  ],
  [
    "SELECT CASE color WHEN 'green' THEN 'go' WHEN 'yellow' THEN 'caution' WHEN 'red' THEN 'stop' " +
      "ELSE 'you are not at a stop light' END as instructions FROM 'a/b'",
    { color: "yellow" },
    { instructions: "caution" },
  ],
  [
    `select value transform("enrichArray", attributes, values) from 'A/B'`,
    values,
    [
      { a: 3, data1: 1, data2: 2 },
      { b: 4, data1: 1, data2: 2 },
      { c: 5, data1: 1, data2: 2 },
    ],
  ],
  [
    `select value transform("enrichArray", {"key": attributes.data1}, values) from 'A/B'`,
    values,
    [
      { a: 3, key: 1 },
      { b: 4, key: 1 },
      { c: 5, key: 1 },
    ],
  ],
  [
    "select value transform('enrichArray', (select a, b from data2), (select value c from data2)) from 'A/B'",
    nested,
    nested.data2.c.map((element) => ({ ...element, a: "first attribute", b: "second attribute" })),
  ],
  [
    `SELECT decode(encoded_temp,"base64").temperature AS temp from 'topic/subtopic'`,
    { encoded_temp: "eyAidGVtcGVyYXR1cmUiOiAzMyB9Cg==" },
    { temp: 33 },
  ],
  [
    "SELECT temp, md5(deviceid) AS hashed_id FROM 'topic/#'",
    { deviceid: "iot123", temp: 54.98 },
    { temp: 54.98, hashed_id: "e37f81fb397e595c4aeb5645b8cbbbd1" },
  ],
];

describe("a statement", () => {
  for (const [sql, payload, result] of documented) {
    it(`of the documentation gives its result: ${sql}`, () => {
      expect(JSON.parse(output(sql, payload) ?? "")).to.deep.equal(result);
    });
  }

  it("runs no action unless WHERE is true: false, Null and Undefined do not count", () => {
    for (const where of ["false", "NULL", "missing", "1", "missing = 1", "color > 1"]) {
      expect(output(`SELECT * FROM 'a' WHERE ${where}`, red), where).to.equal(undefined);
    }
    expect(output("SELECT VALUE 1 FROM 'a' WHERE color = 'red'", red)).to.equal("1");
  });

  it("keeps the message whole by the default rule, be it an object, an array or no JSON", () => {
    const sql =
      "SELECT encode(*, 'base64') AS payload, topic() AS topic, clientid() AS client, timestamp() AS received " +
      "FROM 'metercast/dev/+/meter/steam'";
    for (const payload of ['{"a": 1}', "[1, 2]", "not JSON", "", Buffer.from([0xff, 0x00])]) {
      const { payload: encoded, ...rest } = JSON.parse(output(sql, payload, { clientId: "g1" }) ?? "") as {
        payload: string;
      };
      expect(Buffer.from(encoded, "base64")).to.deep.equal(Buffer.from(payload as string));
      expect(rest).to.deep.equal({
        topic: "metercast/dev/London/meter/steam",
        client: "g1",
        received: 1_700_000_000_000,
      });
    }
    expect(compileStatement(sql).shape).to.equal("whole");
    expect(compileStatement(sql).columns()).to.deep.equal(["payload", "topic", "client", "received"]);
  });

  it("hands on the bytes of a payload that is not JSON by a lone `*`, and none of them beside other items", () => {
    const bytes = Buffer.from([0xc3, 0x28, 0x00]);
    expect(compileStatement("SELECT * FROM 'a'").evaluate(message(bytes))).to.deep.equal(bytes);
    expect(
      compileStatement("SELECT * FROM 'a' WHERE timestamp() % 12 = 0").evaluate(message(bytes, { received: 24 })),
    ).to.deep.equal(bytes);
    expect(output("SELECT *, 1 AS x FROM 'a'", bytes)).to.equal('{"x":1}');
    expect(output("SELECT a FROM 'a'", bytes)).to.equal("{}");
    expect(output("SELECT * FROM 'a' WHERE device_type = 'thermostat'", bytes)).to.equal(undefined);
  });

  it("says whether arrays survive", () => {
    const shapes = [
      "*",
      "VALUE a",
      "encode(*, 'base64') AS p",
      "decode(encode(*, 'base64'), 'base64') AS p",
      "*, 1 AS x",
      "a, topic() AS t",
    ];
    expect(shapes.map((items) => compileStatement(`SELECT ${items} FROM 'a'`).shape)).to.deep.equal([
      "whole",
      "whole",
      "whole",
      "whole",
      "columns",
      "columns",
    ]);
    expect(output("SELECT building_id FROM 'a'", [{ building_id: 1 }])).to.equal("{}");
    expect(output("SELECT * FROM 'a'", [{ building_id: 1 }])).to.equal('[{"building_id":1}]');
  });

  it("names its columns", () => {
    expect(compileStatement("SELECT a, b.c, upper(d), e AS f.g, h AS f.i FROM 'x'").columns()).to.deep.equal([
      "a",
      "c",
      "upper",
      "f",
    ]);
    expect(compileStatement("SELECT *, 1 AS x FROM 'x'").columns()).to.equal(undefined);
    expect(compileStatement("SELECT VALUE a FROM 'x'").columns()).to.equal(undefined);
  });

  it("lets the last of two equal aliases win, and an alias over a payload's key", () => {
    expect(output("SELECT a AS x, b AS x", { a: 1, b: 2 })).to.equal('{"x":2}');
    expect(output("SELECT *, 2 AS a", { a: 1 })).to.equal('{"a":2}');
    expect(output("SELECT *, missing AS a", { a: 1 })).to.equal('{"a":1}');
    expect(output("SELECT *, 2 AS a.b.c", { a: { b: { d: 1 } } })).to.equal('{"a":{"b":{"d":1,"c":2}}}');
  });

  it("leaves Undefined out of objects and arrays, and is empty where all is Undefined", () => {
    expect(output("SELECT a, missing AS b", { a: null })).to.equal('{"a":null}');
    expect(output("SELECT VALUE [a, missing, 1]", { a: 2 })).to.equal("[2,1]");
    expect(output("SELECT VALUE {'a': missing}", {})).to.equal("{}");
    expect(output("SELECT VALUE missing", {})).to.equal("");
  });

  it("takes value for a key wherever it is no keyword", () => {
    expect(output("SELECT value FROM 'a'", { value: 3 })).to.equal('{"value":3}');
    expect(output("SELECT value AS v, value.x AS x FROM 'a'", { value: { x: 1 } })).to.equal('{"v":{"x":1},"x":1}');
    expect(output("SELECT VALUE value FROM 'a'", { value: 3 })).to.equal("3");
    expect(output("SELECT VALUE * FROM 'a'", [1])).to.equal("[1]");
    expect(output("SELECT VALUE -value FROM 'a'", { value: 3 })).to.equal("-3");
    expect(output("SELECT VALUE 'from' FROM 'a'", {})).to.equal('"from"');
    expect(output("SELECT value - 1 AS less FROM 'a'", { value: 3 })).to.equal('{"less":2}');
    expect(output("SELECT value - (1) , value FROM 'a'", { value: 3 })).to.equal('{"value - (1)":2,"value":3}');
    expect(output("SELECT VALUE (SELECT VALUE -v FROM a) FROM 'a'", { a: { v: 3 } })).to.equal("-3");
    expect(output("SELECT set FROM 'a'", { set: 1 })).to.equal('{"set":1}');
  });

  it("evaluates SET once, before all else, and later definitions see earlier ones", () => {
    const sql =
      "SET @c = (temp - 32) * 5 / 9, @big = @c > 20 SELECT @c AS celsius, (SELECT VALUE v * @c FROM e) AS s WHERE @big";
    expect(output(sql, { temp: 77, e: [{ v: 2 }] })).to.equal('{"celsius":25,"s":[50]}');
    expect(output(sql, { temp: 50 })).to.equal(undefined);
    expect(output("SET @d = a.b SELECT @d.c, @d", { a: { b: { c: 1 } } })).to.equal('{"c":1,"d":{"c":1}}');
  });

  it("resolves names of a nested SELECT against the element alone", () => {
    expect(output("SELECT (SELECT a, b FROM e) AS r", { b: 9, e: [{ a: 1 }, { a: 2, b: 3 }] })).to.equal(
      '{"r":[{"a":1},{"a":2,"b":3}]}',
    );
    expect(
      output("SELECT VALUE (SELECT VALUE (SELECT VALUE x FROM f) FROM e)", {
        e: [{ f: [{ x: 1 }] }, { f: [{ x: 2 }] }],
      }),
    ).to.equal("[[1],[2]]");
    expect(output("SELECT VALUE (SELECT * FROM e WHERE a > 1)", { e: [{ a: 1 }, { a: 2, b: 3 }] })).to.equal(
      '[{"a":2,"b":3}]',
    );
    expect(output("SELECT VALUE (SELECT a FROM e)", { e: 5 })).to.equal("");
    expect(output("SELECT (SELECT a FROM e) AS r, x", { x: 1, e: [{ a: 1 }] })).to.equal('{"r":[{"a":1}],"x":1}');
  });

  it("knows the message", () => {
    const sql =
      "SELECT topic(3) AS city, clientid() AS c, principal() AS p, accountid() AS a, traceid() AS t, sql_version() AS v";
    expect(
      JSON.parse(output(sql, {}, { clientId: "c1", principal: "p1", accountId: "1", traceId: "t1" }) ?? ""),
    ).to.deep.equal({
      city: "London",
      c: "c1",
      p: "p1",
      a: "1",
      t: "t1",
      v: "2016-03-23",
    });
    expect(output(sql, {}, { protocol: "http", traceId: "t1", clientId: "c1", accountId: "1" })).to.equal(
      '{"city":"London","c":"n/a","a":"1","v":"2016-03-23"}',
    );
    expect(output("SELECT topic(0) AS a, topic(9) AS b, topic('2') AS c", {})).to.equal('{"c":"dev"}');
    expect(
      output(
        "SELECT topic() AS t, topic(3) AS f",
        {},
        { topic: "Buildings/Building5/Floor2/Room201/Lights", basicIngestRule: "BuildingManager" },
      ),
    ).to.equal('{"t":"Buildings/Building5/Floor2/Room201/Lights","f":"Floor2"}');
  });

  it("gives the same uuid and random numbers for the same seed, and others for another", () => {
    const draw = (seed?: string) =>
      output("SELECT newuuid() AS a, newuuid() AS b, rand() AS c", {}, seed === undefined ? {} : { seed });
    expect(draw("s")).to.equal(draw("s"));
    expect(draw("s")).not.to.equal(draw("t"));
    expect(draw()).not.to.equal(draw());
    const { a, b, c } = JSON.parse(draw("s") ?? "") as { a: string; b: string; c: number };
    expect(a).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(a).not.to.equal(b);
    expect(c).to.be.within(0, 1);
  });

  it("calls functions of other services where they are given", () => {
    const statement = compileStatement(
      "SELECT get_dynamodb('t', 'k', id, 'r').x AS x, aws_lambda('f', *) AS y FROM 'a'",
      {
        functions: { get_dynamodb: (_table, _key, id) => ({ x: id }), aws_lambda: (_name, input) => input },
      },
    );
    expect(statement.evaluate(message({ id: 4 }))).to.equal('{"x":4,"y":{"id":4}}');
  });

  it("warns of what the documentation leaves open", () => {
    const { warnings } = compileStatement(
      "SELECT upper(a), b / 2 AS c, abs() AS d, regexp_matches(a, '(') AS e FROM 'x'",
    );
    expect(warnings.map(({ line, column }) => [line, column])).to.deep.equal([
      [1, 20],
      [1, 30],
      [1, 60],
      [1, 8],
    ]);
    expect(compileStatement("SELECT a, b / 2.5 AS c FROM 'x'").warnings).to.deep.equal([]);
  });
});

describe("a hostile payload", () => {
  const whole = compileStatement("SELECT * FROM 'a'");
  const column = compileStatement("SELECT a, __proto__ AS p, constructor AS c FROM 'a'");

  it("cannot reach a prototype", () => {
    expect(whole.evaluate(message('{"__proto__":{"a":1},"constructor":2}'))).to.equal(
      '{"__proto__":{"a":1},"constructor":2}',
    );
    expect(column.evaluate(message('{"__proto__":{"a":1}}'))).to.equal('{"p":{"a":1}}');
    expect(column.evaluate(message("{}"))).to.equal("{}");
    expect(output("SELECT *, 1 AS b", '{"__proto__":{"a":1}}')).to.equal('{"__proto__":{"a":1},"b":1}');
    expect(output("SELECT VALUE toString.name")).to.equal("");
    expect(output("SELECT VALUE get(a, 'hasOwnProperty')", { a: {} })).to.equal("");
    expect(output("SELECT VALUE n.e", '{"n":12345678901234567890}')).to.equal("");
  });

  it("has its last duplicate key win, with long numbers too", () => {
    expect(whole.evaluate(message('{"a":1,"a":2}'))).to.equal('{"a":2}');
    expect(whole.evaluate(message('{"a":1,"a":12345678901234567890}'))).to.equal('{"a":12345678901234567890}');
  });

  it("is not JSON when it is nested more than 1,000 deep", () => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const deep = open.repeat(10_000) + "1" + close.repeat(10_000);
      expect(whole.evaluate(message(deep))).to.deep.equal(Buffer.from(deep));
      expect(column.evaluate(message(deep))).to.equal("{}");
      const allowed = open.repeat(1000) + "1" + close.repeat(1000);
      expect(whole.evaluate(message(allowed))).to.equal(allowed);
    }
    const wide = `[${'{"a":"[["},'.repeat(2000)}1]`;
    expect(whole.evaluate(message(wide))).to.equal(wide);
  });

  it("that is no JSON gives Undefined for every name", () => {
    for (const payload of [
      "",
      " ",
      "{",
      "nul",
      "NaN",
      "{'a':1}",
      '\ufeff{"a":1}',
      Buffer.from([0x22, 0xff, 0x22]),
      '{"a":1}\0',
    ]) {
      expect(column.evaluate(message(payload)), String(payload)).to.equal("{}");
    }
  });

  it("keeps numbers of 34 digits, rounds longer ones to even, and has none beyond 9.99E999", () => {
    const text = (number: string) => output("SELECT a", `{"a":${number}}`);
    for (const number of [
      "1234567890123456789012345678901234",
      "-0.1234567890123456789012345678901234",
      "9007199254740993",
      "0.30000000000000004",
    ]) {
      expect(text(number)).to.equal(`{"a":${number}}`);
    }
    expect(text("10.0")).to.equal('{"a":10}');
    expect(text("1e2")).to.equal('{"a":100}');
    expect(text("1e33")).to.equal(`{"a":1${"0".repeat(33)}}`);
    expect(text("1E+400")).to.equal('{"a":1E400}');
    expect(text("12345678901234567890123456789012345")).to.equal('{"a":1.234567890123456789012345678901234E34}');
    expect(text("12345678901234567890123456789012355")).to.equal('{"a":1.234567890123456789012345678901236E34}');
    expect(text("1e1000")).to.equal("{}");
    expect(text("1e-1000")).to.equal('{"a":0}');
    expect(text("-0")).to.equal('{"a":0}');
    expect(output("SELECT VALUE *", "[1e1000, 1]")).to.equal("[1]");
    expect(output("SELECT VALUE *", '{"a":0.0000001234}')).to.equal('{"a":1.234E-7}');
    expect(output("SELECT VALUE a", '{"a":0.0000001234}')).to.equal("1.234E-7");
  });
});
