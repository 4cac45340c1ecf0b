import { DuckDBInstance } from "@duckdb/node-api";
import { dataSets as known } from "../../components/dashboard/data-sets/columns.ts";
import { dashboardDefinition } from "../../components/dashboard/sheets/index.ts";
import { themePlan } from "../../components/dashboard/theme.ts";
import { themeNames } from "../../components/dashboard/palette.ts";
import { environmentFile, loadEnvironment } from "../../environments/index.ts";
import { DataFolder } from "../../simulator/data-folder.ts";
import { definition as declaredDefinition } from "../../simulator/declared/dashboard/definition.ts";
import { dataSetOf } from "../../simulator/declared/dashboard/index.ts";
import type { DataSet, Declared } from "../../simulator/declared/index.ts";
import { Dashboards } from "../../simulator/quicksight/dashboards.ts";
import { PageListeners } from "../../simulator/quicksight/page-events.ts";
import { PageServer } from "../../simulator/quicksight/page-server.ts";
import { DataSetError, Spice } from "../../simulator/quicksight/spice.ts";
import { temporaryFolder } from "../../simulator/test/declare.ts";
import { dataSetArn, dataSetResource, selecting } from "../../simulator/test/shown-data.ts";
import type { ExecutionHistory, ExecutionSummary, Status } from "../api.ts";
import { bundlePage } from "../bundle.ts";
import { hostile, rowsOf } from "./shown-rows.ts";

const environment = loadEnvironment(environmentFile("dev"));

/** The dashboard as "dev" declares it. */
export const definition = dashboardDefinition(environment, "light", ({ identifier }) => dataSetArn(identifier));

export const dashboardId = "metercast-test";

const themes = themeNames.map((name) => {
  const { baseThemeId, configuration } = themePlan(name);
  const { dataColorPalette: data, uiColorPalette } = configuration as {
    dataColorPalette: { colors: string[]; emptyFillColor: string; minMaxGradients: string[] };
    uiColorPalette: Record<string, string>;
  };
  const theme = {
    arn: `theme/${name}`,
    baseThemeId,
    colors: data.colors,
    emptyFillColor: data.emptyFillColor,
    gradient: data.minMaxGradients,
    interface: uiColorPalette,
  };
  return [theme.arn, theme] as const;
});

const execution: ExecutionSummary = {
  arn: "arn:aws:states:us-east-1:123456789012:execution:inference:run-1",
  name: "run-1",
  machine: "metercast-test-inference",
  status: "FAILED",
  started: Date.UTC(2018, 11, 17),
  stopped: Date.UTC(2018, 11, 17, 0, 0, 12),
  error: "NoData",
  cause: "There are no readings of the last hours.",
};

export const status: Status = {
  ends: {
    readings: { accepted: 1000, stored: 990, dropped: { "filter: x": 7 }, rejected: { "not JSON": 3 } },
    weather: { accepted: 20, stored: 20, dropped: {}, rejected: {} },
  },
  countedAt: Date.UTC(2018, 11, 17),
  unrouted: 2,
  rejected: [
    {
      pipeline: "readings",
      reason: "not JSON",
      topic: "metercast/test/x",
      client: "one",
      received: Date.UTC(2018, 11, 17),
      original: `<b>${hostile}</b>`,
      cut: 0,
    },
  ],
  executions: [execution],
  notifications: [
    { at: Date.UTC(2018, 11, 17), topic: "notifications", subject: "A run has failed", message: "NoData" },
  ],
  schedules: [
    { name: "inference", expression: "rate(1 hour)", timeZone: "UTC", enabled: true, next: Date.UTC(2018, 11, 17, 1) },
  ],
  services: {
    nodes: [
      { id: "clients", service: "MQTT, HTTP", name: "meters", column: 0 },
      { id: "rule", service: "IoT rule", name: "metercast_test_electricity", column: 1 },
      { id: "stream", service: "Firehose", name: "metercast-test-readings", column: 2 },
    ],
    arrows: [
      { from: "clients", to: "rule", what: "messages", perMinute: 120 },
      { from: "rule", to: "stream", what: "records", perMinute: 0 },
    ],
  },
};

const history: ExecutionHistory = {
  execution,
  states: [
    {
      name: "Begin",
      type: "Task",
      status: "succeeded",
      entered: execution.started,
      exited: execution.started + 400,
      depth: 0,
      retries: 0,
    },
    {
      name: "Latest hours",
      type: "Task",
      status: "failed",
      entered: execution.started + 400,
      exited: execution.started + 12_000,
      depth: 0,
      retries: 2,
      error: "NoData",
      cause: "There are none.",
    },
  ],
};

/** The page over rows that are known, in this process. */
export class ShownPage {
  readonly spice: Spice;
  readonly #dataSets: DataSet[];
  readonly #dashboards: Dashboards;
  readonly #files = bundlePage();
  #listeners = new PageListeners();
  #server: PageServer | undefined;
  #port = 0;
  /** Multiplies all use, from the next import on. */
  more = 1;
  /** Data sets whose import fails. */
  readonly missing = new Set<string>();

  static async open(): Promise<ShownPage> {
    const shown = new ShownPage();
    await Promise.all(shown.#dataSets.map((one) => shown.spice.open(one, { imports: true })));
    await shown.start();
    return shown;
  }

  private constructor() {
    this.#dataSets = known.map((one) => dataSetOf(dataSetResource(one)));
    const folder = DataFolder.open(temporaryFolder(), { create: false });
    const select = selecting(({ id }) => rowsOf(columnsOf(id), this.more));
    this.spice = new Spice(
      folder,
      this.#dataSets,
      (dataSet, take) => {
        if (this.missing.has(dataSet.id)) throw new DataSetError(`Table ${dataSet.id} does not exist.`);
        return select(dataSet, take);
      },
      ({ id }) => this.#listeners.tell("imported", { dashboard: dashboardId, dataSet: id }),
    );
    const dashboard = {
      id: dashboardId,
      name: "metercast test",
      themeArn: "theme/light",
      definition: declaredDefinition.parse(definition),
    };
    const declared = {
      dashboards: [dashboard],
      dataSets: new Map(this.#dataSets.map((one) => [one.arn, one])),
      themes: new Map(themes),
    } as unknown as Declared;
    this.#dashboards = new Dashboards(declared, this.spice, () => {});
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** Serves the page, where it was before if it was. */
  async start(): Promise<void> {
    this.#listeners = new PageListeners();
    this.#server = new PageServer(
      {
        environment: "test",
        cities: environment.cities.map(({ name, label, timeZone }) => ({ name, label, timeZone })),
        files: this.#files,
        dashboards: this.#dashboards,
        status: () => Promise.resolve(status),
        execution: () => history,
      },
      this.#listeners,
    );
    this.#port = await this.#server.listen(this.#port);
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  /** Takes in all rows of a data set anew. */
  async import(identifier: string): Promise<void> {
    const found = this.#dataSets.find(({ id }) => id === identifier);
    if (found) await this.spice.import(found, "test").catch(() => {}); // what failed is told of as a reader sees it
  }

  async close(): Promise<void> {
    await this.stop();
    await this.spice.close();
  }
}

/** Rows of a SELECT over the data sets' rows, by their names. */
export async function sqlRows(sql: string, more = 1): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  for (const one of known) await connection.run(`CREATE TABLE ${one.identifier} AS ${rowsOf(one, more)}`);
  const rows = (await connection.runAndReadAll(sql)).getRowsJS();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

function columnsOf(identifier: string) {
  const found = known.find((one) => one.identifier === identifier);
  if (!found) throw new Error(`there is no data set ${identifier}`);
  return found;
}
