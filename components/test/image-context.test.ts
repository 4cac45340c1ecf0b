import { expect } from "chai";
import { imageContext, ImageContextError, imageTag } from "../inference/image-context.ts";
import { withFolder } from "./models.ts";

const dockerfile = `FROM python:3.12-slim
COPY requirements.txt ./
COPY --chown=1 predict.py \\
  trees.py /opt/
COPY --from=builder /wheels /wheels
ENTRYPOINT ["python3", "predict.py"]
`;
const files = {
  "Dockerfile": dockerfile,
  "requirements.txt": "lightgbm==4.6.0\n",
  "predict.py": "print(1)\n",
  "trees.py": "\n",
  "train.py": "print(2)\n",
};

const tagOf = (changes: Record<string, string> = {}) =>
  withFolder({ ...files, ...changes }, (folder) => imageTag(imageContext(folder)));

describe("What an image is made of", () => {
  it("is its Dockerfile and what that copies from the folder", () => {
    const names = withFolder(files, (folder) => [...imageContext(folder).keys()]);
    expect(names).to.deep.equal(["Dockerfile", "requirements.txt", "predict.py", "trees.py"]);
  });

  it("gives it a tag that a change of one of these changes, and of nothing else", () => {
    expect(tagOf()).to.match(/^[0-9a-f]{16}$/);
    expect(tagOf({ "train.py": "print(3)\n" })).to.equal(tagOf());
    expect(tagOf({ "predict.py": "print(3)\n" })).to.not.equal(tagOf());
    expect(tagOf({ Dockerfile: `${dockerfile}USER 1000\n` })).to.not.equal(tagOf());
  });

  it("must be said file by file", () => {
    for (const line of ["COPY . /opt/", "COPY *.py /opt/", "ADD predict.py /opt/", "COPY ../other /opt/"]) {
      expect(() => tagOf({ Dockerfile: `FROM python\n${line}\n` }), line).to.throw(ImageContextError, line);
    }
  });

  it("is told with the file that is missing", () => {
    expect(() => tagOf({ Dockerfile: "FROM python\nCOPY model.py ./\n" })).to.throw(ImageContextError, /model\.py/);
  });
});
