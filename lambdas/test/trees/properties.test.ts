import { expect } from "chai";
import fc from "fast-check";
import { parseModel, predictBatch, predictRow } from "../../trees/index.ts";
import { writeModel } from "./write-model.ts";
import type { Leaf, Node } from "./write-model.ts";

const features = 4;
const zeroThreshold = Math.fround(1e-35);

/** Numbers of which LightGBM makes zero, those beside them, and categories that are none. */
const hard = [NaN, 0, -0, 1e-36, -1e-36, zeroThreshold, -zeroThreshold, 1.1e-35, -1.1e-35, Infinity, -Infinity].concat([
  -0.5,
  -1,
  0.5,
  1,
  2.9,
  31,
  32,
  63,
  64,
  2 ** 31,
  2 ** 32,
  1e300,
]);
const value = fc.oneof(fc.constantFrom(...hard), fc.double({ min: -4, max: 4, noNaN: true }));
const threshold = fc.oneof(
  fc.constantFrom(...hard.filter((number) => !Number.isNaN(number))),
  fc.double({ min: -4, max: 4, noNaN: true }),
);
const feature = fc.nat({ max: features - 1 });
const output = fc.integer({ min: -1000, max: 1000 }).map((number) => number / 8);

function trees(linear: boolean): fc.Arbitrary<Node> {
  const leaf: fc.Arbitrary<Leaf> = linear
    ? fc.record({
        value: output,
        linear: fc.record({
          constant: output,
          terms: fc.array(fc.record({ feature, coefficient: output }), { maxLength: 3 }),
        }),
      })
    : fc.record({ value: output });
  const { node } = fc.letrec<{ node: Node }>((tie) => ({
    node: fc.oneof(
      { depthSize: "medium", withCrossShrink: true },
      leaf,
      fc.record({
        feature,
        threshold,
        missing: fc.constantFrom("none", "zero", "NaN"),
        defaultLeft: fc.boolean(),
        left: tie("node"),
        right: tie("node"),
      }),
      fc.record({
        feature,
        categories: fc.uniqueArray(fc.nat({ max: 70 }), { minLength: 1, maxLength: 20 }),
        left: tie("node"),
        right: tie("node"),
      }),
    ),
  }));
  return node;
}

const model = fc.boolean().chain((linear) => fc.array(trees(linear), { minLength: 1, maxLength: 4 }));
const table = fc.array(fc.tuple(value, value, value, value), { minLength: 1, maxLength: 20 });

/** LightGBM's decisions, each as its source has it. */
function leafOf(node: Node, row: number[]): Leaf {
  if ("value" in node) return node;
  let at = row[node.feature] ?? NaN;
  if (Math.abs(at) <= zeroThreshold) at = 0;
  if ("categories" in node) {
    const category = Number.isNaN(at) ? -1 : Math.trunc(at);
    return leafOf(node.categories.includes(category) ? node.left : node.right, row);
  }
  if (Number.isNaN(at) && node.missing !== "NaN") at = 0;
  const isMissing = (node.missing === "zero" && at === 0) || (node.missing === "NaN" && Number.isNaN(at));
  const left = isMissing ? node.defaultLeft : at <= node.threshold;
  return leafOf(left ? node.left : node.right, row);
}

function outputOf({ value, linear }: Leaf, isLinear: boolean, row: number[]): number {
  if (!isLinear) return value;
  const { constant, terms } = linear ?? { constant: value, terms: [] };
  if (terms.some((term) => Number.isNaN(row[term.feature]))) return value;
  return terms.reduce((sum, term) => sum + term.coefficient * (row[term.feature] ?? NaN), constant);
}

function hasLinear(node: Node): boolean {
  return "value" in node ? node.linear !== undefined : hasLinear(node.left) || hasLinear(node.right);
}

function sumOf(trees: Node[], row: number[]): number {
  return trees.reduce((sum, tree) => sum + outputOf(leafOf(tree, row), hasLinear(tree), row), 0);
}

describe("trees, whatever they are", () => {
  it("send each row to the leaf that LightGBM's rules say, one row or many", () => {
    fc.assert(
      fc.property(model, table, (nodes, rows) => {
        const read = parseModel(writeModel(nodes, { features }));
        const columns = Array.from({ length: features }, (_, index) =>
          Float64Array.from(rows, (row) => row[index] ?? NaN),
        );
        const out = new Float64Array(rows.length);
        predictBatch(read, columns, rows.length, out);
        const expected = rows.map((row) => sumOf(nodes, row));
        expect([...out]).to.deep.equal(expected);
        expect(rows.map((row) => predictRow(read, row))).to.deep.equal(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("give the same for a row wherever it stands among others, and for more rows than a block has", () => {
    fc.assert(
      fc.property(model, table, fc.integer({ min: 0, max: 5000 }), (nodes, rows, before) => {
        const read = parseModel(writeModel(nodes, { features }));
        const count = before + rows.length;
        const columns = Array.from({ length: features }, (_, index) =>
          Float64Array.from({ length: count }, (_, row) => rows[(row + count) % rows.length]?.[index] ?? NaN),
        );
        const out = new Float64Array(count);
        predictBatch(read, columns, count, out);
        for (let row = 0; row < count; row += 1 + Math.floor(count / 50)) {
          expect(out[row]).to.deep.equal(sumOf(nodes, rows[(row + count) % rows.length] ?? []));
        }
      }),
      { numRuns: 30 },
    );
  });
});
