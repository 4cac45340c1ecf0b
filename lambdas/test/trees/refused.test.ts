import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import {
  MalformedModelError,
  TreeModelError,
  TruncatedModelError,
  UnsupportedModelError,
  parseModel,
  predictBatch,
  predictRow,
} from "../../trees/index.ts";
import { writeModel } from "./write-model.ts";

const shipped = readFileSync(fileURLToPath(new URL("../fixtures/trees/missing.txt", import.meta.url)), "utf8");

const split = { feature: 0, threshold: 0.5, missing: "NaN", defaultLeft: true } as const;
const small = writeModel(
  [{ ...split, left: { value: 1 }, right: { ...split, left: { value: 2 }, right: { value: 3 } } }],
  {
    features: 2,
  },
);

/** The small model with a line replaced, its tree as long as it says. */
function changed(from: string | RegExp, to: string): string {
  const text = small.replace(from, to);
  expect(text, String(from)).to.not.equal(small);
  const tree = text.slice(text.indexOf("Tree=0"), text.indexOf("end of trees"));
  return text.replace(/tree_sizes=.*/, `tree_sizes=${tree.length}`);
}

function refusal(text: string): TreeModelError {
  try {
    parseModel(text, "chilledwater.txt");
  } catch (error) {
    if (error instanceof TreeModelError) return error;
    throw error;
  }
  throw new Error("It was read.");
}

function expectRefusal(text: string, kind: typeof TreeModelError, message: string): void {
  const error = refusal(text);
  expect(error).to.be.instanceOf(kind);
  expect(error.name).to.equal(kind.name);
  expect(error.message).to.include(message);
}

describe("a model that is not whole", () => {
  it("is refused wherever it is cut, and as cut short", () => {
    // beyond the end of the trees, a cut loses nothing that predicts
    for (let length = 0; length < shipped.indexOf("end of trees"); length += 97) {
      const { name } = refusal(shipped.slice(0, length));
      if (length > "tree\nversion=v4\n".length) expect(name, `cut to ${length}`).to.equal("TruncatedModelError");
    }
  });

  it("is told by the tree in which it ends", () => {
    const cut = shipped.slice(0, shipped.indexOf("Tree=2") + 40);
    expectRefusal(cut, TruncatedModelError, "chilledwater.txt is cut short: it ends at line");
    expectRefusal(cut, TruncatedModelError, "in or after tree 2 of 4 (they are numbered from 0 on)");
    expectRefusal(shipped.slice(0, 200), TruncatedModelError, "before its first tree");
    expectRefusal("", TruncatedModelError, "chilledwater.txt is empty.");
  });

  it("is refused when its parameters are cut", () => {
    expectRefusal(shipped.slice(0, shipped.indexOf("end of parameters")), TruncatedModelError, "within its parameters");
  });

  it("is refused when a tree is missing from its middle, or shorter than it was", () => {
    const without = shipped.slice(0, shipped.indexOf("Tree=1")) + shipped.slice(shipped.indexOf("Tree=2"));
    expectRefusal(without, MalformedModelError, '"Tree=2" stands where "Tree=1" is expected');
    const last = shipped.slice(0, shipped.indexOf("Tree=3")) + shipped.slice(shipped.indexOf("end of trees"));
    expectRefusal(last, MalformedModelError, "tree_sizes has 4 sizes, but 3 trees follow");
    const shorter = shipped.replace(/shrinkage=.*\n/, "");
    expectRefusal(shorter, MalformedModelError, "the file was changed after LightGBM wrote it");
  });

  it("is refused with line ends of Windows", () => {
    expectRefusal(shipped.replaceAll("\n", "\r\n"), MalformedModelError, "line ends of Windows");
  });
});

