import { expect } from "chai";
import fc from "fast-check";
import { checkTopicFilter, compileStatement, filtersOverlap, topicMatchesFilter } from "../index.ts";

const matches: [filter: string, topics: string[], others: string[]][] = [
  ["a/b", ["a/b"], ["a", "a/b/", "a/B", "/a/b", "a/bc"]],
  ["a/+", ["a/b", "a/"], ["a", "a/b/c", "a/b/"]],
  ["+/b", ["a/b", "/b"], ["b", "a/b/c", "$a/b"]],
  ["a/+/c", ["a/b/c", "a//c"], ["a/c", "a/b/d", "a/b/c/d"]],
  ["sensor/#", ["sensor/", "sensor/a", "sensor/a/b"], ["sensor", "sensors/a"]],
  ["#", ["a", "a/b", "/"], ["$aws/x", "$SYS"]],
  ["+", ["a"], ["a/b", "/", "$a"]],
  ["$aws/things/+/shadow/#", ["$aws/things/t/shadow/update"], ["$aws/things/t/shadow", "aws/things/t/shadow/x"]],
  ["+/+/#", ["a/b/c", "//"], ["a/b", "a"]],
];

describe("a topic filter", () => {
  for (const [filter, topics, others] of matches) {
    it(`${filter} takes its topics and no others`, () => {
      for (const topic of topics) expect(topicMatchesFilter(filter, topic), topic).to.equal(true);
      for (const topic of others) expect(topicMatchesFilter(filter, topic), topic).to.equal(false);
    });
  }

  it("of FROM decides which topics a statement takes; without FROM it takes none", () => {
    const statement = compileStatement("SELECT * FROM 'metercast/dev/+/weather'");
    expect(statement.topicFilter).to.equal("metercast/dev/+/weather");
    expect(statement.matchesTopic("metercast/dev/London/weather")).to.equal(true);
    expect(statement.matchesTopic("metercast/dev/weather")).to.equal(false);
    expect(compileStatement("SELECT *").matchesTopic("a")).to.equal(false);
  });

  it("is checked for wildcards, levels and bytes", () => {
    for (const filter of ["#", "a/#", "+/a/+", "/", "a//b", "1/2/3/4/5/6/7/8", "é".repeat(128)]) {
      expect(checkTopicFilter(filter), filter).to.equal(undefined);
    }
    for (const filter of ["", "#/a", "a/b#", "a+/b", "1/2/3/4/5/6/7/8/9", "é".repeat(129), "a\0"]) {
      expect(checkTopicFilter(filter), filter).to.be.a("string");
    }
  });
});

describe("two topic filters", () => {
  const level = fc.constantFrom("a", "b", "");
  const topics = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join("/") || "a");
  const filters = fc
    .tuple(fc.array(fc.oneof(level, fc.constant("+")), { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([levels, open]) => [...levels, ...(open ? ["#"] : [])].join("/") || "a");

  it("overlap in the same way from both sides, and with themselves", () => {
    fc.assert(
      fc.property(filters, filters, (a, b) => {
        expect(filtersOverlap(a, b)).to.equal(filtersOverlap(b, a));
        expect(filtersOverlap(a, a)).to.equal(true);
      }),
    );
  });

  it("overlap exactly if some topic matches both", () => {
    const all = allTopics(["a", "b", ""], 6);
    fc.assert(
      fc.property(filters, filters, (a, b) => {
        const both = all.some((topic) => topicMatchesFilter(a, topic) && topicMatchesFilter(b, topic));
        expect(filtersOverlap(a, b)).to.equal(both);
      }),
      { numRuns: 200 },
    );
  });

  it("match a topic as their expressions do", () => {
    fc.assert(
      fc.property(filters, topics, (filter, topic) => {
        const source = filter.replaceAll("+", "[^/]*").replace(/#$/, ".*");
        expect(topicMatchesFilter(filter, topic)).to.equal(new RegExp(`^${source}$`).test(topic));
      }),
      { numRuns: 500 },
    );
  });

  it("do not overlap where one begins with a wildcard and the other with $", () => {
    expect(filtersOverlap("#", "$aws/x")).to.equal(false);
    expect(filtersOverlap("+/x", "$aws/x")).to.equal(false);
    expect(filtersOverlap("$aws/+", "$aws/x")).to.equal(true);
  });
});

/** Every topic of up to so many levels but the empty one. */
function allTopics(levels: string[], most: number): string[] {
  let longest = levels;
  const topics = [...levels];
  for (let count = 1; count < most; count++) {
    longest = longest.flatMap((topic) => levels.map((level) => `${topic}/${level}`));
    topics.push(...longest);
  }
  return topics.filter(Boolean);
}
