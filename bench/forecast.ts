import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readParquet } from "../lambdas/parquet/index.ts";
import { writeFleet, type Job } from "./fleet.ts";
import { answerOf, start } from "./processes.ts";

/** Seconds of processor time. */
export interface Spent {
  rows: number;
  /** Reading included. */
  features: number;
  predict: number;
}

const shippedModel = fileURLToPath(new URL("../model/shipped", import.meta.url));
const peer = fileURLToPath(new URL("pandas_forecast.py", import.meta.url));

/**
 * Two weeks of forecasts for the environment "prod", with the model that comes with the project, by the code of the
 * Lambdas and by pandas and LightGBM's Python package, from the same files.
 */
export class ForecastBench {
  readonly #folder = mkdtempSync(join(tmpdir(), "metercast-forecasts-"));
  readonly #job: Job = writeFleet(this.#folder);

  constructor() {
    cpSync(shippedModel, join(this.#folder, "model"), { recursive: true });
  }

  own(): Promise<Spent> {
    return answerOf<Spent>(start("forecast-own.ts", this.#folder));
  }

  /** @param python an interpreter with the packages of requirements.txt */
  async pandas(python: string): Promise<Spent> {
    const { stdout } = await promisify(execFile)(python, [peer, this.#folder], {
      env: { ...process.env, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" },
    });
    const { rows, read, features, predict } = JSON.parse(stdout) as Spent & { read: number };
    return { rows, features: read + features, predict };
  }

  /**
   * Share of the rows that both predict alike, to a millionth. The features of both agree to 1e-9, but observations of a
   * decimal place give sums that a split falls between by their last bit.
   *
   * @throws Error where they are not about the same rows
   */
  async agreement(): Promise<number> {
    const wanted = { building_id: "number", meter: "number", timestamp: "number", predicted: "number" } as const;
    const [own, theirs] = await Promise.all(
      ["own.parquet", "predictions.parquet"].map((name) =>
        readParquet([{ name, bytes: readFileSync(join(this.#folder, name)) }], wanted),
      ),
    );
    if (own === undefined || theirs === undefined || own.rows !== theirs.rows) throw new Error("rows are missing");
    let alike = 0;
    for (let row = 0; row < own.rows; row++) {
      for (const key of ["building_id", "meter", "timestamp"] as const) {
        if (own.columns[key][row] !== theirs.columns[key][row]) throw new Error(`row ${row} differs in ${key}`);
      }
      const [a, b] = [own.columns.predicted[row] ?? NaN, theirs.columns.predicted[row] ?? NaN];
      if (Math.abs(a - b) <= 1e-6 * (1 + Math.abs(b))) alike++;
    }
    return alike / own.rows;
  }

  /** MB that each of the two Lambdas has held at most for the forecasts of the city with the most series. */
  async memory(): Promise<{ city: string; rows: number; features: number; predict: number }> {
    const { name = "" } = this.#job.cities.toSorted((a, b) => b.series - a.series)[0] ?? {};
    const run = (lambda: string) =>
      answerOf<{ rows: number; megabytes: number }>(start("forecast-lambda.ts", this.#folder, name, lambda));
    const features = await run("features");
    const predict = await run("predict");
    return { city: name, rows: predict.rows, features: features.megabytes, predict: predict.megabytes };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
