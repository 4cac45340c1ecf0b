/** The syntax tree of a statement; `offset` is where a node begins in the text, or its operator for an operation. */
export type Node =
  | { kind: "literal"; offset: number; value: string | boolean | null }
  | { kind: "number"; offset: number; text: string }
  | { kind: "name"; offset: number; name: string }
  | { kind: "variable"; offset: number; name: string }
  | { kind: "member"; offset: number; object: Node; name: string }
  | { kind: "star"; offset: number }
  | { kind: "call"; offset: number; name: string; args: Node[] }
  | { kind: "cast"; offset: number; operand: Node; type: CastType }
  | { kind: "minus"; offset: number; operand: Node }
  | { kind: "not"; offset: number; operand: Node }
  | { kind: "binary"; offset: number; operator: BinaryOperator; left: Node; right: Node }
  | { kind: "case"; offset: number; operand: Node; whens: { when: Node; then: Node }[]; otherwise: Node | undefined }
  | { kind: "object"; offset: number; entries: { key: string; value: Node }[] }
  | { kind: "array"; offset: number; items: Node[] }
  | { kind: "select"; offset: number; select: Select; from: Node; where: Node | undefined };

export type BinaryOperator = "OR" | "AND" | "=" | "<>" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%";

export type CastType = "String" | "Int" | "Double" | "Decimal" | "Boolean";

export interface SelectItem {
  node: Node;
  /** The keys of AS, or what stands for them: the last name of a path, the name of a function, the text. */
  alias: string[];
  /** Whether AS was written. */
  named: boolean;
}

export interface Select {
  value: boolean;
  items: SelectItem[];
}

export interface StatementSyntax {
  variables: { name: string; node: Node }[];
  select: Select;
  /** The topic filter with its place. */
  from: { filter: string; offset: number } | undefined;
  where: Node | undefined;
}
