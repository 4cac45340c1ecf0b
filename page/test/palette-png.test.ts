import { expect } from "chai";
import { deflateSync } from "node:zlib";
import { withPalette } from "./pictures/palette-png.ts";
import { browserPath, openBrowser } from "./browser.ts";

/** What a browser draws of a picture: the colours of some of its pixels. */
const colorsIn = (png: Buffer, places: readonly number[][]) => `(async () => {
  const picture = new Image();
  picture.src = "data:image/png;base64,${png.toString("base64")}";
  await picture.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  return ${JSON.stringify(places)}.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data]);
})()`;

const title = "A picture in 256 colours";

describe(browserPath === undefined ? `${title} (there is no browser here: apt-get install chromium)` : title, () => {
  before(function () {
    if (browserPath === undefined) this.skip();
  });

  it("is the same where it is plain, and shorter", async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 300, height: 200 } });
      await page.setContent(
        `<body style="margin:0;background:#F6F7F9"><div style="width:100px;height:100px;background:#0B5FA5"></div>
         <div style="width:300px;height:50px;background:linear-gradient(to right, red, lime, blue)"></div></body>`,
      );
      const full = await page.screenshot();
      const small = withPalette(full);
      const colors = await page.evaluate(
        colorsIn(small, [
          [50, 50],
          [250, 50],
          [250, 190],
        ]),
      );
      expect(colors).to.deep.equal([
        [11, 95, 165, 255],
        [246, 247, 249, 255],
        [246, 247, 249, 255],
      ]);
      const [before, after] = await Promise.all(
        [full, small].map((one) =>
          page.evaluate<number[][]>(
            colorsIn(one, [
              [10, 120],
              [150, 120],
              [290, 120],
            ]),
          ),
        ),
      );
      for (const [place, color] of (before ?? []).entries()) {
        color.forEach((channel, index) => expect(after?.[place]?.[index]).to.be.closeTo(channel, 24));
      }
      expect(small.length).to.be.below(deflateSync(Buffer.alloc(300 * 200)).length + 8000);
    } finally {
      await browser.close();
    }
  });
});
