import { readFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { GraphError } from "./graph-error.ts";

interface Frame {
  call: string;
  file: string;
  line: number;
  column: number;
}

const graphFolder = dirname(fileURLToPath(import.meta.url));

/** What a failed program threw, as one error that names the resource, where one is known, and the place in the program. */
export function graphErrorOf(failure: unknown, waiting?: { type: string; name: string }): GraphError {
  if (!(failure instanceof Error)) return new GraphError(`the program threw ${String(failure)}`, { cause: failure });
  const frames = framesOf(failure);
  const place = frames.find(({ file }) => !file.includes("/node_modules/") && dirname(file) !== graphFolder);
  const at = place === undefined ? "" : ` (${relative(process.cwd(), place.file)}:${place.line}:${place.column})`;
  if (failure instanceof GraphError) {
    const { type, resource } = failure;
    return new GraphError(`${failure.message}${at}`, { ...about(type, resource), cause: failure.cause ?? failure });
  }
  const constructed = frames.map(({ call, file }) => constructedType(call, file)).find((type) => type !== undefined);
  const type = constructed ?? waiting?.type;
  const resource = constructed === undefined ? waiting?.name : place && nameAt(place);
  const subject = type === undefined ? "" : `${type}${resource === undefined ? "" : ` "${resource}"`}: `;
  return new GraphError(`${subject}${failure.message}${at}`, { ...about(type, resource), cause: failure });
}

function about(type: string | undefined, resource: string | undefined): { type?: string; resource?: string } {
  return { ...(type === undefined ? {} : { type }), ...(resource === undefined ? {} : { resource }) };
}

function framesOf(error: Error): Frame[] {
  return (error.stack ?? "").split("\n").flatMap((text) => {
    const [, call = "", place, line, column] = /^\s+at (?:(.*) \()?(.+?):(\d+):(\d+)\)?$/.exec(text) ?? [];
    if (place === undefined || place.startsWith("node:")) return [];
    const file = place.startsWith("file:") ? fileURLToPath(place) : place;
    return [{ call, file: file.replaceAll("\\", "/"), line: Number(line), column: Number(column) }];
  });
}

/** The type whose constructor in @pulumi/aws a frame stands in: a missing required property is thrown there. */
function constructedType(call: string, file: string): string | undefined {
  const className = /^new (\w+)$/.exec(call)?.[1];
  const path = /\/@pulumi\/aws\/(.+)\.js$/.exec(file)?.[1];
  return className === undefined || path === undefined ? undefined : `aws:${path}:${className}`;
}

/** The literal name in `new Class("name"` at a place of the program: the constructor threw before it told its name. */
function nameAt({ file, line, column }: Frame): string | undefined {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .slice(line - 1);
  const source = lines.join("\n").slice(column - 1);
  return /^new\s+[\w.$]+\(\s*(["'`])(.*?)\1/.exec(source)?.[2];
}
