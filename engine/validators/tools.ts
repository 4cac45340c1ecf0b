import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../locate.ts";
import { ValidatorError } from "./validator-error.ts";

const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));

/** Installing downloads some 60 MB. */
const longestInstall = 600_000;
const longestRun = 120_000;

/** The command line tools of requirements.txt, in a virtual environment of their own. */
export class Tools {
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Installs the tools unless these versions are in the cache; undefined where there is no Python to run them. */
  static install(report: (what: string) => void): Tools | undefined {
    const versions = readFileSync(requirements);
    const folder = join(cacheFolder, `validators-${createHash("sha256").update(versions).digest("hex").slice(0, 12)}`);
    const complete = join(folder, "complete");
    const tools = new Tools(folder);
    if (existsSync(complete)) return tools;
    if (spawnSync("python3", ["--version"], { stdio: "ignore" }).status !== 0) return undefined;
    report(`installing the validators into ${folder}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(cacheFolder, { recursive: true });
    succeed("python3", ["-m", "venv", folder], longestInstall);
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
    succeed(join(folder, "bin", "python"), ["-m", "pip", "install", ...quiet, "-r", requirements], longestInstall);
    writeFileSync(complete, "");
    return tools;
  }

  /**
   * What a tool writes to standard output.
   *
   * @param codes The exit codes of a tool that has done its work, findings or none.
   */
  run(tool: "cfn-lint" | "parliament", parameters: string[], codes: (code: number) => boolean): string {
    return succeed(join(this.folder, "bin", tool), parameters, longestRun, codes);
  }
}

/** Runs `work` on a folder that is gone afterwards. */
export function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "metercast-validate-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a command writes to standard output. @throws ValidatorError where it fails, or takes too long */
export function succeed(
  command: string,
  parameters: string[],
  timeout: number,
  codes: (code: number) => boolean = (code) => code === 0,
): string {
  const { status, error, stdout, stderr } = spawnSync(command, parameters, {
    timeout,
    encoding: "utf8",
    maxBuffer: 64 * 1024 ** 2,
    // parliament takes its policy from a standard input that is no terminal, unless it is told of files.
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error !== undefined || status === null || !codes(status)) {
    const reason = error?.message ?? `exit code ${status ?? "none, it was ended"}`;
    throw new ValidatorError(`${command} ${parameters.join(" ")} failed (${reason}):\n${stderr}${stdout}`);
  }
  return stdout;
}
