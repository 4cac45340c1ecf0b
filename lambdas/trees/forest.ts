/**
 * How a split sends a row to its right child. LightGBM's `missing_type` and default direction come down to these: a
 * value that is missing (NaN) is on the left of "x > threshold" and on the right of "not x <= threshold", for every
 * comparison with NaN is false.
 */
export const splitKinds = {
  /** x > threshold. */
  above: 0,
  /** Not x <= threshold. */
  notAtMost: 1,
  /** x > threshold, but zeros and NaN go left. */
  aboveZerosLeft: 2,
  /** Not x <= threshold, and zeros and NaN go right. */
  notAtMostZerosRight: 3,
  /** x, cut to a whole number, is not among the categories; NaN and negative numbers never are. */
  categories: 4,
} as const;

/**
 * LightGBM takes numbers within this of zero for zero (`kZeroThreshold`, 1e-35 as a float): before it predicts, and
 * where zero means missing.
 */
export const zeroThreshold = Math.fround(1e-35);

/**
 * The trees of a model as flat arrays. Nodes are in preorder, tree by tree, so that a child's index is greater than its
 * parent's. A child below zero is a leaf: the complement of its index among the leaves.
 */
export interface Forest {
  readonly trees: number;
  /** Index of each tree's root; the end of the nodes last. Equal to the next tree's for a tree of one leaf. */
  readonly firstNode: Int32Array;
  /** Index of each tree's first leaf; the end of the leaves last. */
  readonly firstLeaf: Int32Array;

  /** See {@link splitKinds}. */
  readonly kind: Uint8Array;
  /** Index among the model's features. */
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  /** Where the split's categories begin among the bits of `categories`, and how many bits they are. */
  readonly categoryStart: Int32Array;
  readonly categoryCount: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Bit sets of 32 each, the lowest bit first. */
  readonly categories: Int32Array;

  readonly leafValue: Float64Array;
  /** The leaves' linear models, where a tree has them. */
  readonly linear: LinearLeaves | undefined;

  /** The features that a split or a linear model reads, ascending. */
  readonly usedFeatures: Int32Array;
}

/** constant + sum of coefficient * feature, for a row that has all of the leaf's features; else the leaf's value. */
export interface LinearLeaves {
  /** 1 for a leaf of a linear tree. */
  readonly isLinear: Uint8Array;
  readonly constant: Float64Array;
  /** Where each leaf's terms begin; their end last. */
  readonly firstTerm: Int32Array;
  readonly feature: Int32Array;
  readonly coefficient: Float64Array;
}
