import { expect } from "chai";
import { buildingAge, buildingFeatures } from "../../features/building.ts";
import { primaryUseCodes } from "../../features/primary-use.ts";
import { reference } from "./reference.ts";

function collected() {
  const warnings: string[] = [];
  return { warnings, warn: (sentence: string) => void warnings.push(sentence) };
}

describe("features of a building", () => {
  it("are those of the reference", () => {
    for (const { square_feet, floor_count, year_built, local_year, ...expected } of reference.buildings) {
      const { warn } = collected();
      const building = { building_id: 1, site_id: 0, primary_use: "Office", square_feet, floor_count, year_built };
      const features = buildingFeatures(building, 1, warn);
      const age = buildingAge(features.year_built, local_year ?? NaN);
      for (const [name, actual] of Object.entries({ ...features, building_age: age })) {
        const value = expected[name];
        if (value === undefined) continue;
        if (value === null) expect(actual, name).to.be.NaN;
        else expect(actual, name).to.be.closeTo(value, 1e-9);
      }
    }
  });

  it("have no floor area below 0, and no area per floor without floors", () => {
    const { log_floor_area, area_per_floor } = buildingFeatures(
      { building_id: 1, site_id: 0, primary_use: "Office", square_feet: -5, floor_count: -1 },
      1,
      collected().warn,
    );
    expect(log_floor_area).to.be.NaN;
    expect(area_per_floor).to.be.NaN;
  });

  it("code the sixteen uses in the order of the alphabet, from a table that no data change", () => {
    expect(Object.keys(primaryUseCodes)).to.deep.equal(Object.keys(primaryUseCodes).sort());
    expect(Object.values(primaryUseCodes)).to.deep.equal([...Array(16).keys()]);
    for (const [use, code] of Object.entries(primaryUseCodes)) {
      const { warnings, warn } = collected();
      expect(buildingFeatures({ building_id: 1, site_id: 0, primary_use: use }, 1, warn).primary_use).to.equal(code);
      expect(warnings).to.be.empty;
    }
  });

  it("warn of a use without a code, of none, and of a building that is not registered", () => {
    for (const [building, sentence] of [
      [{ building_id: 7, site_id: 0, primary_use: "Castle" }, 'Building 7 has the primary use "Castle"'],
      [{ building_id: 7, site_id: 0, primary_use: "constructor" }, 'Building 7 has the primary use "constructor"'],
      [{ building_id: 7, site_id: 0, primary_use: null }, "Building 7 has no primary use"],
      [undefined, "Building 7 is not in the register"],
    ] as const) {
      const { warnings, warn } = collected();
      expect(buildingFeatures(building, 7, warn).primary_use).to.be.NaN;
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.include(sentence);
    }
  });
});
