import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { LoadError } from "../errors.ts";
import type { Kind, LeftOut } from "../sources/source.ts";

/** How far the records of one kind were acknowledged. */
export interface Position {
  /** Position of the source at which the unfinished batch begins. */
  batch: number;
  /** Messages of that batch that were acknowledged, from its first. */
  messages: number;
  /** Records acknowledged, and left out, up to here. */
  sent: number;
  leftOut: number;
  problems: LeftOut[];
  finished: boolean;
}

export function startPosition(): Position {
  return { batch: 0, messages: 0, sent: 0, leftOut: 0, problems: [], finished: false };
}

/** How far a load has come; written anew as a whole each time, so that it is never half of it. */
export interface ResumeFile {
  /** Positions of an earlier session of the same load. */
  read(kind: Kind): Position;
  save(positions: Partial<Record<Kind, Position>>): void;
}

/**
 * @param identity what is loaded, and how: positions of a load that differs in any of it are not used
 * @param path undefined: nothing is kept
 */
export function resumeFile(path: string | undefined, identity: Partial<Record<Kind, unknown>>): ResumeFile {
  const earlier = path === undefined ? {} : readPositions(path);
  const digests = Object.fromEntries(Object.entries(identity).map(([kind, value]) => [kind, digest(value)]));
  if (path !== undefined) mkdirSync(dirname(path), { recursive: true });
  return {
    read(kind) {
      const saved = earlier[kind];
      return saved !== undefined && saved.identity === digests[kind] ? saved.position : startPosition();
    },
    save(positions) {
      if (path === undefined) return;
      const content = Object.fromEntries(
        Object.entries(positions).map(([kind, position]) => [kind, { identity: digests[kind], position }]),
      );
      const unfinished = `${path}.${String(process.pid)}.tmp`;
      try {
        writeFileSync(unfinished, JSON.stringify(content));
        renameSync(unfinished, path);
      } catch (error) {
        rmSync(unfinished, { force: true });
        throw new LoadError(
          `Cannot keep how far the load has come: ${(error as Error).message}. Make room there and load again.`,
          {
            cause: error,
          },
        );
      }
    },
  };
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

interface Saved {
  /** Digest of what is loaded. */
  identity: string;
  position: Position;
}

/** A file that is absent, or that a power cut left empty, means that the load begins anew: what was sent is then sent again, as it may be. */
function readPositions(path: string): Partial<Record<Kind, Saved>> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
  try {
    return JSON.parse(text) as Partial<Record<Kind, Saved>>;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
