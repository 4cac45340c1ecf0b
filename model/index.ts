/** Training and evaluation of models. Features are computed here, in TypeScript; the trees are learnt in Python. */

export { evaluateFiles, trainOnFiles, trainOnGenerated } from "./runs.ts";
export type { Effort, Evaluation } from "./evaluate.ts";
export { ModelError } from "./model-error.ts";
export { hasPython, PythonError, runScript, virtualEnvironment } from "./python.ts";
export { Scoreboard, subsets } from "./score.ts";
export type { FoldScore } from "./score.ts";