describe("a model of another kind", () => {
  for (const [what, from, to, message] of [
    ["a format to come", "version=v4", "version=v5", "format version=v5 is not known; allowed: v3, v4"],
    ["a format of the past", "version=v4", "version=v2", "format version=v2 is not known; allowed: v3, v4"],
    ["another type", /^tree/, "gbdt", '"gbdt" stands where a LightGBM text model has its type; allowed: "tree"'],
    ["several classes", "num_class=1", "num_class=3", "num_class=3 is a model of several outputs"],
    ["several trees per round", "num_tree_per_iteration=1", "num_tree_per_iteration=2", "num_tree_per_iteration=2"],
    ["a header to come", "max_feature_idx", "leaf_transform=log\nmax_feature_idx", '"leaf_transform" in the header'],
    ["a tree to come", "shrinkage=1", "shrinkage=1\noblique=1", '"oblique" in tree 0 is not known'],
  ] as const) {
    it(`is refused by name: ${what}`, () => expectRefusal(changed(from, to), UnsupportedModelError, message));
  }

  for (const objective of [
    "multiclass num_class:3",
    "multiclassova num_class:3 sigmoid:1",
    "lambdarank",
    "rank_xendcg",
  ]) {
    it(`is refused by its objective: ${objective}`, () => {
      const text = changed("objective=regression", `objective=${objective}`);
      expectRefusal(
        text,
        UnsupportedModelError,
        `the objective "${objective}" is not evaluated here; allowed: custom,`,
      );
    });
  }

  it("is refused when its sigmoid is not above zero", () => {
    for (const objective of ["binary", "binary sigmoid:0", "binary sigmoid:-1", "constructor"]) {
      expectRefusal(changed("objective=regression", `objective=${objective}`), UnsupportedModelError, `"${objective}"`);
    }
  });
});

describe("a model that contradicts itself", () => {
  for (const [what, from, to, message] of [
    ["without names of features", /feature_names=.*\n/, "", "the header has no feature_names"],
    ["without sizes", /tree_sizes=.*\n/, "", "the header has no tree_sizes"],
    ["with a name too few", "feature_names=f0 f1", "feature_names=f0", "are 1, but max_feature_idx says 2"],
    ["with a name twice", "feature_names=f0 f1", "feature_names=f1 f1", "has f1 twice"],
    ["with ranges of too few features", "[-1:1] [-1:1]", "[-1:1]", "feature_infos of the header are 1, of 2 features"],
    [
      "with a range that is none",
      "[-1:1] [-1:1]",
      "[-1:1] [x:1]",
      'has "[x:1]"; allowed: none, [least:most], or a:b:c',
    ],
    [
      "without leaves",
      /num_leaves=3/,
      "num_leaves=0",
      'num_leaves of tree 0 is "0", which is not a whole number from 1',
    ],
    ["without thresholds", /threshold=.*\n/, "", "tree 0 has no threshold"],
    ["with a threshold too few", "threshold=0.5 0.5", "threshold=0.5", "threshold of tree 0 has 1 values, not 2"],
    ["with a threshold that no number is held to", "threshold=0.5 0.5", "threshold=0.5 nan", 'has "nan" as value 2'],
    ["with a threshold that is no number", "threshold=0.5 0.5", "threshold=0.5 0x1", 'has "0x1" as value 2'],
    ["with a leaf that is no number", /leaf_value=\S+/, "leaf_value=nan", 'leaf_value of tree 0 has "nan" as value 1'],
    ["with a leaf that is infinite", /leaf_value=\S+/, "leaf_value=inf", "which is not a finite number"],
    ["with a leaf too large for a double", /leaf_value=\S+/, "leaf_value=1e999", "which is not a finite number"],
    ["with a feature that it lacks", "split_feature=0 0", "split_feature=0 2", "has feature 2; allowed: 0 to 1"],
    [
      "with a decision that there is not",
      "decision_type=10 10",
      "decision_type=10 12",
      "has 12 for node 1; allowed: 0 to 11",
    ],
    ["with a decision below zero", "decision_type=10 10", "decision_type=10 -1", "has -1 for node 1"],
    ["with a category but no sets", "decision_type=10 10", "decision_type=10 1", "has 0.5 for node 1, of 0 sets"],
    ["with a child that is not there", "left_child=", "left_child=5 ", "has 3 values, not 2"],
    ["with a node that is its own child", "right_child=1", "right_child=0", "has 0 once more: no child of two"],
    ["with a leaf of two nodes", /left_child=\S+/, "left_child=-1", "once more"],
    ["with a line twice", "num_cat=0", "num_cat=0\nnum_cat=0", "num_cat stands in line"],
    ["with a linear tree without its models", "is_linear=0", "is_linear=1", "tree 0 has no leaf_const"],
    ["with is_linear of neither", "is_linear=0", "is_linear=2", "is_linear of tree 0 is 2; allowed: 0, 1"],
  ] as const) {
    it(`is refused ${what}`, () => expectRefusal(changed(from, to), MalformedModelError, message));
  }

  it("is refused with a child beyond the tree", () => {
    const text = changed(/right_child=\S+/, "right_child=7");
    expectRefusal(text, MalformedModelError, "has 7, but the tree has 2 nodes and 3 leaves");
  });

  it("is refused with sets of categories that are not in order or not of 32 bits", () => {
    const text = writeModel([{ feature: 0, categories: [3], left: { value: 1 }, right: { value: 2 } }], {
      features: 1,
    });
    for (const [from, to, message] of [
      ["cat_boundaries=0 1", "cat_boundaries=1 1", "cat_boundaries of tree 0 do not ascend from 0 on"],
      ["cat_boundaries=0 1", "cat_boundaries=0 2", "cat_threshold of tree 0 has 1 values, not 2"],
      [
        "cat_threshold=8",
        "cat_threshold=4294967296",
        "cat_threshold of tree 0 has 4294967296, which is not of 32 bits",
      ],
      ["threshold=0", "threshold=1", "threshold of tree 0 has 1 for node 0, of 1 sets of categories"],
    ] as const) {
      const other = text.replace(from, to);
      const size = other.length - other.indexOf("Tree=0") - "end of trees\n".length;
      expectRefusal(other.replace(/tree_sizes=.*/, `tree_sizes=${size}`), MalformedModelError, message);
    }
  });

  it("is told by file and line", () => {
    const line = small.split("\n").findIndex((text) => text.startsWith("threshold=")) + 1;
    const { message } = refusal(changed("threshold=0.5 0.5", "threshold=0.5 x"));
    expect(message).to.equal(
      `chilledwater.txt:${line}: threshold of tree 0 has "x" as value 2, which is not a number or "inf".`,
    );
  });
});

