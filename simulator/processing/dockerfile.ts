import { posix } from "node:path";

/** A Dockerfile that this machine cannot follow; the message names its line. */
export class DockerfileError extends Error {
  override readonly name = "DockerfileError";
}

/** What a Dockerfile says of a container. */
export interface ImagePlan {
  /** Absolute path in the container. */
  workingFolder: string;
  entrypoint: string[];
  command: string[];
  environment: Record<string, string>;
  /** Files of the context, in the order in which they are copied. */
  copies: { sources: string[]; destination: string }[];
}

/** Instructions that change nothing of how the program runs here, with the reason. */
const withoutMeaning: ReadonlySet<string> = new Set([
  "EXPOSE", // nothing is reached from outside
  "LABEL", // for people
  "MAINTAINER", // for people
  "RUN", // installs what the program needs: here the Python that runs it has it
  "USER", // it runs as this machine's user
]);

/**
 * Reads a Dockerfile as far as it says what runs: FROM, WORKDIR, COPY, ENV, ARG, ENTRYPOINT, CMD (Dockerfile reference).
 *
 * @throws DockerfileError
 */
export function readDockerfile(text: string): ImagePlan {
  const plan: ImagePlan = { workingFolder: "/", entrypoint: [], command: [], environment: {}, copies: [] };
  const variables = new Map<string, string>();
  let stages = 0;
  for (const { line, instruction, rest } of instructionsOf(text)) {
    const fail = (message: string): never => {
      throw new DockerfileError(`Dockerfile:${line}: ${message}`);
    };
    const value = expanded(rest, variables);
    switch (instruction) {
      case "FROM":
        if (++stages > 1) fail("an image of several stages cannot be followed on this machine");
        break;
      case "ARG": {
        const [name = "", given] = value.split(/=(.*)/s);
        if (given !== undefined) variables.set(name, given);
        break;
      }
      case "ENV":
        for (const [name, given] of pairsOf(value)) {
          plan.environment[name] = given;
          variables.set(name, given);
        }
        break;
      case "WORKDIR":
        plan.workingFolder = posix.resolve(plan.workingFolder, value);
        break;
      case "COPY": {
        const words = value.startsWith("[") ? jsonWords(value) : value.split(/\s+/);
        const files = words?.filter((word) => !/^--(?:chown|chmod|link)\b/.test(word));
        if (!files || files.length < 2 || files.some((word) => word.startsWith("--") || /[*?]/.test(word))) {
          return fail(`COPY ${rest} cannot be followed: name files or folders of the context`);
        }
        const to = files.at(-1) as string;
        const destination = posix.resolve(plan.workingFolder, to) + (/\/$|^\.$/.test(to) ? "/" : "");
        plan.copies.push({ sources: files.slice(0, -1), destination });
        break;
      }
      case "ENTRYPOINT":
      case "CMD": {
        const words = jsonWords(value) ?? fail(`${instruction} must be a list: ["python3", "program.py"]`);
        if (instruction === "CMD") plan.command = words;
        else {
          plan.entrypoint = words;
          plan.command = []; // an ENTRYPOINT forgets the CMD of the image below
        }
        break;
      }
      default:
        if (!withoutMeaning.has(instruction)) fail(`the instruction ${instruction} is not known here`);
    }
  }
  if (stages === 0) throw new DockerfileError("Dockerfile:1: it has no FROM");
  return plan;
}

function* instructionsOf(text: string): Generator<{ line: number; instruction: string; rest: string }> {
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    let whole = lines[at] as string;
    if (/^\s*(?:#.*)?$/.test(whole)) continue;
    while (/\\\s*$/.test(whole) && at + 1 < lines.length) {
      const next = lines[++at] as string;
      if (!/^\s*#/.test(next)) whole = `${whole.replace(/\\\s*$/, "")} ${next.trim()}`;
    }
    const [, instruction = "", rest = ""] = /^\s*(\S+)\s*(.*?)\s*$/s.exec(whole) ?? [];
    yield { line, instruction: instruction.toUpperCase(), rest };
  }
}

function expanded(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) => {
    return variables.get(braced ?? plain ?? "") ?? "";
  });
}

function pairsOf(text: string): [string, string][] {
  if (!/^\w+=/.test(text)) {
    const [, name = "", value = ""] = /^(\S+)\s+(.*)$/s.exec(text) ?? [];
    return [[name, value]];
  }
  return [...text.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|\S*)/g)].map(([, name = "", value = ""]) => [
    name,
    value.replace(/^"|"$/g, "").replaceAll(/\\(.)/g, "$1"),
  ]);
}

function jsonWords(text: string): string[] | undefined {
  let words: unknown;
  try {
    words = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
}
