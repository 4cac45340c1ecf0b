import { expect } from "chai";

import { durationMilliseconds, publishTopics, topicRules } from "../index.ts";
import { changed, environmentOf, right } from "./build.ts";

const rulesEntry = (sql: string) => `${right}ingestion: { rules: [{ name: all, sql: "${sql}" }] }\n`;

describe("The topic rules of an environment", () => {
  it("are one per meter type and one for weather, which keep each message whole", () => {
    expect(topicRules(environmentOf(changed(right, "name: test", "name: test-2")))).to.deep.equal([
      {
        name: "metercast_test_2_electricity",
        kind: "meter",
        meterType: "electricity",
        sql: "SELECT encode(*, 'base64') AS payload, topic() AS topic, clientid() AS client, timestamp() AS received FROM 'metercast/test-2/+/meter/electricity'",
      },
      {
        name: "metercast_test_2_steam",
        kind: "meter",
        meterType: "steam",
        sql: "SELECT encode(*, 'base64') AS payload, topic() AS topic, clientid() AS client, timestamp() AS received FROM 'metercast/test-2/+/meter/steam'",
      },
      {
        name: "metercast_test_2_weather",
        kind: "weather",
        sql: "SELECT encode(*, 'base64') AS payload, topic() AS topic, clientid() AS client, timestamp() AS received FROM 'metercast/test-2/+/weather'",
      },
    ]);
  });

  it("are those of ingestion.rules in place of the meter types'", () => {
    const rules = topicRules(environmentOf(rulesEntry("SELECT * FROM 'all/+'")));
    expect(rules.map(({ name, kind, meterType }) => [name, kind, meterType])).to.deep.equal([
      ["metercast_test_all", "meter", undefined],
      ["metercast_test_weather", "weather", undefined],
    ]);
  });
});

describe("The topics that a publisher sends to", () => {
  it("have the city to be filled in, for the meter types that the environment has", () => {
    expect(publishTopics(environmentOf(right))).to.deep.equal({
      meters: {
        electricity: "metercast/test/{city}/meter/electricity",
        chilledwater: undefined,
        steam: "metercast/test/{city}/meter/steam",
        hotwater: undefined,
      },
      weather: "metercast/test/{city}/weather",
    });
  });

  const topics: [filter: string, topic: string | undefined][] = [
    ["all", "all"],
    ["metercast/test/+/meter/+", "metercast/test/{city}/meter/{type}"],
    ["from/+", "from/{city}"],
    ["from/+/+", undefined],
    ["from/#", undefined],
  ];
  for (const [filter, topic] of topics) {
    it(`are ${topic ?? "none"} where the rule's filter is ${filter}`, () => {
      expect(publishTopics(environmentOf(rulesEntry(`SELECT * FROM '${filter}'`))).meters.steam).to.equal(topic);
    });
  }

  it("name the rule where its statement has no FROM", () => {
    expect(publishTopics(environmentOf(rulesEntry("SELECT *"))).meters.steam).to.equal("$aws/rules/metercast_test_all");
  });

  it("are each meter type's own where several rules take the place of one per type", () => {
    const rules = ["one/rest", "one/steam"].map(
      (filter, index) => `{ name: r${index}, sql: "SELECT * FROM '${filter}'" }`,
    );
    const { meters } = publishTopics(environmentOf(`${right}ingestion: { rules: [${rules.join(", ")}] }\n`));
    expect(meters).to.include({ electricity: "one/rest", steam: "one/steam" });
  });
});

describe("The defaults of an environment", () => {
  const environment = environmentOf(right);

  it("are those that the schema tells", () => {
    expect(environment).to.deep.include({ protect: false, tags: {}, weather: { activities: [] } });
    expect(environment.ingestion).to.deep.equal({
      rawRetentionDays: 14,
      bufferSeconds: 60,
      bufferMegabytes: 64,
      logRetentionDays: 30,
      acceptFrom: "2000-01-01T00:00Z",
      acceptAhead: "24h",
    });
  });

  it("give a city its name as label, all meter types, a local meter clock and the buildings of its ASHRAE site", () => {
    expect(environment.cities[1]).to.deep.include({
      label: "Dublin",
      meterClock: "local",
      meterTypes: ["electricity", "steam"],
      buildings: { firstId: 1033, count: 36 },
    });
  });

  it("give a new site buildings that no other has", () => {
    const newSite = environmentOf(changed(right, "siteId: 12", "siteId: 16"));
    expect(newSite.cities[1]?.buildings).to.deep.equal({ firstId: 16_000, count: 20 });
  });
});

describe("A duration", () => {
  it("is a whole number of seconds, minutes, hours or days", () => {
    expect(["45s", "90m", "24h", "2d", "0s"].map(durationMilliseconds)).to.deep.equal([
      45_000, 5_400_000, 86_400_000, 172_800_000, 0,
    ]);
  });

  it("is nothing else", () => {
    for (const text of ["", "24", "1.5h", "-1h", "1h30m", "1w", "24 h"]) {
      expect(() => durationMilliseconds(text), text).to.throw(RangeError, "is not a duration");
    }
  });
});
