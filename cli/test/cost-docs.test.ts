import { readFileSync } from "node:fs";
import { expect } from "chai";
import { costReport, evaluate } from "@metercast/graph";
import { environmentFile, loadEnvironment } from "../../environments/index.ts";
import { costText, priceText } from "../cost-tables.ts";

const page = readFileSync(new URL("../../docs/cost.md", import.meta.url), "utf8");

/** What stands between two marks of the page. */
function section(name: string): string | undefined {
  return new RegExp(`<!-- ${name} -->\n(.*?)<!-- end -->`, "s").exec(page)?.[1]?.trim();
}

describe("docs/cost.md", function () {
  this.timeout(60_000);

  for (const name of ["dev", "prod"]) {
    it(`has the figures of npx metercast cost --environment ${name} --markdown`, async () => {
      const environment = loadEnvironment(environmentFile(name));
      const { graph } = await evaluate(environment);
      expect(section(name)).to.equal(costText(costReport(graph, environment), true).trim());
    });
  }

  it("has the prices of npx metercast cost --prices", () => {
    expect(section("prices")).to.equal(priceText().trim());
  });
});
