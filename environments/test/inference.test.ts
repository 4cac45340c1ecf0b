import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";

import { checkEnvironment } from "../index.ts";
import { environmentOf, problemAtMark, problemsOf, right } from "./build.ts";

const section = (text: string) => `${right}inference:\n${text}`;

describe("How predictions are made", () => {
  it("is every hour by a Lambda function, where the file says nothing of it", () => {
    expect(environmentOf(right).inference).to.deep.equal({
      schedule: "rate(1 hour)",
      timeZone: "UTC",
      engine: "lambda",
      instanceType: "ml.m5.xlarge",
      model: resolve("model/shipped"),
      horizonHours: 24,
      historyDays: 42,
      notify: [],
      drift: { threshold: 0.25 },
      staleAfterHours: 24,
    });
  });

  it("is as the file says", () => {
    const { inference } = environmentOf(
      section(`  schedule: cron(20 6 * * ? *)
  timeZone: Europe/Dublin
  engine: sagemaker
  instanceType: ml.m5.2xlarge
  horizonHours: 48
  historyDays: 28
  notify: [energy@example.com]
  drift: { threshold: 0.1 }
  staleAfterHours: 6
`),
    );
    expect(inference).to.include({ schedule: "cron(20 6 * * ? *)", engine: "sagemaker", timeZone: "Europe/Dublin" });
    expect(inference).to.deep.include({ drift: { threshold: 0.1 }, notify: ["energy@example.com"] });
  });

  it("is none where the file says none, and nothing else but a map", () => {
    expect(environmentOf(`${right}inference: none\n`)).to.not.have.property("inference");
    expect(problemAtMark(`${right}inference: ▸nonne\n`).message).to.equal(
      'must be a map of schedule, engine and the like, or none, not the text "nonne"; did you mean none?',
    );
    expect(problemAtMark(`${right}inference: ▸[rate(1 hour)]\n`).message).to.match(/not a list/);
  });

  it("has an unknown key, with the nearest", () => {
    expect(problemAtMark(section("  ▸shedule: rate(1 hour)\n"))).to.deep.include({
      path: "inference.shedule",
      message:
        "there is no such key; did you mean schedule?; allowed here: schedule, timeZone, engine, instanceType, model, horizonHours, historyDays, notify, drift, staleAfterHours",
    });
  });

  it("has an engine and an instance of those that there are", () => {
    expect(problemAtMark(section("  engine: ▸lamda\n")).message).to.equal(
      'must be one of lambda, sagemaker, not "lamda"; did you mean lambda?',
    );
    expect(problemAtMark(section("  engine: sagemaker\n  instanceType: ▸ml.m5.xlarg\n")).message).to.match(
      /did you mean ml\.m5\.xlarge\?$/,
    );
  });

  it("is warned of an instance that no engine has a use for", () => {
    expect(problemAtMark(section("  ▸instanceType: ml.m5.large\n"))).to.deep.include({ severity: "warning" });
  });

  it("has a schedule whose fault is shown within it", () => {
    expect(problemAtMark(section("  schedule: rate(1 ▸hours)\n")).message).to.equal("must be written rate(1 hour)");
    expect(problemAtMark(section('  schedule: "cron(0 ▸24 * * ? *)"\n')).message).to.match(/hours: must be 0 to 23/);
  });

  it("has a time zone of its name", () => {
    expect(problemAtMark(section("  timeZone: ▸Europe/Dubln\n")).message).to.match(/did you mean Europe\/Dublin\?$/);
  });

  it("has numbers within their limits", () => {
    expect(problemAtMark(section("  horizonHours: ▸0\n")).message).to.equal(
      "must be a whole number from 1 to 168, not 0",
    );
    expect(problemAtMark(section("  historyDays: ▸61\n")).message).to.match(/from 7 to 60, not 61/);
    expect(problemAtMark(section("  drift: { threshold: ▸0 }\n")).message).to.match(/from 0\.01 to 10/);
    expect(problemAtMark(section("  staleAfterHours: ▸soon\n")).message).to.match(
      /a whole number.*not the text "soon"/,
    );
  });

  it("tells e-mail addresses, each once", () => {
    expect(problemAtMark(section("  notify: [energy@example.com, ▸energy.example.com]\n")).message).to.equal(
      'must be an e-mail address, such as energy@example.com, not "energy.example.com"',
    );
    expect(problemAtMark(section("  notify: [a@b.org, ▸a@b.org]\n")).message).to.match(
      /the address a@b\.org is taken by inference\.notify\[0\]/,
    );
  });

  it("has all its problems told at once", () => {
    const found = problemsOf(section("  engine: x\n  horizonHours: 900\n  schedule: never\n  notify: [x]\n"));
    expect(found.map((problem) => problem.split(" ")[1])).to.have.members([
      ...["inference.engine:", "inference.horizonHours:", "inference.schedule:", "inference.notify[0]:"],
    ]);
  });
});

describe("The model of an environment", () => {
  const folder = mkdtempSync(join(tmpdir(), "metercast-model-"));
  const problems = (model: string) =>
    checkEnvironment(section(`  model: ${model}\n`), join(folder, "test.yaml")).problems.map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    );
  const line = section("").split("\n").length;

  before(() => {
    for (const name of ["whole", "empty"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "whole", "card.json"), "{}");
    writeFileSync(join(folder, "model.txt"), "");
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is a folder beside the file, with a card", () => {
    expect(problems("whole")).to.deep.equal([]);
    const { environment } = checkEnvironment(section("  model: whole\n"), join(folder, "test.yaml"));
    expect(environment?.inference?.model).to.equal(join(folder, "whole"));
  });

  it("is told at its line where it is not there, no folder, or without its card", () => {
    expect(problems("hole")).to.deep.equal([
      `${line}:10 there is no folder ${join(folder, "hole")}; metercast model train makes one`,
    ]);
    expect(problems("model.txt")[0]).to.match(/^\d+:10 .*model\.txt is a file; name the folder that holds card\.json/);
    expect(problems("empty")[0]).to.match(/^\d+:10 .*empty has no card\.json/);
  });
});
