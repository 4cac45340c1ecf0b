import { z } from "zod";
import type {
  ControlValues,
  Dashboard as ShownDashboard,
  DataSetState,
  ParameterValue,
  Theme,
  ValuesRequest,
  VisualData,
  VisualRequest,
} from "../../page/api.ts";
import { quoteName } from "../athena/index.ts";
import type { Dashboard, DashboardDefinition, DataSet, Declared, ParameterControl } from "../declared/index.ts";
import { csvOf, fileNameOf } from "./csv.ts";
import { DashboardError } from "./dashboard-error.ts";
import { among, type ParameterValues } from "./filters.ts";
import type { Bound } from "./resident-tables.ts";
import { shownVisuals, type ShownVisual } from "./shown-visual.ts";
import type { Spice } from "./spice.ts";
import { visualData, visualQuery } from "./visual-query.ts";

/** A request that cannot be answered: the message is for whoever made it. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: 400 | 404 | 413;

  constructor(status: RequestError["status"], message: string) {
    super(message);
    this.status = status;
  }
}

/** Bounds of what a reader may choose at once. */
const longestText = 1024;
const mostTexts = 2000;
const mostPicks = 20;
const mostPages = 100_000;

/** Values that a control offers at most. */
const mostValues = 5000;

const text = z.string().max(longestText);
const parameters = z
  .record(text, z.union([z.array(text).max(mostTexts), z.number(), text]))
  .refine((values) => Object.keys(values).length <= 100, { error: "there are 100 parameters at most" })
  .optional();
const cell = z.union([text, z.number(), z.null()]);

const visualRequest = z.strictObject({
  dashboard: text,
  visual: text,
  parameters,
  picks: z
    .array(
      z.union([
        z.strictObject({ column: text, value: cell }),
        z.strictObject({ column: text, from: z.number(), to: z.number() }),
      ]),
    )
    .max(mostPicks)
    .optional(),
  page: z.int().min(1).max(mostPages).optional(),
});

const valuesRequest = z.strictObject({ dashboard: text, control: text, parameters });

/** A dashboard with all that is asked of it. */
interface Entry {
  declared: Dashboard;
  visuals: ReadonlyMap<string, ShownVisual>;
  controls: ReadonlyMap<string, Control>;
  /** By identifier. */
  dataSets: ReadonlyMap<string, DataSet>;
}

type Control = NonNullable<ParameterControl["Dropdown"]>;

/** The declared dashboards: their visuals' data, of what SPICE keeps. */
export class Dashboards {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #themes: readonly Theme[];
  readonly #spice: Spice;
  readonly #asked: () => void;

  /**
   * @param asked called with each question to the data sets
   * @throws DashboardError for a definition that cannot be drawn
   */
  constructor({ dashboards, dataSets, themes }: Declared, spice: Spice, asked: () => void) {
    this.#spice = spice;
    this.#asked = asked;
    this.#themes = [...themes.values()].map(({ baseThemeId, ...theme }) => ({
      ...theme,
      dark: baseThemeId === "MIDNIGHT",
    }));
    this.#entries = new Map(dashboards.map((declared) => [declared.id, entryOf(declared, dataSets)]));
  }

  list(): ShownDashboard<DashboardDefinition>[] {
    return [...this.#entries.values()].map(({ declared: { id, name, definition, themeArn }, dataSets }) => ({
      id,
      name,
      definition,
      theme: themeArn,
      themes: [...this.#themes],
      dataSets: Object.fromEntries([...dataSets].map(([identifier, dataSet]) => [identifier, this.#stateOf(dataSet)])),
    }));
  }

  /** The dashboards that a data set is shown in, and as what. */
  showing({ arn }: DataSet): { dashboard: string; dataSet: string }[] {
    return [...this.#entries.values()].flatMap(({ declared, dataSets }) =>
      [...dataSets].filter(([, one]) => one.arn === arn).map(([dataSet]) => ({ dashboard: declared.id, dataSet })),
    );
  }

  /** @throws RequestError, DataSetError */
  async visual(body: unknown): Promise<VisualData> {
    const request = checked<VisualRequest>(visualRequest, body);
    const { visual, values } = this.#find(request);
    return this.#ask(visual, values, request, request.page ?? 1);
  }

  /** All rows of a visual as a file. @throws RequestError, DataSetError */
  async file(body: unknown): Promise<{ name: string; text: string }> {
    const request = checked<VisualRequest>(visualRequest, body);
    const { visual, values } = this.#find(request);
    const { columns, rows } = await this.#ask(visual, values, request, undefined);
    return { name: fileNameOf(visual.title), text: csvOf(columns, rows) };
  }

  /** @throws RequestError, DataSetError */
  async values(body: unknown): Promise<ControlValues> {
    const request = checked<ValuesRequest>(valuesRequest, body);
    const entry = this.#entry(request.dashboard);
    const control = entry.controls.get(request.control);
    if (!control) throw new RequestError(404, `The dashboard has no control ${request.control} with values.`);
    const { LinkToDataSetColumn: link, Values: listed } = control.SelectableValues;
    if (!link) return { values: listed ?? [], truncated: false };
    const values = valuesOf(entry.declared.definition, request.parameters);
    const bound: Bound[] = [];
    const bind = (value: Bound) => `$${bound.push(value)}`;
    const conditions = (control.CascadingControlConfiguration?.SourceControls ?? []).flatMap((source) => {
      const other = entry.controls.get(source.SourceSheetControlId);
      const chosen = other && values.get(other.SourceParameterName);
      return Array.isArray(chosen) && chosen.length > 0
        ? [among(quoteName(source.ColumnToMatch.ColumnName), chosen, bind)]
        : [];
    });
    const column = quoteName(link.ColumnName);
    const where = [`${column} IS NOT NULL`, ...conditions].join(" AND ");
    const { rows } = await this.#spice.ask(dataSetOf(entry, link.DataSetIdentifier), ({ table }) => ({
      sql: `SELECT DISTINCT ${column}::VARCHAR FROM ${table} WHERE ${where} ORDER BY 1 LIMIT ${mostValues + 1}`,
      bound,
    }));
    const found = rows.map(([value]) => String(value)).toSorted(new Intl.Collator("en", { numeric: true }).compare);
    return { values: found.slice(0, mostValues), truncated: found.length > mostValues };
  }

  async #ask(
    visual: ShownVisual,
    values: ParameterValues,
    { picks = [] }: VisualRequest,
    page: number | undefined,
  ): Promise<VisualData> {
    this.#asked();
    const query = visualQuery(visual, { values, picks, page });
    const { rows, shown } = await this.#spice.ask(visual.dataSet, ({ table }) => ({
      sql: query.sqlOf(table),
      bound: query.bound,
    }));
    return visualData(visual, query, rows, shown.importedAt);
  }

  #find({ dashboard, visual: id, parameters: chosen }: VisualRequest): {
    visual: ShownVisual;
    values: ParameterValues;
  } {
    const entry = this.#entry(dashboard);
    const visual = entry.visuals.get(id);
    if (!visual) throw new RequestError(404, `The dashboard ${dashboard} has no visual ${id}.`);
    return { visual, values: valuesOf(entry.declared.definition, chosen) };
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    const names = [...this.#entries.keys()].join(", ");
    throw new RequestError(
      404,
      `There is no dashboard ${id}: ${names === "" ? "none is declared" : `there is ${names}`}.`,
    );
  }

  #stateOf(dataSet: DataSet): DataSetState {
    const { importing, shown, error } = this.#spice.standing(dataSet);
    return {
      columns: dataSet.columns,
      state: importing ? "importing" : error !== undefined ? "failed" : shown ? "ready" : "none",
      ...(error !== undefined && { error }),
      ...(shown && { importedAt: shown.importedAt, rows: shown.rows }),
    };
  }
}

