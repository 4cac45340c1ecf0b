import type { DuckDBValue } from "@duckdb/node-api";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DataFolder } from "../data-folder.ts";
import type { DataSet } from "../declared/index.ts";
import { replaceFile, synchroniseFolder } from "../durable-file.ts";
import type { AthenaSelect } from "./athena-select.ts";
import { ResidentTables, type Query } from "./resident-tables.ts";

/** What is shown of a data set. */
export interface Shown {
  /** In SQL. */
  table: string;
  rows: number;
  /** Epoch milliseconds. */
  importedAt: number;
}

/** How a data set stands. */
export interface DataSetStanding {
  importing: boolean;
  shown: Shown | undefined;
  /** Why its last import failed. */
  error: string | undefined;
}

/** A data set that cannot be asked; the message says why, and what to do. */
export class DataSetError extends Error {
  override readonly name: string = "DataSetError";
}

/** A data set of which nothing has been imported yet: there is nothing wrong, the data are to come. */
export class NothingImported extends DataSetError {
  override readonly name = "NothingImported";
}

/** Rows of a data set that is asked directly are good for so long, since a sheet asks for it once per visual. */
const directMilliseconds = 5000;

/** Name of an import that nobody has asked for: where there are no rows yet, nothing was imported. */
const atStart = "start";

/** What `current.json` says. */
interface Current {
  file: string;
  importedAt: number;
}

/**
 * The rows of the declared data sets, as SPICE keeps them: of each data set the last complete import, a Parquet file of the
 * data folder and a table in memory. An import that is killed leaves what was there before it.
 */
export class Spice {
  readonly #folder: DataFolder;
  readonly #select: AthenaSelect;
  readonly #imported: (dataSet: DataSet) => void;
  readonly #standings = new Map<string, DataSetStanding>();
  readonly #imports = new Map<string, Promise<Shown>>();
  readonly #opening = new Map<string, Promise<void>>();
  #resident: Promise<ResidentTables> | undefined;

  /**
   * @param select asks Athena for the rows of a data set
   * @param imported called when a data set has new rows, or an import of it has failed
   */
  constructor(
    folder: DataFolder,
    dataSets: Iterable<DataSet>,
    select: AthenaSelect,
    imported: (dataSet: DataSet) => void,
  ) {
    this.#folder = folder;
    this.#select = select;
    this.#imported = imported;
    for (const { arn } of dataSets) this.#standings.set(arn, { importing: false, shown: undefined, error: undefined });
  }

