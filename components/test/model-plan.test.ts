import { join } from "node:path";
import { expect } from "chai";
import { modelPlan } from "../inference/model-plan.ts";
import { ModelCardError } from "../../lambdas/model/index.ts";
import { card, modelFiles, withFolder } from "./models.ts";

describe("The plan of a model", () => {
  it("has a folder of its version, its files, and the error that each meter type is held to", () => {
    withFolder(modelFiles(card()), (folder) => {
      const names = ["card.json", "electricity.static.txt", "electricity.txt", "steam.static.txt", "steam.txt"];
      expect(modelPlan(folder)).to.deep.equal({
        version: "4f1c",
        folder: "models/4f1c",
        files: names.map((name) => ({ name, path: join(folder, name) })),
        reference: { 0: 0.5, 2: 0.9 },
      });
    });
  });

  it("is refused without a file that the card names", () => {
    const files = Object.entries(modelFiles(card())).filter(([name]) => name !== "steam.txt");
    withFolder(Object.fromEntries(files), (folder) => {
      expect(() => modelPlan(folder)).to.throw(
        ModelCardError,
        /names steam\.txt, which is not beside it: copy the whole/,
      );
    });
  });

  it("is refused for a model of other features", () => {
    withFolder(modelFiles(card({ featureTableVersion: "0" })), (folder) => {
      expect(() => modelPlan(folder)).to.throw(ModelCardError, /trained on feature tables of version 0/);
    });
  });

  it("is refused for a version that could stand in no key and no policy", () => {
    for (const version of ["a/b", "*", "", "x".repeat(65)]) {
      withFolder(modelFiles(card({ version })), (folder) => {
        expect(() => modelPlan(folder), version).to.throw(ModelCardError, /has the version/);
      });
    }
  });
});
