import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { DataFolderError, diskFull, type DataFolder } from "./data-folder.ts";

/** Where a running simulator listens. */
export interface Address {
  http: string;
  /** undefined while only the log is finished. */
  mqtt?: string | undefined;
}

/** Who holds a data folder. */
export interface Holder {
  pid: number;
  /** When that process started, in the kernel's clock ticks where it tells: a process id can come again. */
  started: string;
  /** It only finishes what the log of a killed simulator holds, and ends by itself. */
  finishing?: boolean;
  /** Where it can be reached, once it listens. */
  address?: Address;
}

/** Another process has the data folder. */
export class FolderHeldError extends DataFolderError {
  readonly holder: Holder;

  constructor(folder: DataFolder, holder: Holder) {
    super(
      `The data folder ${folder.path} is held by process ${holder.pid}, another simulator: stop it (Ctrl-C), or name another folder with --data.`,
    );
    this.holder = holder;
  }
}

/** The right to write in a data folder; one process has it at a time. */
export class Lock {
  readonly #file: string;
  readonly #holder: Holder;

  private constructor(file: string, holder: Holder) {
    this.#file = file;
    this.#holder = holder;
  }

  /**
   * @param options finishing: the log is finished and nothing else, so that others do well to wait
   * @throws FolderHeldError when another process that is alive has it
   */
  static acquire(folder: DataFolder, { finishing = false } = {}): Lock {
    const holder: Holder = { pid: process.pid, started: startOf(process.pid), finishing };
    const own = `${folder.lock}.${process.pid}`;
    for (;;) {
      try {
        // a link appears with its content, so that nobody ever reads half a lock
        writeFileSync(own, JSON.stringify(holder));
        linkSync(own, folder.lock);
        return new Lock(folder.lock, holder);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        if (code !== "EEXIST") throw unwritable(folder, code);
      } finally {
        rmSync(own, { force: true });
      }
      const other = holderOf(folder);
      if (other) throw new FolderHeldError(folder, other);
      removeStale(folder.lock);
    }
  }

  /** Says where the holder listens, so that other commands can ask it. */
  publish(address: Address): void {
    this.#holder.address = address;
    this.#write();
  }

  /** Says that the holder can no longer be asked; it holds the folder still. */
  retract(): void {
    delete this.#holder.address;
    this.#write();
  }

  release(): void {
    rmSync(this.#file, { force: true });
  }

  #write(): void {
    const next = `${this.#file}.${process.pid}`;
    writeFileSync(next, JSON.stringify(this.#holder));
    renameSync(next, this.#file);
  }
}

/** The live process that holds the folder, if any. */
export function holderOf(folder: DataFolder): Holder | undefined {
  return liveHolderIn(folder.lock);
}

function liveHolderIn(file: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const holder = JSON.parse(text) as Holder;
  return isAlive(holder.pid) && startOf(holder.pid) === holder.started ? holder : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Field 22 of /proc/<pid>/stat; "ended" for a process that was killed and whose parent has not asked for it yet, empty
 * where the system has no such file.
 */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "ended" : (fields[19] ?? "");
  } catch {
    return "";
  }
}

/**
 * Two processes may find the same stale lock, and the second may come when the first has its own in its place: what was
 * moved aside is looked at again, and put back where its holder is alive.
 */
function removeStale(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (liveHolderIn(aside)) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

function unwritable(folder: DataFolder, code: string | undefined): DataFolderError {
  if (code === "ENOSPC") return diskFull(folder);
  return new DataFolderError(
    `The data folder ${folder.path} cannot be written (${code}): give this user the right to, or name another place with --data.`,
  );
}