  /**
   * Takes up what the folder holds of a data set. Who asks meanwhile waits for it.
   *
   * @param options imports: where it holds nothing, the data set is imported, if there are rows
   */
  open(dataSet: DataSet, { imports }: { imports: boolean }): Promise<void> {
    const opened = this.#open(dataSet).then(async (isThere) => {
      if (imports && !isThere && dataSet.importMode === "SPICE") await this.import(dataSet, atStart);
    });
    // what fails is told with the data set
    const settled = opened.catch(() => undefined);
    this.#opening.set(dataSet.arn, settled);
    return settled;
  }

  async #open(dataSet: DataSet): Promise<boolean> {
    const folder = this.#folder.spice(dataSet.id);
    if (!existsSync(folder)) return false;
    const current = currentIn(folder);
    for (const name of readdirSync(folder)) {
      if (name !== currentName && name !== current?.file) rmSync(join(folder, name)); // a killed import's, or an old one
    }
    if (!current) return false;
    const { table, rows } = await (await this.#tables()).load(join(folder, current.file));
    this.#of(dataSet).shown = { table, rows, importedAt: current.importedAt };
    return true;
  }

  standing(dataSet: DataSet): DataSetStanding {
    const { importing, shown, error } = this.#of(dataSet);
    return { importing, shown, error };
  }

  /**
   * Imports a data set: all of its rows anew.
   *
   * @param name of the import, a part of a file's name
   * @returns what is shown then
   * @throws DataSetError with the reason, when what was shown before is shown still
   */
  import(dataSet: DataSet, name: string): Promise<Shown> {
    const before = this.#imports.get(dataSet.arn) ?? Promise.resolve();
    const next = before.catch(() => undefined).then(() => this.#import(dataSet, name));
    this.#imports.set(dataSet.arn, next);
    const ended = () => {
      if (this.#imports.get(dataSet.arn) === next) this.#imports.delete(dataSet.arn);
    };
    next.then(ended, ended);
    return next;
  }

  /**
   * Asks a data set.
   *
   * @param query of what is shown of it
   * @throws DataSetError where nothing can be shown
   */
  async ask(dataSet: DataSet, query: (shown: Shown) => Query): Promise<{ rows: DuckDBValue[][]; shown: Shown }> {
    await this.#settle(dataSet);
    const tables = await this.#tables();
    // nothing waits between this and the question, which a table that is replaced lives to see
    const shown = this.#shownOf(dataSet);
    const { sql, bound } = query(shown);
    return { rows: await tables.rows(sql, bound), shown };
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#opening.values(), ...this.#imports.values()]);
    await this.#resident?.then((tables) => tables.close());
  }

  async #import(dataSet: DataSet, name: string): Promise<Shown> {
    const standing = this.#of(dataSet);
    standing.importing = true;
    try {
      const importedAt = Date.now();
      const file = `${importedAt}-${name}.parquet`;
      const folder = this.#folder.spice(dataSet.id);
      await this.#select(dataSet, (written) => Promise.try(() => this.#keep(written, folder, file)));
      const { table, rows } = await (await this.#tables()).load(join(folder, file));
      if (rows === 0 && name === atStart) {
        rmSync(join(folder, file));
        return { table, rows, importedAt };
      }
      replaceFile(join(folder, currentName), JSON.stringify({ file, importedAt } satisfies Current));
      for (const old of readdirSync(folder)) {
        if (old !== currentName && old !== file) rmSync(join(folder, old));
      }
      const before = standing.shown;
      standing.shown = { table, rows, importedAt };
      standing.error = undefined;
      if (before) await (await this.#tables()).drop(before.table);
      return standing.shown;
    } catch (error) {
      standing.error = error instanceof DataSetError ? error.message : `The import failed: ${(error as Error).message}`;
      throw error instanceof DataSetError ? error : new DataSetError(standing.error, { cause: error });
    } finally {
      standing.importing = false;
      this.#imported(dataSet);
    }
  }

  #keep(written: string, folder: string, file: string): void {
    mkdirSync(folder, { recursive: true });
    renameSync(written, join(folder, file));
    synchroniseFolder(folder);
  }

  /** Waits for what is needed before a data set can be asked. */
  async #settle(dataSet: DataSet): Promise<void> {
    await this.#opening.get(dataSet.arn);
    if (dataSet.importMode !== "DIRECT_QUERY") return;
    const { shown } = this.#of(dataSet);
    if (shown && Date.now() - shown.importedAt < directMilliseconds) return;
    await (this.#imports.get(dataSet.arn) ?? this.import(dataSet, "direct"));
  }

  /** @throws DataSetError */
  #shownOf(dataSet: DataSet): Shown {
    const { shown, error, importing } = this.#of(dataSet);
    if (shown) return shown;
    if (error !== undefined) throw new DataSetError(error);
    throw new NothingImported(
      importing
        ? "The data are being taken in: a moment."
        : "There are no data yet: they come with the first run, `metercast run`.",
    );
  }

  #of({ arn }: DataSet): DataSetStanding {
    const standing = this.#standings.get(arn);
    if (!standing) throw new DataSetError(`The data set ${arn} is not declared.`);
    return standing;
  }

  #tables(): Promise<ResidentTables> {
    const folder = this.#folder.spice();
    mkdirSync(folder, { recursive: true });
    return (this.#resident ??= ResidentTables.open(folder));
  }
}

const currentName = "current.json";

function currentIn(folder: string): Current | undefined {
  const file = join(folder, currentName);
  if (!existsSync(file)) return undefined;
  const current = JSON.parse(readFileSync(file, "utf8")) as Current;
  return existsSync(join(folder, current.file)) ? current : undefined;
}