function entryOf(declared: Dashboard, all: ReadonlyMap<string, DataSet>): Entry {
  const { definition, name } = declared;
  const visuals = shownVisuals(declared, all);
  const dropdowns = definition.Sheets.flatMap((sheet) =>
    sheet.ParameterControls.flatMap(({ Dropdown }) => (Dropdown ? [Dropdown] : [])),
  );
  const controls = new Map(dropdowns.map((control) => [control.ParameterControlId, control]));
  for (const { ParameterControlId: id, CascadingControlConfiguration: cascade } of dropdowns) {
    for (const { SourceSheetControlId: source } of cascade?.SourceControls ?? []) {
      if (!controls.has(source)) {
        throw new DashboardError(`dashboard "${name}"`, `the control ${id} follows ${source}, which is not declared`);
      }
    }
  }
  const dataSets = new Map(
    definition.DataSetIdentifierDeclarations.flatMap(({ Identifier, DataSetArn }): [string, DataSet][] => {
      const found = all.get(DataSetArn);
      return found ? [[Identifier, found]] : [];
    }),
  );
  return { declared, visuals, controls, dataSets };
}

function dataSetOf({ dataSets }: Entry, identifier: string): DataSet {
  const found = dataSets.get(identifier);
  if (found) return found;
  throw new RequestError(404, `The dashboard has no data set ${identifier}.`);
}

/**
 * The values of all parameters: those that were chosen, and else the declared ones.
 *
 * @throws RequestError for one that is not declared, or a value of another kind
 */
export function valuesOf(
  { ParameterDeclarations }: DashboardDefinition,
  chosen: Record<string, ParameterValue> = {},
): ParameterValues {
  const values = new Map<string, ParameterValue>();
  for (const declared of ParameterDeclarations) {
    const {
      StringParameterDeclaration: texts,
      IntegerParameterDeclaration: number,
      DateTimeParameterDeclaration: time,
    } = declared;
    const one = texts ?? number ?? time;
    if (!one) continue;
    const asked = Object.hasOwn(chosen, one.Name) ? chosen[one.Name] : undefined;
    if (texts) values.set(one.Name, fit(one.Name, asked ?? texts.DefaultValues.StaticValues, Array.isArray, "texts"));
    else if (number)
      values.set(
        one.Name,
        fit(one.Name, asked ?? number.DefaultValues.StaticValues[0], Number.isSafeInteger, "a whole number"),
      );
    else if (time)
      values.set(
        one.Name,
        fit(one.Name, asked ?? time.DefaultValues.StaticValues[0].slice(0, 10), isDay, "a day, YYYY-MM-DD"),
      );
  }
  const stranger = Object.keys(chosen).find((name) => !values.has(name));
  if (stranger === undefined) return values;
  throw new RequestError(400, `There is no parameter ${stranger}: there are ${[...values.keys()].join(", ")}.`);
}

function fit(name: string, value: ParameterValue, fits: (value: unknown) => boolean, kind: string): ParameterValue {
  if (fits(value)) return value;
  throw new RequestError(400, `The parameter ${name} takes ${kind}, and got ${JSON.stringify(value)}.`);
}

function isDay(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
}

/** @throws RequestError */
function checked<Request>(schema: z.ZodType, body: unknown): Request {
  const result = schema.safeParse(body);
  if (result.success) return result.data as Request;
  const faults = result.error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
  throw new RequestError(400, `The request cannot be read: ${faults.join("; ")}.`);
}
