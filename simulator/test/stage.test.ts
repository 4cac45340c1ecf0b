import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { DataFolder } from "../data-folder.ts";
import { Stage } from "../delivery/stage.ts";
import { temporaryFolder } from "./declare.ts";

describe("the stage of a delivery stream", () => {
  function write(stage: Stage, text: string): string {
    const file = stage.newFile();
    writeFileSync(file, text);
    return file;
  }

  it("keeps delivered objects as they are when a process is killed while it makes its next ones", () => {
    const folder = DataFolder.open(temporaryFolder(), { create: false });
    const first = new Stage(folder, "output");
    first.commit(10, [{ file: write(first, "delivered"), bucket: "b", key: "in/1" }]);
    write(new Stage(folder, "output"), "half-ma");

    expect(new Stage(folder, "output").position).to.equal(10);
    expect(readFileSync(join(folder.bucket("b"), "in/1"), "utf8")).to.equal("delivered");
  });

  it("moves into place what a killed process had committed and not yet moved", () => {
    const folder = DataFolder.open(temporaryFolder(), { create: false });
    const first = new Stage(folder, "output");
    const file = write(first, "committed");
    first.commit(10, [{ file, bucket: "b", key: "in/1" }]);
    writeFileSync(file, readFileSync(join(folder.bucket("b"), "in/1")));
    writeFileSync(join(folder.bucket("b"), "in/1"), "");

    new Stage(folder, "output");
    expect(readFileSync(join(folder.bucket("b"), "in/1"), "utf8")).to.equal("committed");
  });
});
