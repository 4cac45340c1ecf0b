import { fileURLToPath } from "node:url";
import { expect } from "chai";

import { checkEnvironment, EnvironmentError, formatProblem, loadEnvironment } from "../index.ts";
import { changed, problemAtMark, problemsOf, right } from "./build.ts";

describe("An environment file", () => {
  it("that is right has no problems", () => {
    expect(problemsOf(right)).to.deep.equal([]);
  });

  it("has all its problems reported at once, in the order of the file", () => {
    const faulty = `name: Test
regin: us-east-1
meterTypes:
  - type: steem
    unit: kWh
    sql: SELECT FROM 'x'
cities:
  - siteId: zero
    name: Jacksonville
    latitude: 100
    longitude: -81.66
    timeZone: America/NewYork
    meterTypes: [hotwater]
ingestion:
  bufferSeconds: 10
`;
    const found = problemsOf(faulty).map((problem) => problem.split(": ")[0]);
    expect(found).to.have.members([
      ...["1:1 region", "1:7 name", "2:1 regin", "4:11 meterTypes[0].type", "6:17 meterTypes[0].sql"],
      ...["8:5 cities[0].country", "8:13 cities[0].siteId", "10:15 cities[0].latitude", "12:15 cities[0].timeZone"],
      ...["13:18 cities[0].meterTypes[0]", "15:18 ingestion.bufferSeconds"],
    ]);
  });

  it("has each problem as file:line:column: path: message in the error's message", () => {
    const problem = {
      file: "a.yaml",
      line: 3,
      column: 5,
      path: "cities[0]",
      message: "is wrong",
      severity: "error",
    } as const;
    expect(new EnvironmentError([problem, { ...problem, line: 4, path: "", severity: "warning" }]).message).to.equal(
      "a.yaml:3:5: cities[0]: is wrong\na.yaml:4:5: warning: is wrong",
    );
    expect(formatProblem(problem)).to.equal("a.yaml:3:5: cities[0]: is wrong");
  });

  it("that does not exist is told with the files that do", () => {
    const folder = fileURLToPath(new URL("..", import.meta.url));
    expect(() => loadEnvironment(`${folder}dve.yaml`)).to.throw(
      EnvironmentError,
      /no such file; did you mean dev\.yaml\?/,
    );
    expect(() => loadEnvironment(`${folder}none/dev.yaml`)).to.throw(EnvironmentError, /no such file, nor the folder/);
  });

  it("that is a folder is told so", () => {
    const folder = fileURLToPath(new URL(".", import.meta.url));
    expect(() => loadEnvironment(folder)).to.throw(EnvironmentError, /this is a folder/);
  });
});

