import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect } from "chai";

import { bundleActivity, checkEnvironment, loadEnvironment } from "../index.ts";
import { changed, right } from "./build.ts";

const steam = "  - type: steam\n    unit: kWh\n";
const good = "export async function handler(messages) { return messages; }\n";

/** The right environment with activities for steam, in a folder of its own with the modules that are given. */
function withFiles<Result>(
  activities: string[],
  modules: Record<string, string>,
  use: (text: string, file: string) => Result,
): Result {
  const folder = mkdtempSync(join(tmpdir(), "metercast-environment-"));
  try {
    for (const [name, source] of Object.entries(modules)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), source);
    }
    const lines = activities.map((line) => `      ${line}\n`).join("");
    return use(changed(right, steam, `${steam}    activities:\n${lines}`), join(folder, "test.yaml"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The one problem of an activity: where it is shown, within the line, and what it says. */
function problemOf(activity: string, modules: Record<string, string> = { "a.mjs": good }) {
  return withFiles([activity.replace("▸", "")], modules, (text, file) => {
    const [problem, ...others] = checkEnvironment(text, file).problems;
    if (problem === undefined || others.length > 0) throw new Error(JSON.stringify([problem, ...others]));
    const shown = text.split("\n")[problem.line - 1]?.slice(problem.column - 1) ?? "";
    expect(shown).to.equal(activity.split("▸")[1]);
    return problem;
  });
}

describe("A lambda activity", () => {
  it("has the path of its module from the file, the size of its batches and its columns", () => {
    const activities = [
      "- lambda: { code: activities/scale.ts, batchSize: 100, columns: { scaled: double } }",
      "- { lambda: { code: ./other.mjs, batchSize: 1 }, name: other }",
    ];
    const modules = { "activities/scale.ts": "export const handler = (all: object[]) => all;", "other.mjs": good };
    withFiles(activities, modules, (text, file) => {
      writeFileSync(file, text);
      expect(loadEnvironment(file).meterTypes[1]?.activities).to.deep.equal([
        {
          name: "lambda: scale.ts",
          kind: "lambda",
          code: join(dirname(file), "activities/scale.ts"),
          batchSize: 100,
          columns: { scaled: "double" },
        },
        { name: "other", kind: "lambda", code: join(dirname(file), "other.mjs"), batchSize: 1, columns: {} },
      ]);
    });
  });

  it("may use one module twice, and modules of one name in the two pipelines", () => {
    const twice = ["- lambda: { code: a.mjs, batchSize: 1 }", "- lambda: { code: ./a.mjs, batchSize: 9 }"];
    withFiles(twice, { "a.mjs": good, "w/a.mjs": good }, (text, file) => {
      const weather = "weather: { activities: [{ lambda: { code: w/a.mjs, batchSize: 5 } }] }\n";
      expect(checkEnvironment(text + weather, file).problems).to.deep.equal([]);
    });
  });

  const faults: [activity: string, message: RegExp, modules?: Record<string, string>][] = [
    ["- lambda: { code: ▸b.mjs, batchSize: 1 }", /^there is no file .*b\.mjs; did you mean a\.mjs\?$/],
    ["- lambda: { code: ▸., batchSize: 1 }", /is a folder; name the module in it$/],
    ["- lambda: { code: ▸a.py, batchSize: 1 }", /^a\.py is no JavaScript or TypeScript module/, { "a.py": "pass" }],
    ["- lambda: { code: ▸a.mjs, batchSize: 1 }", /^a\.mjs does not compile: a\.mjs:2:1: /, { "a.mjs": "\n}" }],
    [
      "- lambda: { code: ▸a.mjs, batchSize: 1 }",
      /^a\.mjs does not compile: a\.mjs:1:8: Could not resolve "nowhere"/,
      { "a.mjs": 'import "nowhere";' },
    ],
    [
      "- lambda: { code: ▸a.mjs, batchSize: 1 }",
      /^a\.mjs exports nothing; it must export a function "handler"/,
      { "a.mjs": "const handler = 1;" },
    ],
    [
      "- lambda: { code: ▸a.js, batchSize: 1 }",
      /^a\.js exports "default"; it must export/,
      { "a.js": "module.exports.handler = (all) => all;" },
    ],
    ["- lambda: { code: a.mjs, batchSize: ▸0 }", /^must be a whole number from 1 to 1000, not 0$/],
    ["- lambda: { code: a.mjs, batchSize: ▸1001 }", /^must be a whole number from 1 to 1000, not 1001$/],
    ["- lambda: ▸{ code: a.mjs }", /^is missing: a whole number from 1 to 1000, such as 100$/],
    ["- lambda: ▸a.mjs", /^must be a map/],
    [
      "- lambda: { code: a.mjs, batchSize: 1, ▸size: 2 }",
      /^there is no such key; .*allowed here: code, batchSize, columns$/,
    ],
    [
      "- lambda: { code: a.mjs, batchSize: 1, columns: { a: ▸number } }",
      /^must be one of double, int, string, timestamp/,
    ],
    ["- lambda: { code: a.mjs, batchSize: 1, columns: { ▸A: double } }", /^must be a column name/],
    ["- lambda: { code: a.mjs, batchSize: 1, columns: { ▸city: string } }", /^city is set by the pipeline itself/],
    ["- lambda: { code: a.mjs, batchSize: 1, columns: { ▸meter: int } }", /^meter is a column of every message/],
    [
      `- lambda: { code: ▸${"a".repeat(40)}.mjs, batchSize: 1 }`,
      /^its function would be metercast-test-readings-lambda-a+, and Lambda's names end at 64 characters: shorten the file's name by 7$/,
    ],
  ];
  for (const [activity, message, modules] of faults) {
    it(`is refused where it is wrong: ${activity.replace("▸", "")} ${JSON.stringify(modules ?? {})}`, () => {
      const problem = problemOf(activity, modules);
      expect(problem.severity).to.equal("error");
      expect(problem.message).to.match(message);
    });
  }

  it("has a function of its own name: two modules of one name are refused", () => {
    const activities = ["- lambda: { code: x/a.mjs, batchSize: 1 }", "- lambda: { code: y/a.mjs, batchSize: 1 }"];
    withFiles(activities, { "x/a.mjs": good, "y/a.mjs": good }, (text, file) => {
      const [problem] = checkEnvironment(text, file).problems;
      expect(problem?.path).to.equal("meterTypes[1].activities[1].lambda.code");
      expect(problem?.message).to.equal(
        "its function would have the name of meterTypes[1].activities[0].lambda.code's, a; rename one of the files",
      );
    });
  });

  it("is bundled with what it imports, to the same text whatever its folder is", () => {
    const modules = {
      "a.ts": 'import { two } from "./two.ts"; export const handler = (all: number[]) => all.map((n) => n * two);',
      "two.ts": "export const two: number = 2;",
    };
    const bundle = () => withFiles([], modules, (_text, file) => bundleActivity(join(dirname(file), "a.ts")));
    expect(bundle()).to.equal(bundle());
    expect(bundle()).to.contain("two = 2").and.not.contain(tmpdir());
  });
});
