import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from "playwright-core";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
];

/** The browser of this machine; undefined where there is none. */
export const browserPath: string | undefined = [process.env["METERCAST_CHROMIUM"], ...places].find(
  (path) => path !== undefined && existsSync(path),
);

export function openBrowser(): Promise<Browser> {
  // a container's root has no sandbox to put its pages into
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ ...(browserPath !== undefined && { executablePath: browserPath }), args });
}

/** A page that remembers what went wrong in it, and what it asked of others. */
export interface WatchedPage {
  page: Page;
  /** Errors and warnings of the console, faults of scripts. */
  faults: string[];
  /** Requests to anything but its own server. */
  strangers: string[];
}

export async function watchedPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const watched: WatchedPage = { page, faults: [], strangers: [] };
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) watched.faults.push(message.text());
  });
  page.on("pageerror", (error) => watched.faults.push(error.message));
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(new URL(url).origin) && !address.startsWith("data:")) watched.strangers.push(address);
  });
  await page.goto(url);
  return watched;
}

/** Waits until every visual has its answer and is drawn. A function to wait for would be refused by the page's policy. */
export async function settled(page: Page): Promise<void> {
  await page.locator(".grid .visual").first().waitFor();
  const isSettled = `[...document.querySelectorAll(".grid .visual")].every(
    (figure) => !figure.hasAttribute("aria-busy") && figure.querySelector(".visual-body").childElementCount > 0)`;
  while (!(await page.evaluate(isSettled))) await page.waitForTimeout(30);
}

/** What each visual of the sheet tells, in words: charts as their tables. By the visual's title. */
export async function told(page: Page): Promise<Map<string, string>> {
  await settled(page);
  const charts = page.locator(".tools button[aria-pressed=false]");
  while ((await charts.count()) > 0) await charts.first().click();
  const pairs = await page.evaluate<[string, string][]>(
    `[...document.querySelectorAll(".grid .visual")].map((figure) =>
      ["h2", ".visual-body"].map((part) => figure.querySelector(part).textContent))`,
  );
  return new Map(pairs);
}

/** The cells of a table's rows. */
export async function cellsOf(table: Locator): Promise<string[][]> {
  const rows = await table.locator("tbody tr").all();
  return Promise.all(rows.map((row) => row.locator("td").allTextContents()));
}