describe("The form of an environment file", () => {
  it("must not be empty", () => {
    for (const text of ["", "# only a comment\n", "---\n"]) {
      const [problem, ...others] = problemsOf(text);
      expect(problem).to.match(/^1:\d : the file is empty; an environment has name, region, meterTypes and cities$/);
      expect(others).to.deep.equal([]);
    }
  });

  it("must be a map", () => {
    for (const text of ["- name: dev\n", "dev\n", "42\n"]) {
      expect(problemsOf(text)[0]).to.match(/^1:1 : the file is not a map of keys and values/);
    }
  });

  it("must be valid YAML, and the place is told where it is not", () => {
    const { message } = problemAtMark(changed(right, "region: us-east-1", "region: ▸@east"));
    expect(message).to.match(/^not valid YAML: /);
    expect(problemsOf("name: 'dev\n")[0]).to.match(/^2:1 : not valid YAML: /);
    expect(problemsOf("name: dev\n\tregion: x\n")[0]).to.match(/^2:\d : /);
  });

  it("has each key once; the rest of the file is checked all the same", () => {
    const twice = changed(right, "region: us-east-1", "region: us-east-1\nname: other\nprotect: 1");
    expect(problemsOf(twice)).to.deep.equal([
      "3:1 : name stands twice in this map; keep one",
      "4:10 protect: must be true or false, not the number 1",
    ]);
  });

  it("is one document", () => {
    expect(problemAtMark(`${right}▸---\nname: b\n`).message).to.contain("an environment file has one");
  });

  it("may use aliases and merge keys, and a problem is shown where the text stands", () => {
    const shared = `${changed(right, "cities:\n  - siteId: 0", "cities:\n  - &first\n    siteId: 0")}  - <<: *first
    siteId: 20
    name: Other
`;
    expect(problemsOf(shared)).to.deep.equal([]);
    const { path } = problemAtMark(changed(shared, "30.33", "▸95"));
    expect(path).to.equal("cities[0].latitude");
  });

  it("has no alias without its anchor", () => {
    const { message } = problemAtMark(changed(right, "unit: kWh\n  - type: steam", "unit: ▸*unit\n  - type: steam"));
    expect(message).to.equal("no anchor &unit stands before the alias *unit");
  });

  it("merges nothing but maps, and has keys of text", () => {
    expect(problemAtMark(changed(right, "    country: IE", "    ▸<<: all\n    country: IE")).message).to.equal(
      "<< merges a map, an alias of a map, or a list of these",
    );
    expect(problemAtMark(`${right}▸[a]: b\n`).message).to.equal("a key must be text, not a map, a list or an alias");
  });

  it("is refused when its aliases make it endless or huge", () => {
    expect(problemsOf(`${right}tags: &tags { more: *tags }\n`)).to.have.length(1);
    const levels = Array.from({ length: 12 }, (_, level) => {
      const aliases = Array.from({ length: 9 }, () => (level === 0 ? "x" : `*l${level - 1}`)).join(", ");
      return `l${level}: &l${level} [${aliases}]\n`;
    });
    expect(problemsOf(levels.join("")).at(0)).to.match(/^1:1 : not usable YAML: Excessive alias count/);
  });

  it("may have Windows line ends and a byte order mark", () => {
    expect(problemsOf(right.replaceAll("\n", "\r\n"))).to.deep.equal([]);
    expect(problemsOf(`\uFEFF${right}`)).to.deep.equal([]);
  });
});

describe("A key of an environment file", () => {
  it("that is unknown is shown at the key, with the nearest name and all that are allowed", () => {
    const { path, message } = problemAtMark(
      changed(right, "    longitude: -6.26", "    longitude: -6.26\n    ▸lable: Dublin"),
    );
    expect(path).to.equal("cities[1].lable");
    expect(message).to.match(
      /^there is no such key; did you mean label\?; allowed here: siteId, name, label, country,/,
    );
  });

  it("that is like no other is shown without a guess", () => {
    const { message } = problemAtMark(`${right}▸colours: red\n`);
    expect(message).to.match(/^there is no such key; allowed here: name, region, protect, tags/);
  });

  it("that is missing is shown at the map that lacks it, with what it takes", () => {
    const { path, message } = problemAtMark(changed(right, "siteId: 12\n    name", "▸name"));
    expect(path).to.equal("cities[1].siteId");
    expect(message).to.equal("is missing: a whole number from 0 to 1000000");
  });

  it("without a value is shown at the key", () => {
    const { path, message } = problemAtMark(`${right}▸weather:\n`);
    expect(path).to.equal("weather");
    expect(message).to.equal("must be a map, not nothing");
  });
});

