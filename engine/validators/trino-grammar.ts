import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../model/python.ts";
import { inFolder, succeed } from "./tools.ts";
import { type Finding, ValidatorError } from "./validator-error.ts";

const pom = fileURLToPath(new URL("trino/pom.xml", import.meta.url));
const program = fileURLToPath(new URL("trino/Grammar.java", import.meta.url));

/** Maven downloads its plugin and some 4 MB of parser. */
const longestInstall = 600_000;
const longestRun = 120_000;

/** A statement, and where it is from. */
export interface Statement {
  name: string;
  sql: string;
}

/** Trino's own parser, which Athena's is. */
export class TrinoGrammar {
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Installs the parser unless this version is in the cache; undefined where there is no Java, or no Maven to get it. */
  static install(report: (what: string) => void): TrinoGrammar | undefined {
    const sources = createHash("sha256").update(readFileSync(pom)).update(readFileSync(program));
    const folder = join(cacheFolder, `trino-grammar-${sources.digest("hex").slice(0, 12)}`);
    const complete = join(folder, "complete");
    if (!runs("java", "-version")) return undefined;
    if (existsSync(complete)) return new TrinoGrammar(folder);
    if (!runs("javac", "-version") || !runs("mvn", "--version")) return undefined;
    report(`installing Trino's parser into ${folder}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const quiet = ["--quiet", "--batch-mode", "--file", pom];
    succeed("mvn", [...quiet, "dependency:copy-dependencies", `-DoutputDirectory=${folder}`], longestInstall);
    succeed("javac", ["-cp", join(folder, "*"), "-d", folder, program], longestInstall);
    writeFileSync(complete, "");
    return new TrinoGrammar(folder);
  }

  /** What its grammar does not know in statements. */
  check(statements: readonly Statement[]): Finding[] {
    return inFolder((folder) => {
      const files = statements.map(({ sql }, index) => {
        const file = join(folder, `${index}.sql`);
        writeFileSync(file, parseable(sql));
        return file;
      });
      const classes = [this.folder, join(this.folder, "*")].join(process.platform === "win32" ? ";" : ":");
      const lines = succeed("java", ["-cp", classes, "Grammar", ...files], longestRun)
        .trim()
        .split("\n");
      if (lines.pop() !== `parsed ${files.length}`) {
        throw new ValidatorError(`Trino's parser did not look at all of ${files.length} statements.`);
      }
      return lines.map((line) => {
        const [file = "", row, column, why] = line.split("\t");
        const statement = statements[Number.parseInt(basename(file), 10)];
        return { resource: statement?.name ?? file, rule: "TRINO_GRAMMAR", message: `${row}:${column}: ${why}` };
      });
    });
  }
}

/**
 * UNLOAD is Athena's own. Its query and its properties have the grammar of CREATE TABLE AS, whose properties they are.
 * (https://docs.aws.amazon.com/athena/latest/ug/unload.html)
 */
function parseable(sql: string): string {
  const parts = /^UNLOAD \((?<query>[^]*)\) TO 's3:\/\/(?:[^']|'')+\/' WITH \((?<properties>[^()]*)\)$/.exec(
    sql,
  )?.groups;
  return parts === undefined ? sql : `CREATE TABLE unloaded WITH (${parts["properties"]}) AS (${parts["query"]})`;
}

function runs(command: string, argument: string): boolean {
  return spawnSync(command, [argument], { stdio: "ignore", timeout: 60_000 }).status === 0;
}
