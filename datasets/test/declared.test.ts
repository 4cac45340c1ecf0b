import { expect } from "chai";
import { datasets } from "../index.ts";
import { config, DatasetLake, sqlOf } from "./dataset-lake.ts";
import { render } from "../../lambdas/datasets/render.ts";

describe("Every dataset", () => {
  it("gives the columns that its header declares, by name and type, and dt as the last where it is stored by day", async () => {
    const lake = new DatasetLake(datasets.map(({ name }) => name));
    try {
      for (const { name } of datasets) {
        expect(await lake.query(`SELECT count(*) AS n FROM ${name}_view`), name).to.deep.equal([{ n: 0 }]);
      }
    } finally {
      lake.remove();
    }
  });

  it("gives no rows for an empty window, and no error", async () => {
    const lake = new DatasetLake();
    try {
      for (const { name } of datasets) expect(await lake.run(name), name).to.deep.equal([]);
    } finally {
      lake.remove();
    }
  });

  it("leaves no parameter behind", () => {
    for (const { name } of datasets) expect(sqlOf(name), name).not.to.match(/(?<![\w'"]):[a-z]/);
  });

  it("stands behind those that make it", () => {
    const names = datasets.map(({ name }) => name);
    for (const { name, trigger } of datasets) {
      if (trigger.on === "dataset") expect(names.indexOf(trigger.name), name).to.be.below(names.indexOf(name));
    }
  });

  it("asks only for what the run can give", () => {
    const given = [
      ...Object.keys(config),
      "from",
      "to",
      "arrived_from",
      "keep_current",
      "forecast_from",
      "city",
      "site",
    ];
    const fixed = ["reading_columns", "weather_columns", "sites", "zones", "reference", "threshold"];
    for (const { name, parameters } of datasets) {
      for (const parameter of parameters) expect([...given, ...fixed], name).to.include(parameter.name);
    }
  });

  it("is refused when a parameter is missing, or one is given that it does not have", () => {
    for (const one of datasets.filter(({ parameters }) => parameters.length > 0)) {
      expect(() => render(one, {}), one.name).to.throw(/has no value/);
    }
    for (const one of datasets) expect(() => render(one, { other: 1 }), one.name).to.throw(/no parameter :other/);
  });
});
