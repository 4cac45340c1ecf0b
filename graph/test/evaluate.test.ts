import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { UnknownEnvironmentError } from "../../environments/index.ts";
import { check, evaluate, stringify } from "../index.ts";

const devFile = fileURLToPath(new URL("../../environments/dev.yaml", import.meta.url));

describe("an environment's graph", () => {
  it("is the same bytes by name, by file, and after another environment", async () => {
    const texts = await Promise.all(
      ["dev", "prod", devFile].map(async (name) => stringify((await evaluate(name)).graph)),
    );
    expect(texts[0]).to.equal(texts[2]);
    expect(texts[0]).not.to.equal(texts[1]);
    expect(texts[0]).to.match(/\}\n$/);
  });

  it("has an asset for each hash in it, ids that differ, and references and parents that are there", async () => {
    const { graph, assets } = await evaluate("dev");
    const ids = new Set(graph.resources.map(({ id }) => id));
    expect(ids).to.have.lengthOf(graph.resources.length);
    for (const { id, parent, references } of graph.resources) {
      for (const other of [...references, ...(parent === null ? [] : [parent])]) expect(ids, id).to.include(other);
    }
    const hashes = [...JSON.stringify(graph).matchAll(/"\$asset":"([0-9a-f]{64})"/g)].map(([, hash]) => hash);
    expect(new Set(hashes)).to.deep.equal(new Set(assets.keys()));
    expect(hashes).not.to.have.lengthOf(0);
  });

  for (const name of ["dev", "prod"]) {
    it(`has no property that its resource type lacks: ${name}`, async () => {
      expect(check((await evaluate(name)).graph)).to.deep.equal([]);
    });
  }

  it("is asked for by a name of environments/ or a path; anything else is an error that says what there is", async () => {
    const error = await evaluate("prd").catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(UnknownEnvironmentError);
    expect(String(error)).to.match(/no environment "prd".*did you mean prod\?/);
  });
});
