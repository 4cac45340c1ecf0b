import { spawn } from "node:child_process";
import { cpSync, createWriteStream, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import type { Image } from "../declared/image.ts";
import { readDockerfile, type ImagePlan } from "./dockerfile.ts";

/** An image cannot be run on this machine; the message says why. */
export class ImageError extends Error {
  override readonly name = "ImageError";
}

/** What a job says of its container. */
export interface ContainerRequest {
  entrypoint: readonly string[] | undefined;
  arguments: readonly string[] | undefined;
  environment: Readonly<Record<string, string>>;
}

/** How a program ended. */
export interface Ended {
  /** undefined where it was killed. */
  exitCode: number | undefined;
  /** What it wrote for whoever asks (`/opt/ml/output/message`), or the last lines that it printed. */
  message: string;
}

/** Bytes of an exit message at most (SageMaker API reference, DescribeProcessingJob). */
const messageBytes = 1024;

/** Where SageMaker's containers have what belongs to a job. */
const ml = "/opt/ml";

/**
 * A container of an image as far as one can be had without Docker: the image's own program in a folder of this machine,
 * in which every path of the container below `/opt/ml` and every file that the image copies has its place.
 */
export class Container {
  readonly #root: string;
  readonly #plan: ImagePlan;

  /**
   * Lays the image's files out.
   *
   * @param project the folder that the paths of an image start from
   * @param root an empty folder
   * @throws ImageError, DockerfileError
   */
  constructor(image: Image, project: string, root: string) {
    this.#root = root;
    const context = resolve(project, image.context);
    const dockerfile = resolve(project, image.dockerfile);
    if (!existsSync(dockerfile)) {
      throw new ImageError(`The image ${image.uri} is built from ${dockerfile}, which is not there.`);
    }
    this.#plan = readDockerfile(readFileSync(dockerfile, "utf8"));
    for (const { sources, destination } of this.#plan.copies) {
      for (const source of sources) {
        const from = join(context, source);
        if (!existsSync(from)) throw new ImageError(`${dockerfile} copies ${source}, which ${context} does not have.`);
        const isFolder = destination.endsWith("/") || sources.length > 1;
        const to = this.path(isFolder ? posix.join(destination, posix.basename(source)) : destination);
        mkdirSync(dirname(to), { recursive: true });
        cpSync(from, to, { recursive: true });
      }
    }
    mkdirSync(this.path(this.#plan.workingFolder), { recursive: true });
    mkdirSync(this.path(`${ml}/output`), { recursive: true });
  }

  /** Where a path of the container is on this machine. */
  path(inside: string): string {
    return join(this.#root, posix.resolve("/", inside));
  }

  /**
   * Runs the program to its end.
   *
   * @param python the interpreter that runs Python programs
   * @param log file that gets what it prints
   * @param signal ends it
   * @throws ImageError where it is no program of Python's, or there is no Python
   */
  async run(request: ContainerRequest, python: string, log: string, signal: AbortSignal): Promise<Ended> {
    const [program, ...words] = this.#command(request);
    if (program === undefined || !/(?:^|\/)python3?(?:\.\d+)?$/.test(program)) {
      throw new ImageError(
        `The program ${program ?? "of the image"} does not run here: an image's Python program does.`,
      );
    }
    const environment = { ...this.#plan.environment, ...request.environment };
    const output = createWriteStream(log);
    const child = spawn(
      python,
      words.map((word) => this.#mapped(word)),
      {
        cwd: this.path(this.#plan.workingFolder),
        env: {
          PATH: process.env["PATH"],
          HOME: this.#root,
          TMPDIR: this.#root,
          PYTHONUNBUFFERED: "1",
          ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, this.#mapped(value)])),
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let tail = "";
    for (const printed of [child.stdout, child.stderr]) {
      printed.on("data", (chunk: Buffer) => {
        output.write(chunk);
        tail = (tail + chunk.toString("utf8")).slice(-4 * messageBytes);
      });
    }
    const end = () => child.kill("SIGKILL");
    signal.addEventListener("abort", end, { once: true });
    try {
      const exitCode = await new Promise<number | undefined>((settle, fail) => {
        child.once("error", fail);
        child.once("close", (code) => settle(code ?? undefined));
        if (signal.aborted) end();
      });
      return { exitCode, message: this.#message(tail) };
    } catch (error) {
      throw new ImageError(
        `Python cannot be started as ${python} (${(error as NodeJS.ErrnoException).code}): ${howToGet}`,
      );
    } finally {
      signal.removeEventListener("abort", end);
      await new Promise((closed) => output.end(closed));
    }
  }

  /** A job's entry point forgets the image's command; its arguments take the place of it. */
  #command({ entrypoint, arguments: given }: ContainerRequest): string[] {
    const command = given ?? (entrypoint ? [] : this.#plan.command);
    return [...(entrypoint ?? this.#plan.entrypoint), ...command];
  }

  /** A path of the container that has a place here, alone or behind an option's `=`. */
  #mapped(word: string): string {
    return word.replace(/^(--?[\w-]+=)?(\/.*)$/s, (whole, option: string | undefined, path: string) => {
      const here = this.path(path);
      return path === ml || path.startsWith(`${ml}/`) || existsSync(here) ? `${option ?? ""}${here}` : whole;
    });
  }

  #message(tail: string): string {
    const written = this.path(`${ml}/output/message`);
    const text = existsSync(written) ? readFileSync(written, "utf8") : tail;
    const missing = /ModuleNotFoundError: No module named '([^']+)'/.exec(tail)?.[1];
    const hint = missing === undefined ? "" : `\nThis machine's Python lacks ${missing}: ${howToGet}`;
    return (text.trim() + hint).slice(-messageBytes);
  }
}

const howToGet =
  "`metercast model train` makes a virtual environment with what the image has, or install Python 3 with the packages of the image's requirements.txt.";
