import type { DatasetDefinition } from "../datasets/dataset.ts";
import { RunError } from "../run/run-error.ts";

/** Those datasets that are made when something arrives, or when predictions are made; what they make comes with them. */
export function triggeredBy(
  datasets: readonly DatasetDefinition[],
  trigger: "arrivals" | "predictions",
): DatasetDefinition[] {
  return withDependents(datasets, ({ trigger: { on } }) => on === trigger);
}

/** Those of these names, and what they make. @throws RunError UnknownDataset */
export function named(datasets: readonly DatasetDefinition[], names: readonly string[]): DatasetDefinition[] {
  const possible = datasets.filter(({ trigger: { on } }) => on !== "run" && on !== "forecast");
  for (const name of names) {
    if (!possible.some((dataset) => dataset.name === name)) {
      throw new RunError(
        "UnknownDataset",
        `There is no dataset "${name}" to be run; there are ${possible.map((dataset) => dataset.name).join(", ")}.`,
      );
    }
  }
  return withDependents(datasets, ({ name }) => names.includes(name));
}

function withDependents(
  datasets: readonly DatasetDefinition[],
  first: (dataset: DatasetDefinition) => boolean,
): DatasetDefinition[] {
  const chosen = new Set<string>();
  return datasets.filter((dataset) => {
    const { name, trigger } = dataset;
    const isChosen = first(dataset) || (trigger.on === "dataset" && chosen.has(trigger.name));
    if (isChosen) chosen.add(name);
    return isChosen;
  });
}
