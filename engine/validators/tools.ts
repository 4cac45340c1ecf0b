import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasPython, virtualEnvironment } from "../../model/python.ts";
import { ValidatorError } from "./validator-error.ts";

const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));

const longestRun = 120_000;

/** The command line tools of requirements.txt, in a virtual environment of their own. */
export class Tools {
  /** Where the commands are. */
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Installs the tools unless these versions are in the cache; undefined where there is no Python to run them. */
  static install(report: (what: string) => void): Tools | undefined {
    if (!hasPython()) return undefined;
    return new Tools(dirname(virtualEnvironment(requirements, "validators", report)));
  }

  /**
   * What a tool writes to standard output.
   *
   * @param codes The exit codes of a tool that has done its work, findings or none.
   */
  run(tool: "cfn-lint" | "parliament", parameters: string[], codes: (code: number) => boolean): string {
    return succeed(join(this.folder, tool), parameters, longestRun, codes);
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
