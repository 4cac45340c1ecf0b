import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { parseModel, predictRow } from "../../trees/index.ts";
import { expectEqualToLightGbm, expectedOf, modelText, readFixtures } from "./fixtures.ts";

const fixtures = readFixtures(fileURLToPath(new URL("../fixtures/trees", import.meta.url)));

describe("trees beside LightGBM", () => {
  for (const name of fixtures.names) {
    it(`predicts the same: ${name}`, () => expectEqualToLightGbm(fixtures, name));
  }

  it("predicts one row as it predicts many", () => {
    for (const name of fixtures.names) {
      const model = parseModel(modelText(fixtures, name));
      const expected = expectedOf(fixtures, name);
      expected.forEach((value, row) => {
        const found = predictRow(
          model,
          fixtures.columns.map((column) => column[row] ?? NaN),
        );
        if (Number.isFinite(value)) expect(found, name).to.be.closeTo(value, 1e-12 * Math.max(1, Math.abs(value)));
        else expect(found, name).to.equal(value);
      });
    }
  });
});
