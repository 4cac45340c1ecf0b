import { browserPath, openBrowser } from "../page/test/browser.ts";

/** What a reader waits for, from the click to the picture, in a browser. */
export interface Seen {
  /** From the opening of the page to the first visual that is drawn. */
  firstSeconds: number;
  /** To the last of the first sheet. */
  sheetSeconds: number;
  /** Each change of the city's filter, until all visuals are drawn anew. */
  filterSeconds: number[];
  /** Over the wire, with the data of the first sheet. */
  bytes: number;
}

/** Choices of a city that are measured. */
const choices = 8;

/** Notes when the first visual is there, and tells when all are: by the clock of the browser itself. */
const watch = `
  const isDrawn = () => document.querySelector(".grid .kpi-value, .grid canvas, .grid table") !== null;
  const isSettled = () => {
    const visuals = [...document.querySelectorAll(".grid .visual")];
    return visuals.length > 0 && visuals.every((one) => !one.hasAttribute("aria-busy") && one.querySelector(".visual-body").hasChildNodes());
  };
  const until = (holds) => new Promise((resolve) => {
    const look = () => (holds() ? resolve(performance.now()) : requestAnimationFrame(look));
    look();
  });
  window.drawn = until(isDrawn);
  window.settled = until(isSettled);
  window.afterClick = async (box) => {
    const before = performance.now();
    box.click();
    return (await until(isSettled)) - before;
  };`;

/**
 * Opens a page in a browser that has seen nothing of it before.
 *
 * @returns undefined where this machine has no browser
 */
export async function seenInBrowser(address: string): Promise<Seen | undefined> {
  if (browserPath === undefined) return undefined;
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(watch);
    await page.goto(address);
    const first = await page.evaluate<number>("window.drawn");
    const sheet = await page.evaluate<number>("window.settled");
    const bytes = await page.evaluate<number>(
      `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
        .reduce((sum, { transferSize }) => sum + transferSize, 0)`,
    );
    await page.getByRole("button", { name: "City: All" }).click();
    await page.getByRole("dialog", { name: "City" }).locator("input[type=checkbox]").first().waitFor();
    const filterSeconds: number[] = [];
    for (let choice = 0; choice < choices; choice++) {
      const box = `document.querySelectorAll("[role=dialog] input[type=checkbox]")[${choice}]`;
      filterSeconds.push((await page.evaluate<number>(`window.afterClick(${box})`)) / 1000);
    }
    return { firstSeconds: first / 1000, sheetSeconds: sheet / 1000, filterSeconds, bytes };
  } finally {
    await browser.close();
  }
}
