import { resolve } from "node:path";

import { ActivityCodeError, bundleActivity, functionKey } from "./activity-code.ts";
import type { Finding } from "./finding.ts";
import { formatPath, texts, valueAt } from "./path.ts";
import type { Path, Place } from "./path.ts";

const error = (path: Path, message: string): Finding => ({ path, message, severity: "error" });

/** Lambda API, CreateFunction. */
const functionNameLength = 64;

/** The modules of lambda activities: each must be there and export `handler`, and give its function a name of its own. */
export function checkFunctions(data: unknown, folder: string): Finding[] {
  return [
    ...checkPipeline(data, folder, "readings", texts(data, "meterTypes.*.activities.*.lambda.code")),
    ...checkPipeline(data, folder, "weather", texts(data, "weather.activities.*.lambda.code")),
  ];
}

function checkPipeline(data: unknown, folder: string, pipeline: string, modules: Place<string>[]): Finding[] {
  const environment = valueAt(data, ["name"]);
  const files = new Map<string, { path: Path; code: string }>();
  return modules.flatMap(({ path, value }): Finding[] => {
    if (value === "") return [];
    const code = resolve(folder, value);
    const key = functionKey(code);
    const first = files.get(key);
    // The same module in two activities is one function.
    if (first?.code === code) return [];
    if (first !== undefined) {
      return [
        error(path, `its function would have the name of ${formatPath(first.path)}'s, ${key}; rename one of the files`),
      ];
    }
    files.set(key, { path, code });

    const name = `metercast-${typeof environment === "string" ? environment : ""}-${pipeline}-lambda-${key}`;
    if (name.length > functionNameLength) {
      const excess = name.length - functionNameLength;
      return [
        error(
          path,
          `its function would be ${name}, and Lambda's names end at ${functionNameLength} characters: shorten the file's name by ${excess}`,
        ),
      ];
    }
    return codeFindings(path, code);
  });
}

function codeFindings(path: Path, code: string): Finding[] {
  try {
    bundleActivity(code);
    return [];
  } catch (fault) {
    if (!(fault instanceof ActivityCodeError)) throw fault;
    return [error(path, fault.message)];
  }
}
