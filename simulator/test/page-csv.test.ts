import { expect } from "chai";
import type { VisualColumn } from "../../page/api.ts";
import { csvOf, fileNameOf } from "../quicksight/csv.ts";

const column = (label: string, type: VisualColumn["type"]): VisualColumn => ({
  field: label,
  column: label,
  label,
  role: "value",
  type,
});

describe("A visual's file", () => {
  it("has no text that a spreadsheet would run", () => {
    const texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "a=1", "it's", 'a "b", c'];
    expect(
      csvOf(
        [column("=x", "text")],
        texts.map((text) => [text]),
      ),
    ).to.equal(
      [
        `"'=x"`,
        ...[`"'=1+1"`, `"'+1"`, `"'-1"`, `"'@SUM(A1)"`, `"'\t=1"`, `"'\r=1"`, `"'\n=1"`, `"'\uff1d1+1"`],
        ...[`"a=1"`, `"it's"`, `"a ""b"", c"`, ""],
      ].join("\r\n"),
    );
  });

  it("has figures as they are, times as a clock shows them, and nothing where there is no value", () => {
    const columns = [column("n", "number"), column("t", "time"), column("x", "text")];
    expect(csvOf(columns, [[-1.5, Date.UTC(2018, 11, 3, 5), null]])).to.equal(
      '"n","t","x"\r\n-1.5,2018-12-03 05:00:00,\r\n',
    );
  });

  it("is named after the visual, with letters that every system takes", () => {
    expect(fileNameOf("Use per day")).to.equal("use-per-day.csv");
    expect(fileNameOf('../"\r\nx')).to.equal("x.csv");
    expect(fileNameOf("日本")).to.equal("visual.csv");
  });
});
