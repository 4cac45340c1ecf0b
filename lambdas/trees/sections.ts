import { MalformedModelError, TruncatedModelError, UnsupportedModelError } from "./errors.ts";
import { Fields } from "./fields.ts";

/** A model file, split into its header and its trees; nothing but that is read yet. */
export interface Sections {
  header: Fields;
  trees: Fields[];
}

const versions = ["v3", "v4"];
const endOfTrees = "end of trees";

/**
 * What LightGBM 3 and 4 write before the trees and in each of them (`GBDT::SaveModelToString`, `Tree::ToString`). A key
 * beyond these may change what the model means, as `average_output` and `is_linear` once did.
 */
const headerKeys = new Set([
  "version",
  "num_class",
  "num_tree_per_iteration",
  "label_index",
  "max_feature_idx",
  "objective",
  "average_output",
  "feature_names",
  "monotone_constraints",
  "feature_infos",
  "tree_sizes",
]);
const treeKeys = new Set([
  "num_leaves",
  "num_cat",
  "split_feature",
  "split_gain",
  "threshold",
  "decision_type",
  "left_child",
  "right_child",
  "leaf_value",
  "leaf_weight",
  "leaf_count",
  "internal_value",
  "internal_weight",
  "internal_count",
  "cat_boundaries",
  "cat_threshold",
  "is_linear",
  "leaf_const",
  "num_features",
  "leaf_features",
  "leaf_coeff",
  "shrinkage",
]);

/**
 * Splits a text model by its own marks: the header, as many trees as `tree_sizes` has, each as long as it says, and the
 * end of trees.
 *
 * @param file for messages
 */
export function splitSections(text: string, file: string): Sections {
  const lines = text.split("\n");
  checkBeginning(lines, file);
  const end = lines.indexOf(endOfTrees);
  if (end === -1) throw cutShort(lines, file);
  checkEnding(lines, end, file);

  const starts: number[] = [];
  for (let line = 0; line < end; line++) if (lines[line]?.startsWith("Tree=")) starts.push(line);
  const header = read(lines, 1, starts[0] ?? end, headerKeys, file, "the header");
  const trees = starts.map((start, index) => {
    if (lines[start] !== `Tree=${index}`) {
      const message = `${file}:${start + 1}: "${lines[start]}" stands where "Tree=${index}" is expected`;
      throw new MalformedModelError(`${message}: trees are numbered from 0 on, one after the other.`);
    }
    return read(lines, start + 1, starts[index + 1] ?? end, treeKeys, file, `tree ${index}`);
  });
  checkSizes(header, lines, starts, end, file);
  return { header, trees };
}

function checkBeginning(lines: string[], file: string): void {
  const first = lines[0] ?? "";
  if (lines.length === 1 && first === "") throw new TruncatedModelError(`${file} is empty.`);
  if (first.endsWith("\r")) {
    const what = `${file} has line ends of Windows, so that its trees are not as long as its tree_sizes say`;
    throw new MalformedModelError(`${what}. Keep the file as LightGBM wrote it (in git: "*.txt -text").`);
  }
  if (first !== "tree") {
    const found = `${file}:1: "${first.slice(0, 80)}" stands where a LightGBM text model has its type`;
    throw new UnsupportedModelError(`${found}; allowed: "tree". Save a model with Booster.save_model.`);
  }
  const version = lines[1] ?? "";
  if (!version.startsWith("version=")) {
    throw new MalformedModelError(`${file}:2: "${version.slice(0, 80)}" stands where "version=..." is expected.`);
  }
  if (!versions.includes(version.slice("version=".length))) {
    const found = `${file}:2: format ${version} is not known; allowed: ${versions.join(", ")}`;
    throw new UnsupportedModelError(`${found}. Train with LightGBM 3 or 4.`);
  }
}

/** What there is of a file that does not reach the end of its trees. */
function cutShort(lines: string[], file: string): TruncatedModelError {
  const sizes = lines.find((line) => line.startsWith("tree_sizes="));
  const declared = sizes === undefined ? undefined : sizes.slice("tree_sizes=".length).trim().split(" ").length;
  const begun = lines.filter((line) => line.startsWith("Tree=")).length;
  const where =
    begun === 0
      ? "before its first tree"
      : `in or after tree ${begun - 1}${declared === undefined ? "" : ` of ${declared} (they are numbered from 0 on)`}`;
  return new TruncatedModelError(
    `${file} is cut short: it ends at line ${lines.length}, ${where}, without "${endOfTrees}". Copy it again, whole.`,
  );
}

/** The parameters, which come last, tell whether the rest is there. */
function checkEnding(lines: string[], end: number, file: string): void {
  const parameters = lines.indexOf("parameters:", end);
  if (parameters !== -1 && lines.indexOf("end of parameters", parameters) === -1) {
    const what = `${file} is cut short: it ends at line ${lines.length}, within its parameters`;
    throw new TruncatedModelError(`${what}, without "end of parameters". Copy it again, whole.`);
  }
}

function read(
  lines: string[],
  from: number,
  to: number,
  known: ReadonlySet<string>,
  file: string,
  part: string,
): Fields {
  const fields = new Fields(file, from, part);
  for (let line = from; line < to; line++) {
    const text = lines[line];
    if (text === undefined || text === "") continue;
    const equals = text.indexOf("=");
    const key = equals === -1 ? text : text.slice(0, equals);
    if (!known.has(key)) {
      const found = `${file}:${line + 1}: "${key.slice(0, 80)}" in ${part} is not known`;
      throw new UnsupportedModelError(`${found}; LightGBM 3 and 4 write: ${[...known].join(", ")}.`);
    }
    fields.add(key, equals === -1 ? "" : text.slice(equals + 1), line + 1);
  }
  return fields;
}

/** `tree_sizes` counts the bytes of each tree, from its "Tree=" to the next; trees are of ASCII only. */
function checkSizes(header: Fields, lines: string[], starts: number[], end: number, file: string): void {
  const sizes = header.integers("tree_sizes");
  if (sizes.length !== starts.length) {
    throw new MalformedModelError(
      `${file}:${header.line("tree_sizes")}: tree_sizes has ${sizes.length} sizes, but ${starts.length} trees follow.`,
    );
  }
  starts.forEach((start, index) => {
    let size = 0;
    for (let line = start; line < (starts[index + 1] ?? end); line++) size += (lines[line]?.length ?? 0) + 1;
    if (size !== sizes[index]) {
      const found = `${file}:${start + 1}: tree ${index} is of ${size} characters, but tree_sizes says ${sizes[index]}`;
      throw new MalformedModelError(`${found}: the file was changed after LightGBM wrote it.`);
    }
  });
}
