import { expect } from "chai";

import { activityKinds, availableActivities } from "../activities.ts";
import { changed, environmentOf, problemAtMark, problemsOf, right } from "./build.ts";

const steam = "  - type: steam\n    unit: kWh\n";

/** The right environment with activities for steam, a line of YAML each. */
const withActivities = (...lines: string[]) =>
  changed(right, steam, `${steam}    activities:\n${lines.map((line) => `      ${line}\n`).join("")}`);

const withWeather = (...lines: string[]) =>
  `${right}weather:\n  activities:\n${lines.map((line) => `    ${line}\n`).join("")}`;

const withSteamSql = (sql: string) => changed(right, steam, `${steam}    sql: ${sql}\n`);

describe("The SQL of an environment file", () => {
  it("is shown where it does not parse, within its line", () => {
    const { path, message, severity } = problemAtMark(withSteamSql("SELECT ▸FROM 'x'"));
    expect({ path, severity }).to.deep.equal({ path: "meterTypes[1].sql", severity: "error" });
    expect(message).to.match(/^the SQL is not valid: /);
  });

  it("is shown where it does not parse, within a block of several lines", () => {
    const block = "|\n      SELECT *\n      FROM 'x'\n      WHERE a > ▸> 1";
    expect(problemAtMark(withSteamSql(block)).message).to.match(/^the SQL is not valid: /);
    const folded = ">-\n      SELECT *\n      FROM 'x'\n      WHERE a > ▸> 1";
    expect(problemAtMark(withSteamSql(folded)).message).to.match(/^the SQL is not valid: /);
  });

  it("is shown where it does not parse, within quotes", () => {
    expect(problemAtMark(withSteamSql("'SELECT * FROM ''x'' WHERE a > ▸> 1'")).message).to.match(/not valid/);
    expect(problemAtMark(withSteamSql(`"SELECT * FROM 'x' WHERE b = \\"c\\" AND a > ▸> 1"`)).message).to.match(
      /not valid/,
    );
  });

  it("has a topic filter that AWS takes", () => {
    const [problem, ...others] = problemsOf(withSteamSql("SELECT * FROM 'a/#/b'"));
    expect(problem).to.match(/^8:\d+ meterTypes\[1\]\.sql: .*#/);
    expect(others).to.deep.equal([]);
  });

  it("matches no topic that another rule matches", () => {
    const { path, message } = problemAtMark(withSteamSql("▸SELECT * FROM 'metercast/test/+/meter/#'"));
    expect(path).to.equal("meterTypes[1].sql");
    expect(message).to.equal(
      "a topic can match both 'metercast/test/+/meter/#' and 'metercast/test/+/meter/electricity', the default rule of meterTypes[0]; each message must have one rule",
    );
    const weather = problemAtMark(`${right}weather: { sql: ▸"SELECT * FROM 'metercast/test/Dublin/#'" }\n`);
    expect(weather.message).to.contain("a topic can match both");
    expect(problemsOf(withSteamSql("SELECT * FROM 'steam/+'"))).to.deep.equal([]);
  });

  it("is warned of when it takes single messages only", () => {
    const sql = "SELECT building_id, meter, timestamp, meter_reading FROM 'steam'";
    const { message, severity } = problemAtMark(withSteamSql(`▸${sql}`));
    expect(severity).to.equal("warning");
    expect(message).to.contain("a SELECT of columns takes single messages only");
    expect(environmentOf(withSteamSql(sql)).meterTypes[1]?.sql).to.equal(sql);
  });

  it("is warned of when it leaves out what a reading is stored by", () => {
    expect(problemsOf(withSteamSql("SELECT building_id, meter, meter_reading FROM 'steam'"))[1]).to.equal(
      "8:10 warning meterTypes[1].sql: the SELECT has no timestamp: messages without are rejected",
    );
  });

  it("stands either with the meter types or in ingestion.rules", () => {
    const rules = "ingestion: { rules: [{ name: all, sql: \"SELECT * FROM 'all'\" }] }\n";
    const both = changed(right, steam, `${steam}    ▸sql: SELECT * FROM 'steam'\n`) + rules;
    expect(problemAtMark(both).message).to.equal(
      "ingestion.rules replaces the rules of the meter types; remove this SQL or ingestion.rules",
    );
  });

  it("has rules with names of their own, of letters, digits and _", () => {
    const rules = (first: string, second: string) =>
      `${right}ingestion:\n  rules:\n    - { name: ${first}, sql: SELECT * FROM 'a' }\n    - { name: ${second}, sql: SELECT * FROM 'b' }\n`;
    expect(problemsOf(rules("a", "b"))).to.deep.equal([]);
    expect(problemAtMark(rules("a", "▸a")).message).to.equal(
      "the rule name a is taken by ingestion.rules[0].name; each must be unique",
    );
    expect(problemAtMark(rules("a", "▸jh-data")).message).to.match(/must be letters, digits and _ only/);
    expect(problemAtMark(rules("a", "▸weather")).message).to.match(/weather is the name of the weather rule/);
  });
});

describe("An activity", () => {
  it("of each available kind has a name made from its text, or its own", () => {
    const text = withActivities(
      "- filter: building_id <> 1099",
      "- { filter: meter_reading > 0, name: positive }",
      "- { math: meter_reading * 3.412, attribute: kbtu }",
      "- addAttributes: { floor: storey }",
      "- removeAttributes: [floor, note]",
      "- selectAttributes: [building_id, meter, timestamp, meter_reading, kbtu]",
    );
    expect(environmentOf(text).meterTypes[1]?.activities).to.deep.equal([
      { name: "filter: building_id <> 1099", kind: "filter", filter: "building_id <> 1099" },
      { name: "positive", kind: "filter", filter: "meter_reading > 0" },
      { name: "math: kbtu = meter_reading * 3.412", kind: "math", attribute: "kbtu", math: "meter_reading * 3.412" },
      { name: "addAttributes: floor as storey", kind: "addAttributes", attributes: { floor: "storey" } },
      { name: "removeAttributes: floor, note", kind: "removeAttributes", attributes: ["floor", "note"] },
      {
        name: "selectAttributes: building_id, meter, timestamp, meter_reading, kbtu",
        kind: "selectAttributes",
        attributes: ["building_id", "meter", "timestamp", "meter_reading", "kbtu"],
      },
    ]);
  });

  it("is one of IoT Analytics' ten, and those that are no activity here say what to do instead", () => {
    expect(Object.keys(activityKinds)).to.have.members([
      ...["channel", "lambda", "addAttributes", "removeAttributes", "selectAttributes"],
      ...["filter", "math", "datastore", "deviceRegistryEnrich", "deviceShadowEnrich"],
    ]);
    expect(availableActivities).to.have.members([
      ...["filter", "math", "addAttributes", "removeAttributes", "selectAttributes", "lambda"],
    ]);
    const answers = Object.keys(activityKinds)
      .filter((kind) => !availableActivities.includes(kind))
      .map((kind) => problemAtMark(withActivities(`- ▸${kind}: something`)).message);
    expect(answers).to.have.length(4);
    expect(new Set(answers).size).to.equal(4);
    for (const answer of answers) expect(answer).to.match(/; (remove|join|publish)|publish the attribute/);
  });

  it("whose filter or math does not parse is shown within the expression", () => {
    expect(problemAtMark(withActivities("- filter: building_id <> ▸> 1")).message).to.match(
      /^the filter is not valid: /,
    );
    expect(problemAtMark(withActivities("- { attribute: kbtu, math: meter_reading * ▸* 2 }")).message).to.match(
      /^the math is not valid: /,
    );
  });

  it("that reads an attribute one slip away from one that messages have is warned of", () => {
    const { message, severity } = problemAtMark(withActivities("- filter: ▸bulding_id <> 1099"));
    expect(severity).to.equal("warning");
    expect(message).to.contain("did you mean building_id?");
    expect(problemsOf(withActivities("- filter: floor_level > 2"))).to.deep.equal([]);
  });

  const faults: [line: string, message: string | RegExp][] = [
    ["- ▸filtr: meter_reading > 0", /^there is no such activity; did you mean filter\?; an activity is one of /],
    ["- ▸name: nothing", /^says no kind of activity: an activity is one of /],
    ["- ▸drop everything", /^must be a map, not the text "drop everything": an activity is one of /],
    [
      "- ▸{ filter: meter_reading > 0, math: 1, attribute: a }",
      "is filter and math in one; make each an entry of its own",
    ],
    ["- ▸math: meter_reading * 2", "is missing: text"],
    ["- filter: ▸{ name: a, filter: b, next: c }", "must be text, not a map"],
    ["- filter: ▸''", "must not be empty"],
    ["- { filter: meter_reading > 0, ▸next: store }", "there is no such key; allowed here: filter, name"],
    ["- { math: 1 + 1, attribute: ▸Two }", /^must be a column name/],
    ["- { math: 1 + 1, attribute: ▸record_id }", /^record_id is set by the pipeline itself/],
    ["- addAttributes: { floor: ▸city }", /^city is set by the pipeline itself/],
    ["- addAttributes: { floor: ▸2 }", "must be text, not the number 2; write it in quotes"],
    ["- addAttributes: ▸{}", /^must name at least one attribute/],
    [
      "- removeAttributes: [note, ▸building_id]",
      /^building_id must stay: a message is stored by building_id, meter, timestamp, meter_reading$/,
    ],
    ["- removeAttributes: [▸meter_reading]", /^meter_reading must stay/],
    ["- removeAttributes: ▸note", 'must be a list, not the text "note"'],
    ["- selectAttributes: ▸[building_id, timestamp]", /^leaves out meter, meter_reading: /],
  ];
  for (const [line, message] of faults) {
    it(`is refused: ${line.replace("▸", "")}`, () => {
      const problem = problemAtMark(withActivities(line));
      expect(problem.path).to.match(/^meterTypes\[1\]\.activities\[0\]/);
      if (typeof message === "string") expect(problem.message).to.equal(message);
      else expect(problem.message).to.match(message);
    });
  }

  it("of weather keeps the site and the time, and may drop measurements", () => {
    expect(
      problemsOf(withWeather("- removeAttributes: [cloud_coverage]", "- filter: air_temperature > -60")),
    ).to.deep.equal([]);
    expect(problemAtMark(withWeather("- removeAttributes: [▸site_id]")).message).to.match(/^site_id must stay/);
    expect(problemAtMark(withWeather("- { math: 1 + 1, attribute: ▸is_holiday }")).message).to.match(
      /set by the pipeline/,
    );
  });
});
