import { expect } from "chai";
import { holidayTable, publicHolidays } from "../holidays.ts";

/** Public holidays by calendar and year, month and day: as the Python package `holidays` 0.109 has them. */
const reference: Record<string, Record<number, string>> = {
  "US": {
    2016: "01-01 01-18 02-15 05-30 07-04 09-05 10-10 11-11 11-24 12-25 12-26",
    2017: "01-01 01-02 01-16 02-20 05-29 07-04 09-04 10-09 11-10 11-11 11-23 12-25",
    2018: "01-01 01-15 02-19 05-28 07-04 09-03 10-08 11-11 11-12 11-22 12-25",
    2019: "01-01 01-21 02-18 05-27 07-04 09-02 10-14 11-11 11-28 12-25",
    2020: "01-01 01-20 02-17 05-25 07-03 07-04 09-07 10-12 11-11 11-26 12-25",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25",
  },
  "GB-ENG": {
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-25 12-26 12-27",
    2017: "01-01 01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-26 12-28",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28",
  },
  "IE": {
    2016: "01-01 03-17 03-28 05-02 06-06 08-01 10-31 12-25 12-26",
    2017: "01-01 03-17 04-17 05-01 06-05 08-07 10-30 12-25 12-26",
    2018: "01-01 03-17 04-02 05-07 06-04 08-06 10-29 12-25 12-26",
    2019: "01-01 03-17 04-22 05-06 06-03 08-05 10-28 12-25 12-26",
    2020: "01-01 03-17 04-13 05-04 06-01 08-03 10-26 12-25 12-26",
    2026: "01-01 02-02 03-17 04-06 05-04 06-01 08-03 10-26 12-25 12-26",
  },
  "CA": {
    2016: "01-01 03-25 07-01 09-05 12-25 12-26",
    2017: "01-01 01-02 04-14 07-01 09-04 12-25",
    2018: "01-01 03-30 07-01 09-03 12-25",
    2019: "01-01 04-19 07-01 09-02 12-25",
    2020: "01-01 04-10 07-01 09-07 12-25",
    2026: "01-01 04-03 07-01 09-07 12-25",
  },
};

describe("public holidays", () => {
  for (const [calendar, years] of Object.entries(reference)) {
    const [country = "", subdivision] = calendar.split("-");
    it(`of ${calendar} are those of the reference`, () => {
      for (const [year, days] of Object.entries(years)) {
        const dates = publicHolidays(country, subdivision, Number(year), Number(year));
        expect(dates.join(" "), year).to.equal(
          days
            .split(" ")
            .map((day) => `${year}-${day}`)
            .join(" "),
        );
      }
    });
  }

  it("include the days on which Veterans Day, and New Year and Christmas in Canada, are kept instead", () => {
    expect(publicHolidays("US", undefined, 2023, 2023)).to.include("2023-11-10");
    const canada = publicHolidays("CA", undefined, 2021, 2027);
    expect(canada).to.include.members(["2021-12-27", "2022-01-03", "2022-12-26", "2023-01-02", "2027-12-27"]);
  });

  it("of the cities are a table from 2000 to 2037, with one calendar per country and subdivision", () => {
    const table = holidayTable([{ country: "US" }, { country: "GB", subdivision: "ENG" }, { country: "US" }]);
    expect(Object.keys(table)).to.deep.equal(["GB-ENG", "US"]);
    for (const dates of Object.values(table)) {
      expect(dates).to.deep.equal([...new Set(dates)].sort());
      expect(new Set(dates.map((date) => date.slice(0, 4))).size).to.equal(38);
    }
  });

  it("of a country that nobody lists are none", () => {
    expect(holidayTable([{ country: "ZZ" }])).to.deep.equal({ ZZ: [] });
  });
});
