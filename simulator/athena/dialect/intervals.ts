import { call, constantText, integerConstant, nodes, type Node } from "./tree.ts";

const intervalMakers: Readonly<Record<string, "days" | "time">> = {
  to_years: "days",
  to_months: "days",
  to_days: "days",
  to_hours: "time",
  to_minutes: "time",
  to_seconds: "time",
};

/** What the parser makes of INTERVAL '2' DAY: to_days(CAST(trunc(CAST('2' AS DOUBLE)) AS INTEGER)). */
function intervalAmount(node: Node): number | undefined {
  if (node["class"] !== "FUNCTION" || !Object.hasOwn(intervalMakers, String(node["function_name"]))) return undefined;
  let inner = nodes(node["children"])[0];
  if (inner?.["class"] !== "CAST") return undefined;
  while (inner && (inner["class"] === "CAST" || inner["function_name"] === "trunc")) {
    inner = inner["class"] === "CAST" ? (inner["child"] as Node) : nodes(inner["children"])[0];
  }
  const text = constantText(inner);
  return text === undefined ? undefined : Number(text);
}

export function isInterval(node: Node): boolean {
  return intervalAmount(node) !== undefined;
}

export function intervalKind(node: Node): "days" | "time" {
  return intervalMakers[String(node["function_name"])] ?? "time";
}

export function interval(node: Node): Node {
  return call(String(node["function_name"]), [integerConstant(Number(intervalAmount(node)))]);
}
