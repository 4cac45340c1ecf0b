import { expect } from "chai";
import type { Browser } from "playwright-core";
import { query, Started, temporaryFolder } from "../../cli/test/command.ts";
import { predictingEnvironment } from "../../cli/test/predicting.ts";
import { browserPath, cellsOf, openBrowser, settled, watchedPage } from "./browser.ts";

const environment = () => predictingEnvironment("inference: {}\ndashboard:\n  authors: [group/energy-managers]\n");

const title = "The page of metercast start, from a load to a restart";

describe(
  browserPath === undefined ? `${title} (there is no browser here: apt-get install chromium)` : title,
  function () {
    this.timeout(240_000);
    let browser: Browser;
    let started: Started | undefined;

    before(async function () {
      if (browserPath === undefined) return this.skip();
      browser = await openBrowser();
    });
    after(async () => {
      await browser?.close();
      await started?.stop("SIGTERM");
    });

    it("says what is to come, shows what came by itself, with the figures of the catalog, and outlives a stop", async () => {
      const [data, file] = [temporaryFolder(), environment()];
      started = new Started("--environment", file, "--data", data);
      const address = String((await started.event("ready"))["page"]);
      const { page, faults, strangers } = await watchedPage(browser, address);
      await page.evaluate("window.isTheSame = true");

      const empty = page.getByRole("figure", { name: "Use per day", exact: true });
      await empty.getByText("There are no data yet: they come with the first run, metercast run.").waitFor();
      expect(faults).to.deep.equal([]);

      await started.event("predicted");
      const figure = page.getByRole("figure", { name: "Use per day", exact: true });
      await figure.locator("canvas").waitFor({ timeout: 60_000 });
      await settled(page);
      expect(await page.evaluate("window.isTheSame")).to.equal(true);
      await figure.getByRole("button", { name: "Use per day as a table" }).click();
      const shown = Map.groupBy(await cellsOf(figure.locator("table")), ([, type]) => type);
      const stored = await query(
        data,
        "SELECT meter, sum(use) AS use, count(DISTINCT dt) AS days FROM use_by_day GROUP BY meter",
      );
      const names = ["electricity", "chilledwater", "steam", "hotwater"];
      expect([...shown.keys()].toSorted()).to.deep.equal(stored.map(({ meter }) => names[Number(meter)]).toSorted());
      for (const { meter, use, days } of stored) {
        const rows = shown.get(names[Number(meter)]) ?? [];
        expect(rows).to.have.length(Number(days));
        const sum = rows.reduce((all, [, , text]) => all + Number(text?.replaceAll(/[^\d.]/g, "")), 0);
        expect(sum).to.be.closeTo(Number(use), Number(days)); // each day is rounded
      }

      await page.getByRole("link", { name: "Live" }).click();
      const states = page.getByRole("region", { name: "Runs, state by state" });
      await states.getByText("Refresh dashboard", { exact: true }).first().waitFor();
      await page
        .getByRole("region", { name: "What became of what arrived" })
        .getByText("filter: building_id <> 1099")
        .waitFor();
      expect([...faults, ...strangers]).to.deep.equal([]);

      await started.stop("SIGTERM");
      await page.getByRole("alert").getByText("The simulator is stopped").waitFor();
      await page.getByRole("link", { name: "Overview" }).click();
      started = new Started("--environment", file, "--data", data, "--no-load", "--page-port", new URL(address).port);
      await page.getByRole("alert").waitFor({ state: "hidden", timeout: 60_000 });
      await page
        .getByRole("figure", { name: "Use per day", exact: true })
        .locator("canvas")
        .waitFor({ timeout: 60_000 });
      expect(await page.evaluate("window.isTheSame")).to.equal(true);
    });
  },
);
