import { expect } from "chai";
import fc from "fast-check";
import { parse, stringify } from "yaml";

import { checkEnvironment } from "../index.ts";
import { places, valueAt } from "../path.ts";
import type { Path } from "../path.ts";
import { right } from "./build.ts";

const full = `${right}weather:
  sql: SELECT * FROM 'weather'
  activities: [{ filter: air_temperature > 0 }]
ingestion: { rules: [{ name: all, sql: SELECT * FROM 'all' }], bufferSeconds: 60, acceptFrom: 2000-01-01T00:00Z }
tags: { owner: me }
inference: { schedule: cron(0/15 * ? * 2#1 *), notify: [a@b.org], drift: { threshold: 0.5 } }
datasets: [{ name: mine, sql: "SELECT (1) FROM readings WHERE dt >= :from", deliver: "dataset/!{versionId}.csv" }]
`;

/** Every path of a document. */
function paths(value: unknown, path: Path = []): Path[] {
  const steps = typeof value === "object" && value !== null ? Object.keys(value) : [];
  const children = steps.map((step) => [...path, Array.isArray(value) ? Number(step) : step]);
  return [path, ...children.flatMap((child) => paths(valueAt(value, child.slice(path.length)), child))];
}

function replaced(root: unknown, path: Path, by: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return by;
  const copy = structuredClone(root) as Record<string | number, unknown>;
  copy[step] = replaced(copy[step], rest, by);
  return copy;
}

function checkAnswers(text: string): void {
  const { environment, problems } = checkEnvironment(text, "test.yaml");
  const lines = text.split(/\r?\n/);
  for (const { line, column } of problems) {
    expect(line).to.be.within(1, lines.length);
    expect(column).to.be.within(1, (lines[line - 1]?.length ?? 0) + 1);
  }
  expect(environment === undefined).to.equal(problems.some(({ severity }) => severity === "error"));
}

describe("Whatever an environment file holds, its check answers with problems at places of the file", () => {
  it("when any value of it is another", () => {
    const document: unknown = parse(full);
    expect(places(document, "weather.activities.*")).to.have.length(1);
    fc.assert(
      fc.property(fc.constantFrom(...paths(document)), fc.jsonValue(), (path, value) => {
        checkAnswers(stringify(replaced(document, path, value)));
      }),
      { numRuns: 150, seed: 3 },
    );
  });

  it("when it is cut off anywhere", () => {
    for (let length = 0; length < full.length; length += 7) checkAnswers(full.slice(0, length));
  });

  it("when any of its characters is another", () => {
    fc.assert(
      fc.property(fc.nat(full.length - 1), fc.constantFrom(..."{}[]:,&*'\"|>-#%@`!?\t\n \\0"), (index, character) => {
        checkAnswers(full.slice(0, index) + character + full.slice(index + 1));
      }),
      { numRuns: 150, seed: 3 },
    );
  });
});
