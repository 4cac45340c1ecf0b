import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { installedEnvironment, modelRequirements, virtualEnvironment } from "../../../model/python.ts";
import { expectEqualToLightGbm, readFixtures } from "./fixtures.ts";
import type { Fixtures } from "./fixtures.ts";

const script = fileURLToPath(new URL("../fixtures/trees/make.py", import.meta.url));
const rows = 100_000;

/** With this set, as in CI, the trainer's Python packages are installed unless they are there. */
const install = process.env["METERCAST_TEST_PYTHON"] === "1";

describe(`trees beside LightGBM itself, ${rows} rows each`, function () {
  this.timeout(900_000);
  let folder: string;
  let fixtures: Fixtures;

  before("LightGBM trains and predicts", async function () {
    const python = install
      ? virtualEnvironment(modelRequirements, "model", console.error)
      : installedEnvironment(modelRequirements, "model");
    if (python === undefined) {
      console.error(
        "SKIPPED: trees beside LightGBM itself. METERCAST_TEST_PYTHON=1 installs what it needs, as `metercast model train` does.",
      );
      return this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "metercast-trees-"));
    await promisify(execFile)(python, [script, folder, "--rows", String(rows)]);
    fixtures = readFixtures(folder);
  });

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it("predicts the same, whatever kind of model and values", () => {
    expect(fixtures.rows).to.equal(rows);
    expect(fixtures.names).to.include.members(["missing", "missing_zero", "categories", "linear", "any_decision_0"]);
    for (const name of fixtures.names) expectEqualToLightGbm(fixtures, name);
  });
});
