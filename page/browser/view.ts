import type { DashboardDefinition } from "../../components/dashboard/definition/schema.ts";
import type { ParameterValue, Picked } from "../api.ts";

/** What a reader looks at: all of it stands in the address, so that a reload, a bookmark and the way back keep it. */
export interface View {
  sheet: string;
  /** Those that were chosen; the others have their declared values. */
  parameters: Record<string, ParameterValue>;
  picks: VisualPick[];
}

/** What was picked in a visual, by which the other visuals of its sheet are narrowed. */
export interface VisualPick {
  visual: string;
  picked: Picked[];
  /** For people: "Mon, Dec 3". */
  text: string;
}

type Declarations = DashboardDefinition["ParameterDeclarations"];

/** "#buildings?City=London&Days=7" */
export function addressOf({ sheet, parameters, picks }: View): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  for (const pick of picks) query.append(pickName, JSON.stringify(pick));
  const text = query.toString();
  return `#${encodeURIComponent(sheet)}${text === "" ? "" : `?${text}`}`;
}

/** What cannot be read is left out: an address is typed by hand at times. */
export function viewOf(address: string, declarations: Declarations): View {
  const [path = "", query = ""] = address.replace(/^#/, "").split(/\?(.*)/s, 2);
  const given = new URLSearchParams(query);
  const parameters: View["parameters"] = {};
  for (const declared of declarations) {
    const [kind, { Name: name }] = Object.entries(declared)[0] as [string, { Name: string }];
    const values = given.getAll(name);
    const [first] = values;
    if (first === undefined) continue;
    if (kind === "StringParameterDeclaration") parameters[name] = values;
    else if (kind === "IntegerParameterDeclaration" && /^-?\d{1,9}$/.test(first)) parameters[name] = Number(first);
    else if (kind === "DateTimeParameterDeclaration" && isDay(first)) parameters[name] = first;
  }
  return { sheet: decoded(path), parameters, picks: given.getAll(pickName).flatMap(readPick) };
}

const pickName = "pick";

/** YYYY-MM-DD */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ""; // a broken escape is no sheet's id
  }
}

function readPick(text: string): VisualPick[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const { visual, picked, text: words } = (value ?? {}) as Partial<VisualPick>;
  if (typeof visual !== "string" || typeof words !== "string" || !Array.isArray(picked)) return [];
  const isWhole = picked.every((one: unknown) => {
    const { column, value: picks, from, to } = (one ?? {}) as Record<string, unknown>;
    if (typeof column !== "string") return false;
    return (
      picks === null || ["string", "number"].includes(typeof picks) || (Number.isFinite(from) && Number.isFinite(to))
    );
  });
  return isWhole && picked.length > 0 ? [{ visual, picked, text: words }] : [];
}
