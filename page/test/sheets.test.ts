import { expect } from "chai";
import type { Browser } from "playwright-core";
import { drawnVisual } from "../browser/definition/visual.ts";
import { faultsOfAccess } from "./axe.ts";
import { browserPath, cellsOf, openBrowser, settled, told, watchedPage, type WatchedPage } from "./browser.ts";
import { definition, ShownPage, sqlRows } from "./shown-page.ts";
import { hostile } from "./shown-rows.ts";

const sheets = definition.Sheets;
const ids = [...sheets.map(({ SheetId }) => SheetId), "live"];

describe(
  browserPath === undefined
    ? "The page in a browser (there is none here: apt-get install chromium)"
    : "The page in a browser",
  function () {
    let shown: ShownPage;
    let browser: Browser;
    const open: WatchedPage[] = [];

    before(async function () {
      if (browserPath === undefined) return this.skip();
      [shown, browser] = await Promise.all([ShownPage.open(), openBrowser()]);
    });
    after(async () => {
      await browser?.close();
      await shown?.close();
    });
    afterEach(async () => {
      await Promise.all(open.splice(0).map(({ page }) => page.context().close()));
    });

    const visit = async (address: string, options: Parameters<typeof watchedPage>[2] = {}): Promise<WatchedPage> => {
      const watched = await watchedPage(browser, `${shown.url}${address}`, options);
      open.push(watched);
      return watched;
    };

    describe("draws", () => {
      for (const sheet of sheets) {
        it(`every visual of the sheet ${sheet.Name}, by its title, and asks nobody but its own server`, async () => {
          const { page, faults, strangers } = await visit(`#${sheet.SheetId}`);
          await settled(page);
          for (const { title } of sheet.Visuals.map(drawnVisual)) {
            await page.getByRole("figure", { name: title, exact: true }).waitFor();
          }
          expect(await page.locator(".message.failed").allTextContents()).to.deep.equal([]);
          expect(await page.locator("canvas, .grid table, .kpi-value").count()).to.be.at.least(sheet.Visuals.length);
          expect(await page.locator("h1").textContent()).to.equal(sheet.Title);
          expect(faults).to.deep.equal([]);
          expect(strangers).to.deep.equal([]);
        });
      }

      it("how the pipeline stands: ends, runs state by state, rejected messages, notifications, schedules, services", async () => {
        const { page, faults } = await visit("#live");
        const ends = page.getByRole("region", { name: "What became of what arrived" });
        await ends.getByText("accepted").first().waitFor();
        const text = await ends.innerText();
        expect(text.replaceAll(/\s+/g, " ")).to.contain(
          "1,000 accepted stored 990 dropped 7 filter: x 7 rejected 3 not JSON 3",
        );
        await page.getByText("Latest hours").waitFor();
        await page.getByText("There are none.").waitFor();
        await page.getByText("not JSON", { exact: true }).last().click();
        expect(await page.locator(".rejected-panel pre").innerText()).to.equal(`<b>${hostile}</b>`);
        expect(await page.locator(".service").count()).to.equal(3);
        expect(await page.locator(".rate").allTextContents()).to.deep.equal(["120"]);
        await page.getByText("A run has failed").waitFor();
        await page.getByText("rate(1 hour)").waitFor();
        expect(faults).to.deep.equal([]);
      });

      it("a name that is HTML as the text that it is", async () => {
        const { page, faults } = await visit("#buildings");
        await settled(page);
        await page.getByRole("button", { name: hostile }).first().waitFor();
        expect(await page.title()).to.equal("Buildings · metercast test");
        expect(await page.locator("main img, main script").count()).to.equal(0);
        expect(faults).to.deep.equal([]);
      });
    });

    describe("tells the figures of the SQL", () => {
      it("in a figure that stands alone, beside the day before", async () => {
        const { page } = await visit("#overview");
        const days = await sqlRows("SELECT sum(use) FROM use_by_day GROUP BY day ORDER BY day DESC LIMIT 2");
        const [latest, before] = days.map(([sum]) => Number(sum)) as [number, number];
        const value = page.getByRole("figure", { name: "Use of the latest whole day" });
        await value.locator(".kpi-value").waitFor();
        expect(await value.locator(".kpi-value").textContent()).to.equal(
          `${(latest / 1000).toFixed(1)}K kWhSun, Dec 16`,
        );
        const percent = ((latest / before - 1) * 100).toFixed(1);
        expect(await value.locator(".kpi-compared").textContent()).to.contain(`${percent}% than Sat, Dec 15`);
      });

      it("in a chart, as its table has them", async () => {
        const { page } = await visit("#overview");
        const figure = page.getByRole("figure", { name: "Use per day", exact: true });
        await figure.locator("canvas").waitFor();
        await figure.getByRole("button", { name: "Use per day as a table" }).click();
        const cells = await cellsOf(figure.locator("table"));
        const expected = await sqlRows(
          `SELECT strftime(day, '%a, %b %-d'), meter_type, format('{:,} kWh', round(sum(use))::BIGINT)
         FROM use_by_day GROUP BY day, meter_type ORDER BY day, meter_type`,
        );
        expect(cells).to.deep.equal(expected);
      });

      it("in a table, and in its file", async () => {
        const { page } = await visit("#buildings");
        const figure = page.getByRole("figure", { name: "Beside their peers" });
        await figure.locator("tbody tr").first().waitFor();
        const names = await figure.locator("tbody tr td:first-child").allTextContents();
        const expected = await sqlRows("SELECT building FROM buildings ORDER BY times_peers DESC, building");
        expect(names).to.deep.equal(expected.map(([name]) => name));
        const href = (await figure.getByRole("link", { name: "Beside their peers as CSV" }).getAttribute("href")) ?? "";
        const file = await (await fetch(new URL(href, shown.url))).text();
        expect(file.trim().split("\r\n")).to.have.length(expected.length + 1);
      });
    });

    describe("is filtered", () => {
      for (const sheet of sheets.filter(({ ParameterControls }) => ParameterControls.length > 0)) {
        it(`by the city: every visual of the sheet ${sheet.Name} that has one changes`, async () => {
          const { page } = await visit(`#${sheet.SheetId}`);
          const before = await told(page);
          await page.getByRole("button", { name: "City: All" }).click();
          await page.getByLabel("London, England").check();
          await page.keyboard.press("Escape");
          const after = await told(page);
          const same = [...before].filter(([title, text]) => after.get(title) === text).map(([title]) => title);
          // runs are of all cities at once
          expect(same).to.deep.equal(sheet.SheetId === "pipeline" ? ["Runs that made the forecasts"] : []);
          expect(page.url()).to.contain("City=London");
        });
      }

      it("only by what the address says, again after a reload and on the way back", async () => {
        const { page } = await visit("#overview");
        const all = await told(page);
        await page.getByLabel("Latest days").selectOption("7");
        const week = await told(page);
        expect(week.get("Use per day")).to.not.equal(all.get("Use per day"));
        await page.reload();
        expect(await told(page)).to.deep.equal(week);
        await page.goBack();
        expect(await told(page)).to.deep.equal(all);
      });

      it("to nothing, which it says, with a way to all again", async () => {
        const { page, faults } = await visit("#hours?From=2030-01-01");
        const figure = page.getByRole("figure", { name: "Measured and expected" });
        await figure.getByText("Nothing to show").waitFor();
        await figure.getByRole("button", { name: "Show all again" }).click();
        await figure.locator("canvas").waitFor();
        expect(faults).to.deep.equal([]);
      });

      it("by cities of which the buildings to choose are", async () => {
        const { page } = await visit("#overview?City=London%2C+England");
        await page.getByRole("button", { name: "Building: All" }).click();
        const dialog = page.getByRole("dialog", { name: "Building" });
        await dialog.getByText("1 Office").waitFor();
        expect(await dialog.locator("label").allTextContents()).to.deep.equal(["1 Office", "2 Education", hostile]);
      });
    });

    describe("leads", () => {
      it("from a city to its buildings to the hours of one, by keys, and back by the way here", async () => {
        const { page } = await visit("#overview");
        await settled(page);
        const chart = page.getByRole("figure", { name: "Use per city" }).locator(".chart");
        await chart.focus();
        await page.keyboard.press("ArrowDown");
        expect(await chart.locator("[aria-live]").textContent()).to.match(
          /^Jacksonville, FL: chilledwater [\d,]+ kWh; electricity/,
        );
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { level: 1, name: "Which buildings stand out" }).waitFor();
        expect(page.url()).to.contain("#buildings?City=Jacksonville");
        await page
          .getByRole("figure", { name: "Beside their peers" })
          .getByRole("button", { name: "12 Education" })
          .press("Enter");
        await page.getByRole("heading", { level: 1, name: "What happened" }).waitFor();
        expect(page.url()).to.contain("Building=12+Education");
        const way = page.getByRole("navigation", { name: "The way here" });
        expect(await way.locator("li").allTextContents()).to.deep.equal(["Overview", "Buildings", "Hours"]);
        await way.getByRole("link", { name: "Overview" }).click();
        await page.getByRole("heading", { level: 1, name: "How much did my buildings use?" }).waitFor();
        await page.getByRole("button", { name: "City: All" }).waitFor();
      });

      it("from a bar to what it stands for, by a click on it", async () => {
        const { page } = await visit("#overview");
        await settled(page);
        const chart = page.getByRole("figure", { name: "Use per city" }).locator(".chart");
        const { width, height } = (await chart.boundingBox()) ?? { width: 0, height: 0 };
        await chart.click({ position: { x: width * 0.55, y: height * 0.2 } });
        await page.getByRole("heading", { level: 1, name: "Which buildings stand out" }).waitFor();
        expect(page.url()).to.contain("City=Jacksonville");
      });

      it("from a cell to the sheet narrowed to it, and back by the same cell", async () => {
        const { page } = await visit("#differences");
        await settled(page);
        const rows = page.getByRole("figure", { name: "Building by building" }).locator("tbody");
        const all = await rows.textContent();
        const chart = page.getByRole("figure", { name: "Where: city and meter type" }).locator(".chart");
        await chart.focus();
        await page.keyboard.press("ArrowRight");
        await page.keyboard.press("Enter");
        const chip = page.getByRole("button", { name: "Let go of Jacksonville, FL, chilledwater" });
        await chip.waitFor();
        await settled(page);
        expect(await rows.locator("tr").count()).to.equal(1);
        await page.reload();
        await settled(page);
        expect(await rows.locator("tr").count()).to.equal(1);
        await chip.click();
        await settled(page);
        expect(await rows.textContent()).to.equal(all);
      });
    });

    describe("renews itself", () => {
      afterEach(async () => {
        shown.more = 1;
        shown.missing.clear();
        await shown.import("use_by_day");
      });

      it("after an import, without a reload", async () => {
        const { page } = await visit("#overview");
        await settled(page);
        await page.evaluate("window.isTheSame = true");
        const value = page.getByRole("figure", { name: "Use of the latest whole day" }).locator(".kpi-value");
        const before = await value.textContent();
        shown.more = 10;
        await shown.import("use_by_day");
        const [[sum]] = (await sqlRows("SELECT sum(use) FROM use_by_day WHERE days_ago = 0", 10)) as [[number]];
        await value.getByText(`${(sum / 1e6).toFixed(1)}M kWh`).waitFor();
        expect(await value.textContent()).to.not.equal(before);
        expect(await page.evaluate("window.isTheSame")).to.equal(true);
      });

      it("and says of an import that failed why it did, beside what was there before", async () => {
        const { page } = await visit("#overview");
        await settled(page);
        shown.missing.add("use_by_day");
        await shown.import("use_by_day");
        await page.getByText("use_by_day could not be renewed: Table use_by_day does not exist.").waitFor();
        expect(await page.locator(".message.failed").count()).to.equal(0);
      });

      it("when the simulator is there again after it was stopped", async () => {
        const { page } = await visit("#overview");
        await settled(page);
        const value = page.getByRole("figure", { name: "Use of the latest whole day" }).locator(".kpi-value");
        const before = (await value.textContent()) ?? "";
        await shown.stop();
        await page.getByRole("alert").getByText("The simulator is stopped").waitFor();
        expect(await value.textContent()).to.equal(before);
        shown.more = 7;
        await shown.import("use_by_day");
        await shown.start();
        await page.getByRole("alert").waitFor({ state: "hidden" });
        await value.getByText(before).waitFor({ state: "detached" });
      });
    });

    describe("is for everybody", () => {
      for (const colorScheme of ["light", "dark"] as const) {
        it(`axe finds nothing in any sheet, ${colorScheme}`, async () => {
          const { page } = await visit("", { colorScheme });
          for (const id of ids) {
            await page.goto(`${shown.url}#${id}`);
            await (id === "live" ? page.getByText("There are none.").waitFor() : settled(page));
            expect(await faultsOfAccess(page), id).to.deep.equal([]);
          }
          await page.goto(`${shown.url}#overview?City=London%2C+England`);
          await page.getByRole("button", { name: "City: London, England", exact: true }).click();
          await page.getByRole("dialog", { name: "City" }).getByText("London, England").waitFor();
          expect(await faultsOfAccess(page), "an open control").to.deep.equal([]);
        });
      }

      it("no sheet scrolls sideways on a phone", async () => {
        const { page } = await visit("", { viewport: { width: 390, height: 844 } });
        for (const id of ids) {
          await page.goto(`${shown.url}#${id}`);
          await (id === "live" ? page.getByText("There are none.").waitFor() : settled(page));
          expect(await page.evaluate("document.documentElement.scrollWidth"), id).to.equal(390);
        }
      });

      it("takes the system's theme, or the one that is chosen, which it keeps", async () => {
        const { page } = await visit("", { colorScheme: "light" });
        const background = () => page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
        await settled(page);
        const light = await background();
        await page.emulateMedia({ colorScheme: "dark" });
        while ((await background()) === light) await page.waitForTimeout(30);
        await page.getByRole("button", { name: "Theme: as the system" }).click();
        expect(await background()).to.equal(light);
        await page.reload();
        await settled(page);
        expect(await background()).to.equal(light);
      });
    });
  },
);
