import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { awsFolder, declarationFile } from "./aws-package.ts";

/** What @pulumi/aws declares a value to be; "object" names an interface of its types/input.d.ts. */
export type Shape =
  | { kind: "text" | "number" | "boolean" | "asset" | "anything" }
  | { kind: "list"; element: Shape }
  | { kind: "map"; value: Shape }
  | { kind: "object"; name: string }
  | { kind: "choice"; of: Shape[] };

export interface Property {
  required: boolean;
  shape: Shape;
}

export type Properties = ReadonlyMap<string, Property>;

const known = new Map<string, Properties>();

/** The arguments of a resource type, read from its own declaration; undefined for a type that @pulumi/aws lacks. */
export function argumentsOf(type: string): Properties | undefined {
  const declaration = declarationFile(type);
  if (declaration === undefined) return undefined;
  const head = `\nexport interface ${declaration.className}Args {`;
  return remembered(type, () => readInterface(readFileSync(declaration.file, "utf8"), head, "\n}"));
}

/** The properties of an interface that a Shape names, for example "iot.TopicRuleFirehose". */
export function propertiesOf(name: string): Properties {
  return remembered(`inputs.${name}`, () => {
    const [namespace, inner] = name.includes(".") ? name.split(".") : [undefined, name];
    if (namespace === undefined) return readInterface(inputTypes(), `\nexport interface ${inner} {`, "\n}");
    const start = inputTypes().indexOf(`\nexport declare namespace ${namespace} {`);
    const end = inputTypes().indexOf("\n}", start);
    if (start < 0) throw new Error(`@pulumi/aws declares no namespace ${namespace} in types/input.d.ts`);
    return readInterface(inputTypes().slice(start, end), `\n    interface ${inner} {`, "\n    }");
  });
}

let inputText: string | undefined;

function inputTypes(): string {
  inputText ??= readFileSync(join(awsFolder, "types", "input.d.ts"), "utf8");
  return inputText;
}

function remembered(name: string, read: () => Properties): Properties {
  const properties = known.get(name) ?? read();
  known.set(name, properties);
  return properties;
}

/** Parses one interface only: types/input.d.ts as a whole is 5.7 MB. */
function readInterface(text: string, head: string, end: string): Properties {
  const start = text.indexOf(head);
  if (start < 0) throw new Error(`@pulumi/aws declares nothing that starts with "${head.trim()}"`);
  const source = text.slice(start, text.indexOf(end, start) + end.length);
  const file = ts.createSourceFile("interface.d.ts", source, ts.ScriptTarget.Latest);
  const declaration = file.statements.find((statement) => ts.isInterfaceDeclaration(statement));
  const members: readonly ts.TypeElement[] = declaration?.members ?? [];
  return new Map(
    members
      .filter((member) => ts.isPropertySignature(member))
      .map(({ name, questionToken, type }) => [
        ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : name.getText(file),
        {
          required: questionToken === undefined,
          shape: type === undefined ? { kind: "anything" } : shapeOf(type, file),
        },
      ]),
  );
}

function shapeOf(node: ts.TypeNode, file: ts.SourceFile): Shape {
  if (ts.isParenthesizedTypeNode(node)) return shapeOf(node.type, file);
  if (ts.isArrayTypeNode(node)) return { kind: "list", element: shapeOf(node.elementType, file) };
  if (ts.isTypeLiteralNode(node)) {
    const index = node.members.find((member) => ts.isIndexSignatureDeclaration(member));
    return index === undefined ? { kind: "anything" } : { kind: "map", value: shapeOf(index.type, file) };
  }
  if (ts.isUnionTypeNode(node)) {
    // Every optional argument is declared `T | undefined`: kept, undefined would fit anything.
    const of = node.types.filter((one) => one.kind !== ts.SyntaxKind.UndefinedKeyword).map((one) => shapeOf(one, file));
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: "choice", of };
  }
  if (ts.isTypeReferenceNode(node)) return referenced(node, file);
  switch (node.kind) {
    case ts.SyntaxKind.NumberKeyword:
      return { kind: "number" };
    case ts.SyntaxKind.BooleanKeyword:
      return { kind: "boolean" };
    case ts.SyntaxKind.AnyKeyword:
      return { kind: "anything" };
    default:
      return { kind: "text" };
  }
}

function referenced(node: ts.TypeReferenceNode, file: ts.SourceFile): Shape {
  const name = node.typeName.getText(file);
  const argument = node.typeArguments?.[0];
  if (name === "pulumi.Input" && argument !== undefined) return shapeOf(argument, file);
  if (name.startsWith("inputs.")) return { kind: "object", name: name.slice("inputs.".length) };
  if (name.startsWith("pulumi.asset.")) return { kind: "asset" };
  // An enum's values are texts, and a resource that is given as a whole is its id in a graph.
  return { kind: "text" };
}
