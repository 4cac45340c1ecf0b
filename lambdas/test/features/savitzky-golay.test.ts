import { expect } from "chai";
import fc from "fast-check";
import { savitzkyGolay } from "../../features/savitzky-golay.ts";
import { expectClose, series } from "./builders.ts";
import { reference } from "./reference.ts";

const cases = Object.entries(reference.savgol).filter(([name]) => name !== "coefficients");

describe("the Savitzky-Golay filter", () => {
  for (const [name, { input, smooth = input, diff, diff2 }] of cases) {
    it(`gives scipy's numbers: ${name.replaceAll("_", " ")}`, () => {
      const actual = savitzkyGolay(series(input));
      expectClose(actual.smooth, smooth, "smooth");
      expectClose(actual.diff, diff, "diff");
      expectClose(actual.diff2, diff2, "diff2");
    });
  }

  it("gives any quadratic back, with its derivatives", () => {
    const coefficient = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(
        coefficient,
        coefficient,
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.integer({ min: 11, max: 60 }),
        (a, b, c, length) => {
          const of = (f: (t: number) => number) => Array.from({ length }, (_, t) => f(t));
          const input = of((t) => a + b * t + c * t * t);
          const { smooth, diff, diff2 } = savitzkyGolay(series(input));
          expectClose(smooth, input, "smooth");
          expectClose(
            diff,
            of((t) => b + 2 * c * t),
            "diff",
          );
          expectClose(
            diff2,
            of(() => 2 * c),
            "diff2",
          );
        },
      ),
    );
  });

  it("takes the parts on both sides of a missing value as two series", () => {
    const value = fc.double({ min: -50, max: 50, noNaN: true });
    const part = fc.array(value, { maxLength: 40 });
    fc.assert(
      fc.property(part, part, (left, right) => {
        const together = savitzkyGolay(series([...left, null, ...right]));
        for (const output of ["smooth", "diff", "diff2"] as const) {
          const alone = [left, right].map((list) => savitzkyGolay(series(list))[output]);
          expect(together[output].slice(0, left.length)).to.deep.equal(alone[0]);
          expect(together[output][left.length]).to.be.NaN;
          expect(together[output].slice(left.length + 1)).to.deep.equal(alone[1]);
        }
      }),
    );
  });

  it("leaves its input as it was", () => {
    const input = series(Array.from({ length: 20 }, (_, hour) => hour % 7));
    const before = input.slice();
    savitzkyGolay(input);
    expect(input).to.deep.equal(before);
  });
});