describe("what is read of a model", () => {
  it("is the names of its features and what training saw of them", () => {
    const text = changed("feature_infos=[-1:1] [-1:1]", "feature_infos=[-inf:1e300] 3:-1:2");
    const { featureNames, featureInfos, objective, averaged, forest } = parseModel(text);
    expect(featureNames).to.deep.equal(["f0", "f1"]);
    expect(featureInfos).to.deep.equal([
      { kind: "numerical", min: -Infinity, max: 1e300 },
      { kind: "categorical", categories: [3, -1, 2] },
    ]);
    expect({ objective: objective.name, averaged, trees: forest.trees }).to.deep.equal({
      objective: "regression",
      averaged: false,
      trees: 1,
    });
    expect([...forest.usedFeatures]).to.deep.equal([0]);
    expect(parseModel(small.replace("[-1:1] [-1:1]", "none none")).featureInfos[1]).to.deep.equal({ kind: "unused" });
  });

  it("is not taken for more features, or fewer rows, than there are", () => {
    const model = parseModel(small);
    const column = new Float64Array(3);
    const out = new Float64Array(3);
    expect(() => predictBatch(model, [column], 3, out)).to.throw(RangeError, "1 columns; the model has 2 features.");
    expect(() => predictBatch(model, [column, column.subarray(1)], 3, out)).to.throw(
      RangeError,
      "The column of f1 has 2",
    );
    expect(() => predictBatch(model, [column, column], 3, out.subarray(1))).to.throw(
      RangeError,
      "room for 2 predictions",
    );
    expect(() => predictRow(model, [1])).to.throw(RangeError, "A row of 1 values; the model has 2 features.");
  });

  it("predicts no rows, and a model of no trees predicts zero", () => {
    const out = new Float64Array(1);
    predictBatch(parseModel(small), [out, out], 0, out);
    const none = small.replace(/Tree=0[^]*(?=end of trees)/, "").replace(/tree_sizes=.*/, "tree_sizes=");
    predictBatch(parseModel(none), [Float64Array.of(1), Float64Array.of(2)], 1, out);
    expect([...out]).to.deep.equal([0]);
  });
});
