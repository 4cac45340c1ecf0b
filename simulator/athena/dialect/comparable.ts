import { constantText, macro, type Node } from "./tree.ts";

/** A value that is compared with the others: Athena does not take a text for a number or a date, nor a number for a text. */
export function comparable(parsed: Node, translated: Node, others: readonly Node[]): Node {
  if (parsed["class"] === "CONSTANT" || parsed["class"] === "SUBQUERY") return translated;
  for (const other of others) {
    if (isBooleanConstant(other)) return macro("condition", translated);
    if (other["class"] !== "CONSTANT") continue;
    const type = String(((other["value"] as Node)["type"] as Node)["id"]);
    if (type === "VARCHAR") return macro("text", translated);
    if (["INTEGER", "BIGINT", "DOUBLE", "DECIMAL"].includes(type)) return macro("number", translated);
  }
  return translated;
}

/** What the parser makes of true and false: CAST('t' AS BOOLEAN). */
export function isBooleanConstant(node: Node): boolean {
  const child = node["class"] === "CAST" ? constantText(node["child"] as Node) : undefined;
  return (node["cast_type"] as Node | undefined)?.["id"] === "BOOLEAN" && (child === "t" || child === "f");
}
