import { expect } from "chai";
import { DockerfileError, readDockerfile } from "../processing/dockerfile.ts";

const read = (...lines: string[]) => readDockerfile(lines.join("\n"));

function refusal(...lines: string[]): string {
  try {
    read(...lines);
  } catch (error) {
    expect(error).to.be.instanceOf(DockerfileError);
    return (error as Error).message;
  }
  throw new Error("It was not refused.");
}

describe("a Dockerfile", () => {
  it("says where the image's files go, and what runs there", () => {
    const plan = read(
      "# syntax=docker/dockerfile:1",
      "ARG VERSION=3.13",
      "FROM python:${VERSION}-slim",
      "WORKDIR /opt/program",
      "COPY requirements.txt ./",
      "RUN pip install --no-cache-dir \\",
      "    # what the program needs",
      "    -r requirements.txt",
      "COPY --chown=root predict.py forest.py lib/",
      'ENV MODE=fast NAME="a b"',
      "USER nobody",
      'ENTRYPOINT ["python3", "predict.py"]',
      'CMD ["--help"]',
    );
    expect(plan).to.deep.equal({
      workingFolder: "/opt/program",
      entrypoint: ["python3", "predict.py"],
      command: ["--help"],
      environment: { MODE: "fast", NAME: "a b" },
      copies: [
        { sources: ["requirements.txt"], destination: "/opt/program/" },
        { sources: ["predict.py", "forest.py"], destination: "/opt/program/lib/" },
      ],
    });
  });

  const refused: [string, string[], string][] = [
    [
      "an instruction that is not known",
      ["FROM a", 'SHELL ["sh"]'],
      "Dockerfile:2: the instruction SHELL is not known here",
    ],
    [
      "several stages",
      ["FROM a", "FROM b"],
      "Dockerfile:2: an image of several stages cannot be followed on this machine",
    ],
    [
      "a program in a shell",
      ["FROM a", "ENTRYPOINT python3 predict.py"],
      'Dockerfile:2: ENTRYPOINT must be a list: ["python3", "program.py"]',
    ],
    [
      "files that are not named",
      ["FROM a", "COPY *.py ./"],
      "Dockerfile:2: COPY *.py ./ cannot be followed: name files or folders of the context",
    ],
    ["nothing", [""], "Dockerfile:1: it has no FROM"],
  ];
  for (const [what, lines, message] of refused) {
    it(`with ${what} is refused`, () => {
      expect(refusal(...lines)).to.equal(message);
    });
  }
});
