import { expect } from "chai";
import { meterTypeColors, palettes, themeNames } from "../../dashboard/palette.ts";
import { themePlan } from "../../dashboard/theme.ts";

type Three = readonly [number, number, number];

/** Linear light of a colour, 0 to 1 (IEC 61966-2-1). */
function linear(color: string): Three {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return [red ?? 0, green ?? 0, blue ?? 0];
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(one: string, other: string): number {
  const luminance = (color: string) => {
    const [red, green, blue] = linear(color);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** How colours look without one kind of cone: Machado, Oliveira and Fernandes 2009, severity 1. */
const visions: Readonly<Record<string, readonly [Three, Three, Three]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seen(color: string, matrix: readonly [Three, Three, Three]): Three {
  const light = linear(color);
  const times = (weights: Three) =>
    Math.min(1, Math.max(0, weights[0] * light[0] + weights[1] * light[1] + weights[2] * light[2]));
  return lab([times(matrix[0]), times(matrix[1]), times(matrix[2])]);
}

/** CIE 1976 L*a*b*, D65. */
function lab([red, green, blue]: Three): Three {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (t * (24389 / 27) + 16) / 116);
  const x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047);
  const y = f(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** The smallest difference of two among colours (CIE 1976) for a kind of vision; 2.3 is just noticeable. */
function closest(colors: readonly string[], matrix: readonly [Three, Three, Three]): number {
  const all = colors.map((color) => seen(color, matrix));
  const differences = all.flatMap((one, index) =>
    all.slice(0, index).map((other) => Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2])),
  );
  return Math.min(...differences);
}

for (const name of themeNames) {
  const palette = palettes[name];
  describe(`The ${name} palette`, () => {
    it("keeps the meter types far apart for every kind of colour vision, and all eight colours apart", () => {
      for (const [vision, matrix] of Object.entries(visions)) {
        expect(closest(Object.values(meterTypeColors(palette)), matrix), vision).to.be.above(20);
        expect(closest(palette.data, matrix), vision).to.be.above(12);
      }
    });

    it("stands out from the panel by 3 to 1, and text by 4.5 to 1", () => {
      for (const color of palette.data) expect(contrast(color, palette.panel), color).to.be.at.least(3);
      for (const color of [palette.text, palette.mutedText, palette.danger, palette.warning, palette.success]) {
        expect(contrast(color, palette.panel), color).to.be.at.least(4.5);
        expect(contrast(color, palette.background), color).to.be.at.least(4.5);
      }
    });

    it("is a theme that QuickSight takes: eight to twenty colours, two ends of a gradient", () => {
      const { baseThemeId, configuration } = themePlan(name);
      expect(baseThemeId).to.equal(name === "light" ? "CLASSIC" : "MIDNIGHT");
      expect(JSON.stringify(configuration)).not.to.match(/#[0-9a-f]*[a-f]/);
      expect(palette.data).to.have.length(8);
      expect(palette.amounts).to.have.length(2);
    });
  });
}