describe("A value of an environment file", () => {
  const cases: [title: string, old: string, by: string, message: string | RegExp][] = [
    ["text where a number belongs", "30.33", "▸north", 'must be a number from -90 to 90, not the text "north"'],
    ["a number where text belongs", "name: Dublin", "name: ▸12", "must be text, not the number 12; write it in quotes"],
    ["a list where a map belongs", "siteId: 12", "siteId: 12\n    buildings: ▸[1, 2]", "must be a map, not a list"],
    [
      "a fraction of a whole number",
      "siteId: 12",
      "siteId: ▸12.5",
      "must be a whole number from 0 to 1000000, not the number 12.5",
    ],
    ["a latitude out of range", "53.35", "▸-90.1", "must be a number from -90 to 90, not -90.1"],
    ["a longitude out of range", "-6.26", "▸180.5", "must be a number from -180 to 180, not 180.5"],
    [
      "an unknown meter type",
      "type: steam",
      "type: ▸chiledwater",
      'must be one of electricity, chilledwater, steam, hotwater, not "chiledwater"; did you mean chilledwater?',
    ],
    [
      "an unknown meter clock",
      "siteId: 12",
      "siteId: 12\n    meterClock: ▸utc",
      'must be one of local, UTC, not "utc"; did you mean UTC?',
    ],
    [
      "an unknown time zone",
      "Europe/Dublin",
      "▸Europe/Dubln",
      'must be an IANA time zone, such as America/New_York, not "Europe/Dubln"; did you mean Europe/Dublin?',
    ],
    [
      "a time zone in lower case",
      "Europe/Dublin",
      "▸europe/dublin",
      'must be written Europe/Dublin, not "europe/dublin"',
    ],
    ["an offset as time zone", "Europe/Dublin", '▸"+01:00"', /must be an IANA time zone/],
    ["a country in lower case", "IE", "▸ie", /two capital letters.*did you mean IE\?/],
    ["a country by an alias", "IE", "▸UK", 'must be an ISO 3166-1 code, not "UK"; did you mean GB?'],
    ["a country that does not exist", "IE", "▸XQ", /there is no country "XQ"/],
    [
      "a subdivision that its country lacks",
      "country: IE",
      "country: GB\n    subdivision: ▸EN",
      /know no subdivision EN: one of .*ENG.*; did you mean ENG\?/,
    ],
    ["a city name with a space", "name: Dublin", "name: ▸Baile Cliath", /must be letters, digits and hyphens only/],
    ["a city name that is empty", "name: Dublin", 'name: ▸""', /must be letters, digits and hyphens only/],
    [
      "an environment name with capitals",
      "name: test",
      "name: ▸Test",
      /must be lower-case letters, digits and single hyphens/,
    ],
    ["an environment name with two hyphens in a row", "name: test", "name: ▸te--st", /single hyphens/],
    [
      "an environment name that makes a bucket's too long",
      "name: test",
      `name: ▸${"t".repeat(26)}`,
      /must be at most 25 characters/,
    ],
    [
      "a region that does not exist",
      "us-east-1",
      "▸us-eats-1",
      /^must be one of us-east-1, us-east-2, .*, not "us-eats-1"; did you mean us-east-1\?$/,
    ],
    ["a list without entries", "country: IE", "country: IE\n    meterTypes: ▸[]", "must have at least 1 entry"],
    [
      "no building at all",
      "siteId: 12",
      "siteId: 12\n    buildings: { firstId: 3000, count: ▸0 }",
      "must be a whole number from 1 to 100000, not 0",
    ],
  ];
  for (const [title, old, by, message] of cases) {
    it(`is refused: ${title}`, () => {
      const problem = problemAtMark(changed(right, old, by));
      expect(problem.severity).to.equal("error");
      if (typeof message === "string") expect(problem.message).to.equal(message);
      else expect(problem.message).to.match(message);
    });
  }

  const ofIngestion: [entry: string, message: string | RegExp][] = [
    ["bufferSeconds: ▸59", "must be a whole number from 60 to 900, not 59"],
    ["bufferSeconds: ▸901", "must be a whole number from 60 to 900, not 901"],
    ["bufferMegabytes: ▸63", "must be a whole number from 64 to 128, not 63"],
    ["bufferMegabytes: ▸129", "must be a whole number from 64 to 128, not 129"],
    ["rawRetentionDays: ▸0", "must be a whole number from 1 to 3650, not 0"],
    ["logRetentionDays: ▸31", /^must be one of 1, 3, 5, 7, 14, 30, .*, not 31; the nearest is 30$/],
    ["acceptAhead: ▸1 day", "must be a duration: a whole number and s, m, h or d, such as 24h or 90m"],
    ["acceptAhead: ▸24", "must be text, not the number 24; write it in quotes"],
    ["acceptAhead: ▸9999d", "must be at most 3650d"],
    ["acceptFrom: ▸2000-01-01T00:00", /must be a date and time with its zone/],
    ["acceptFrom: ▸2001-02-29T00:00Z", /that month has no such day/],
  ];
  for (const [entry, message] of ofIngestion) {
    it(`is refused: ingestion with ${entry.replace("▸", "")}`, () => {
      const problem = problemAtMark(`${right}ingestion:\n  ${entry}\n`);
      if (typeof message === "string") expect(problem.message).to.equal(message);
      else expect(problem.message).to.match(message);
    });
  }

  it("may be at either end of its range", () => {
    const ends = `${right}ingestion: { bufferSeconds: 900, bufferMegabytes: 128, logRetentionDays: 3653, acceptAhead: 0s }\n`;
    expect(problemsOf(changed(ends, "53.35", "-90"))).to.deep.equal([]);
  });

  it("must be a tag that AWS takes", () => {
    expect(problemAtMark(`${right}tags: { ▸aws:owner: me }\n`).message).to.match(/must be a tag key/);
    expect(problemAtMark(`${right}tags: { owner: ▸"a|b" }\n`).message).to.match(/must be a tag value/);
    expect(problemsOf(`${right}tags: { cost center: "42", owner: "" }\n`)).to.deep.equal([]);
  });

  it("is doubted, not refused, when it is a country without a calendar of holidays", () => {
    const country = problemAtMark(changed(right, "IE", "▸NP"));
    expect(country).to.include({ severity: "warning", path: "cities[1].country" });
    const { environment } = checkEnvironment(changed(right, "IE", "NP"), "test.yaml");
    expect(environment?.cities[1]?.country).to.equal("NP");
  });
});

