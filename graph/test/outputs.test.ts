import { readFileSync } from "node:fs";
import { expect } from "chai";
import { declarationFile } from "../aws-package.ts";
import { formedOutputs, knownTypes } from "../outputs.ts";

// Formed for every resource whose class has them.
const shared = new Set(["region", "tagsAll"]);

describe("what AWS would answer", () => {
  for (const type of knownTypes.filter((known) => !known.startsWith("pulumi:providers:"))) {
    it(`is formed for ${type} under names that its class declares`, () => {
      const declaration = declarationFile(type);
      const text = declaration === undefined ? "" : readFileSync(declaration.file, "utf8");
      expect(text).to.include(`export declare class ${declaration?.className} extends pulumi.CustomResource`);
      for (const output of formedOutputs(type, "any")) {
        if (!shared.has(output)) expect(text).to.include(`readonly ${output}: pulumi.Output<`);
      }
    });
  }
});
