/**
 * Takes a picture of each sheet, in light and dark, with the environment "dev" as `npm start` shows it:
 * `npm run screenshots` writes docs/images/.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Started } from "../../../cli/test/command.ts";
import type { Dashboards } from "../../api.ts";
import { browserPath, openBrowser, settled, watchedPage } from "../browser.ts";
import type { DashboardDefinition } from "../../../components/dashboard/definition/schema.ts";
import { withPalette } from "./palette-png.ts";

const folder = fileURLToPath(new URL("../../../docs/images/", import.meta.url));
const live = "live";

if (browserPath === undefined) {
  console.error(
    "There is no browser: install chromium (apt-get install chromium), or say where it is in METERCAST_CHROMIUM.",
  );
  process.exit(1);
}

const data = mkdtempSync(join(tmpdir(), "metercast-pictures-"));
const started = new Started("--data", data);
const browser = await openBrowser();
try {
  const address = String((await started.event("ready"))["page"]);
  console.log("Two weeks are loaded and predicted ...");
  await started.event("predicted");
  const answer = await fetch(new URL("api/dashboard", address));
  const { dashboards } = (await answer.json()) as Dashboards<DashboardDefinition>;
  const sheets = dashboards[0]?.definition.Sheets.map(({ SheetId }) => SheetId) ?? [];
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    const { page } = await watchedPage(browser, address, { colorScheme, viewport: { width: 1280, height: 800 } });
    for (const sheet of [...sheets, live]) {
      await page.goto(`${address}#${sheet}`);
      await (sheet === live ? page.locator(".state").first().waitFor() : settled(page));
      const picture = withPalette(await page.screenshot({ fullPage: true }));
      writeFileSync(join(folder, `${sheet}-${colorScheme}.png`), picture);
      console.log(`docs/images/${sheet}-${colorScheme}.png  ${Math.round(picture.length / 1024)} kB`);
    }
  }
} finally {
  await browser.close();
  await started.stop("SIGTERM");
  rmSync(data, { recursive: true, force: true });
}