describe("The cities of an environment file", () => {
  it("have names and site ids of their own", () => {
    expect(problemAtMark(changed(right, "name: Dublin", "name: ▸Jacksonville")).message).to.equal(
      "the name Jacksonville is taken by cities[0].name; each must be unique",
    );
    expect(
      problemAtMark(changed(right, "siteId: 12", "buildings: { firstId: 9000, count: 1 }\n    siteId: ▸0")).message,
    ).to.equal("the site id 0 is taken by cities[0].siteId; each must be unique");
  });

  it("name meter types that the environment has, each once", () => {
    const { path, message } = problemAtMark(
      changed(right, "country: IE", "country: IE\n    meterTypes: [steam, ▸hotwater]"),
    );
    expect(path).to.equal("cities[1].meterTypes[1]");
    expect(message).to.contain("the environment has no meter type hotwater, only electricity, steam");
    const twice = problemAtMark(changed(right, "country: IE", "country: IE\n    meterTypes: [steam, ▸steam]"));
    expect(twice.message).to.equal("steam stands twice in this list; keep one");
  });

  it("share no building", () => {
    const { path, message } = problemAtMark(
      changed(right, "siteId: 12", "siteId: 12\n    buildings: ▸{ firstId: 100, count: 10 }"),
    );
    expect(path).to.equal("cities[1].buildings");
    expect(message).to.equal("buildings 100 to 109 share ids 100 to 104 with cities[0]; a building is in one city");
  });

  it("are those of other meter types only once per environment", () => {
    expect(problemAtMark(changed(right, "type: steam", "type: ▸electricity")).message).to.equal(
      "the meter type electricity is taken by meterTypes[0].type; each must be unique",
    );
  });
});
