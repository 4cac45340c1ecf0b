import { intervalKind, isInterval } from "./intervals.ts";
import { joined, macro, nodes, only, type Node } from "./tree.ts";
import { unknownFunction } from "./unknown-function.ts";

/** Athena's operator as DuckDB's, of arguments that are translated. */
export function arithmetic(node: Node, sign: string, translated: Node[]): Node {
  only(node, sign, ["function_name", "children", "is_operator"]);
  const parsed = nodes(node["children"]);
  const [left, right] = translated as [Node, Node | undefined];
  if (right === undefined) {
    if (sign === "-" || sign === "+") return { ...node, children: translated };
    throw unknownFunction(sign);
  }
  switch (sign) {
    case "+":
    case "-": {
      const word = sign === "+" ? "plus" : "minus";
      const [leftInterval, rightInterval] = [parsed[0], parsed[1]].map((each) =>
        each && isInterval(each) ? each : undefined,
      );
      if (leftInterval && rightInterval) return { ...node, children: translated };
      if (rightInterval) return macro(`${word}_${intervalKind(rightInterval)}`, left, right);
      if (leftInterval && sign === "+") return macro(`plus_${intervalKind(leftInterval)}`, right, left);
      return macro(word, left, right);
    }
    case "*":
      return { ...node, children: translated };
    case "/":
      return macro("divide", left, right);
    case "%":
      return macro("modulus", left, right);
    case "||":
      return joined(left, right);
    case "~~":
    case "!~~":
      return { ...node, children: translated };
    default:
      throw unknownFunction(sign);
  }
}
