import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

import { checkUnique } from "./city-checks.ts";
import type { Finding } from "./finding.ts";
import { modelFolder } from "./inference.ts";
import { isMap, texts, valueAt } from "./path.ts";
import type { Path } from "./path.ts";
import { scheduleFault } from "./schedule.ts";

const error = (path: Path, message: string): Finding => ({ path, message, severity: "error" });

/** The schedules of a document, each fault at its place within the expression. */
export function checkSchedules(data: unknown): Finding[] {
  return [...texts(data, "inference.schedule"), ...texts(data, "datasets.*.schedule")].flatMap(({ path, value }) => {
    const fault = scheduleFault(value);
    if (fault === undefined) return [];
    return [{ ...error(path, fault.message), inText: { line: 1, column: fault.index + 1 } }];
  });
}

/** The model, the addresses and what the engine has no use for. @param folder of the environment file */
export function checkInference(data: unknown, folder: string): Finding[] {
  const section = valueAt(data, ["inference"]);
  if (!isMap(section)) return [];
  return [
    ...checkUnique(data, "inference.notify.*", "address"),
    ...modelFindings(section, folder),
    ...instanceFindings(section),
  ];
}

function modelFindings({ model }: Record<string, unknown>, folder: string): Finding[] {
  if (typeof model !== "string" || model === "") return [];
  const path = ["inference", "model"];
  const full = modelFolder(model, folder);
  if (!existsSync(full)) {
    return [error(path, `there is no folder ${full}; metercast model train makes one`)];
  }
  if (!statSync(full).isDirectory()) return [error(path, `${full} is a file; name the folder that holds card.json`)];
  if (existsSync(join(full, "card.json"))) return [];
  return [error(path, `${full} has no card.json, so that it holds no model; metercast model train makes one`)];
}

function instanceFindings({ engine, instanceType }: Record<string, unknown>): Finding[] {
  if (instanceType === undefined || engine === "sagemaker") return [];
  const message = "has no effect: only engine: sagemaker has instances";
  return [{ path: ["inference", "instanceType"], message, severity: "warning", atKey: true }];
}
