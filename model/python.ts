import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What Python is needed for cannot be done. The message says how to get it, or what the script said. */
export class PythonError extends Error {
  override name = "PythonError";
}

/** Where this project keeps what it installs or builds outside of the repository, for the next run. */
export const cacheFolder = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "metercast");

/** Packages that training and prediction need. */
export const modelRequirements = fileURLToPath(new URL("requirements.txt", import.meta.url));

const leastVersion = [3, 10] as const;

/** Installing downloads some 120 MB. */
const longestInstall = 900_000;
const onWindows = process.platform === "win32";

/** Whether a Python that is new enough is here. */
export function hasPython(): boolean {
  return findPython() !== undefined;
}

/**
 * The interpreter of a virtual environment that has the packages of a requirements file; it is made unless it is there.
 * Two processes that ask at once get the same: one makes it, the other waits.
 *
 * @param name what the environment is called in the cache
 * @param report called with a line before something that takes its time
 * @throws PythonError where there is no Python 3.10, or the packages cannot be had
 */
export function virtualEnvironment(requirements: string, name: string, report: (line: string) => void): string {
  const { folder, complete, python } = placeOf(requirements, name);
  if (existsSync(complete)) return python;
  const base = findPython();
  if (base === undefined) {
    throw new PythonError(
      `Python ${leastVersion.join(".")} or later is needed and is not on the path: install it from https://www.python.org/downloads/, or with the system's packages (python3, python3-venv).`,
    );
  }
  mkdirSync(cacheFolder, { recursive: true });
  const release = lock(`${folder}.lock`, report);
  try {
    if (existsSync(complete)) return python;
    report(`installing Python packages into ${folder}`);
    rmSync(folder, { recursive: true, force: true });
    install(base, ["-m", "venv", folder], "The packages python3-venv and python3-pip may be missing.");
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
    install(
      python,
      ["-m", "pip", "install", ...quiet, "-r", requirements],
      "pip needs the network, or PIP_INDEX_URL with a mirror.",
    );
    writeFileSync(complete, "");
    return python;
  } finally {
    release();
  }
}

/** The interpreter of {@link virtualEnvironment} where that was made before; nothing is installed. */
export function installedEnvironment(requirements: string, name: string): string | undefined {
  const { complete, python } = placeOf(requirements, name);
  return existsSync(complete) ? python : undefined;
}

/** @returns `complete`: a file that is there when all is installed */
function placeOf(requirements: string, name: string): { folder: string; complete: string; python: string } {
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const folder = join(cacheFolder, `${name}-${hash}`);
  const python = onWindows ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
  return { folder, complete: join(folder, "complete"), python };
}

function findPython(): string | undefined {
  return ["python3", "python"].find((command) => {
    const { status, stdout } = spawnSync(command, ["-c", "import sys; print(*sys.version_info[:2])"], {
      encoding: "utf8",
      timeout: 30_000,
    });
    if (status !== 0) return false;
    const [major = 0, minor = 0] = stdout.trim().split(" ").map(Number);
    return major > leastVersion[0] || (major === leastVersion[0] && minor >= leastVersion[1]);
  });
}

function install(command: string, parameters: string[], hint: string): void {
  const { status, error, stdout, stderr } = spawnSync(command, parameters, {
    timeout: longestInstall,
    encoding: "utf8",
    maxBuffer: 64 * 1024 ** 2,
  });
  if (error === undefined && status === 0) return;
  const reason = error?.message ?? `exit code ${status ?? "none, it was ended"}`;
  throw new PythonError(
    `${command} ${parameters.join(" ")} failed (${reason}). ${hint}\n${stderr ?? ""}${stdout ?? ""}`,
  );
}

/** Holds a lock that a process which has died does not keep. @returns what gives it back */
function lock(folder: string, report: (line: string) => void): () => void {
  const owner = join(folder, "owner");
  let said = false;
  for (;;) {
    try {
      mkdirSync(folder);
      writeFileSync(owner, String(process.pid));
      return () => rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (isAbandoned(folder, owner)) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (!said) report("waiting for another process that installs the same Python packages");
    said = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
}

function isAbandoned(folder: string, owner: string): boolean {
  try {
    process.kill(Number(readFileSync(owner, "utf8")), 0);
    return false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH") return true;
    if (code !== "ENOENT") return false;
  }
  // Between making the folder and writing its owner: a moment, unless the process died in it.
  const made = statSync(folder, { throwIfNoEntry: false });
  return made !== undefined && Date.now() - made.mtimeMs > 10_000;
}

/**
 * Runs a script of this folder; what it writes to standard error is passed on line by line.
 *
 * @throws PythonError with the end of what it wrote when it fails
 */
export function runScript(
  python: string,
  script: string,
  parameters: readonly string[],
  report: (line: string) => void,
): Promise<void> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(python, [path, ...parameters], { stdio: ["ignore", "ignore", "pipe"] });
    const said: string[] = [];
    let rest = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        said.push(line);
        if (line.startsWith("progress: ")) report(line.slice("progress: ".length));
      }
    });
    child.on("error", (error) => reject(new PythonError(`${python} cannot be run: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve();
      const end = [...said, rest].slice(-30).join("\n");
      reject(new PythonError(`${script} failed (${signal ?? `exit code ${code}`}):\n${end}`));
    });
  });
}
