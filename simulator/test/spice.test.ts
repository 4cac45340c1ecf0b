import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Resource } from "@metercast/graph";
import type { DataSetState } from "../../page/api.ts";
import { average, value } from "../../components/dashboard/definition/fields.ts";
import { decimal } from "../../components/dashboard/definition/formats.ts";
import { row, sheet } from "../../components/dashboard/definition/sheet.ts";
import { kpi } from "../../components/dashboard/definition/visuals/kpi.ts";
import { table as tableVisual } from "../../components/dashboard/definition/visuals/table.ts";
import { definition } from "../../components/dashboard/definition/definition.ts";
import { DataFolder } from "../data-folder.ts";
import { dataSetOf } from "../declared/dashboard/index.ts";
import { DataSetError, Spice } from "../quicksight/spice.ts";
import { run } from "../run.ts";
import type { Simulator } from "../simulator.ts";
import type { Json } from "../states/index.ts";
import { database, table } from "./athena-lake.ts";
import { bucketResource, evaluationOf, machine, resource, role, roleArn, temporaryFolder } from "./declare.ts";
import { board, dataSetArn, dataSetResource, numbered, rows, rowsSql, selecting, use } from "./shown-data.ts";

const count = sheet({
  id: "only",
  name: "Only",
  question: "?",
  description: "",
  controls: [],
  rows: [row(5, kpi("mean", { title: "Mean", value: average(use, "use", { label: "Use", format: decimal(1) }) }))],
});
const mean = { dashboard: "board", visual: "mean" };

async function failureOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
  } catch (error) {
    expect(error).to.be.instanceOf(DataSetError);
    return (error as Error).message;
  }
  throw new Error("it was answered");
}

describe("The rows of a data set", () => {
  it("are those of the last import that was complete", async () => {
    let sql = rowsSql(rows.slice(0, 1));
    const { dashboards, spice, dataSets } = await board([count], { select: selecting(() => sql) });
    const [dataSet] = dataSets as [(typeof dataSets)[0]];
    expect((await dashboards.visual(mean)).rows).to.deep.equal([[10]]);
    sql = rowsSql(rows.slice(1, 2));
    await spice.import(dataSet, "second");
    expect((await dashboards.visual(mean)).rows).to.deep.equal([[20]]);
    sql = "SELECT * FROM missing";
    expect(await failureOf(spice.import(dataSet, "third"))).to.contain("missing");
    expect((await dashboards.visual(mean)).rows).to.deep.equal([[20]]);
    const [{ dataSets: states } = { dataSets: {} as Record<string, DataSetState> }] = dashboards.list();
    expect(states["use"]).to.deep.include({ state: "failed", rows: 1 });
    expect(states["use"]?.error).to.contain("missing");
    await spice.close();
  });

  it("are there again when the simulator is started again, and nothing else stays", async () => {
    const first = await board([count]);
    const [dataSet] = first.dataSets as [(typeof first.dataSets)[0]];
    const folder = first.folder.spice(dataSet.id);
    await first.spice.import(dataSet, "again");
    await first.spice.close();
    writeFileSync(join(folder, "1-killed.parquet"), "half of it");
    const second = new Spice(
      first.folder,
      first.dataSets,
      selecting(() => "SELECT 1"),
      () => {},
    );
    await second.open(dataSet, { imports: true });
    const { shown } = await second.ask(dataSet, ({ table }) => ({ sql: `SELECT 1 FROM ${table}`, bound: [] }));
    expect(shown.rows).to.equal(rows.length);
    expect(readdirSync(folder)).to.have.length(2).and.to.include("current.json");
    await second.close();
  });

  it("are asked while others take their place", async () => {
    const { dashboards, spice, dataSets } = await board([count]);
    const [dataSet] = dataSets as [(typeof dataSets)[0]];
    let isOver = false;
    const imports = (async () => {
      for (let number = 0; number < 5; number++) await spice.import(dataSet, String(number));
      isOver = true;
    })();
    while (!isOver) expect((await dashboards.visual(mean)).rows).to.have.length(1);
    await imports;
    await spice.close();
  });

  it("are missed in words where there are none yet", async () => {
    const { dashboards, spice } = await board([count], {
      select: selecting(() => rowsSql([rows[0] as never]) + " WHERE false"),
    });
    expect(await failureOf(dashboards.visual(mean))).to.contain("There are no data yet");
    await spice.close();
  });

  it("are all of one import, wherever the process that imports is killed", async function () {
    this.timeout(60_000);
    const folder = temporaryFolder();
    const dataSet = dataSetOf(dataSetResource(numbered));
    for (const milliseconds of [5, 40, 110]) {
      const child = fork(fileURLToPath(new URL("interrupted-import.ts", import.meta.url)), [folder]);
      await once(child, "message");
      await pause(milliseconds);
      child.kill("SIGKILL");
      await once(child, "exit");
      const spice = new Spice(
        DataFolder.open(folder, { create: false }),
        [dataSet],
        selecting(() => ""),
        () => {},
      );
      await spice.open(dataSet, { imports: false });
      const { rows: found } = await spice.ask(dataSet, ({ table }) => ({
        sql: `SELECT count(DISTINCT "import")::DOUBLE, count(*)::DOUBLE FROM ${table}`,
        bound: [],
      }));
      expect(found).to.deep.equal([[1, 20_000]]);
      await spice.close();
    }
  });
});

const sourceArn = "arn:aws:quicksight:us-east-1:123456789012:datasource/lake";

function dataSource(roleName: string): Resource {
  const inputs = {
    dataSourceId: "lake",
    name: "lake",
    type: "ATHENA",
    parameters: { athena: { workGroup: "w", roleArn: roleArn(roleName) } },
  };
  return resource("aws:quicksight/dataSource:DataSource", "lake", inputs, { arn: sourceArn });
}

/** What the data source needs, and no more. */
const needed = [
  ["athena:StartQueryExecution athena:GetQueryExecution athena:GetQueryResults", "*"],
  ["athena:GetDataCatalog", "*"],
  ["glue:GetDatabase glue:GetTable", "*"],
  ["s3:GetBucketLocation s3:ListBucket", "arn:aws:s3:::lake"],
  ["s3:GetObject", "arn:aws:s3:::lake/readings/*"],
  ["s3:GetObject s3:PutObject", "arn:aws:s3:::lake/results/*"],
].map(([actions = "", Resource]) => ({ Effect: "Allow", Action: actions.split(" "), Resource }));

const readings = { identifier: "readings", columns: { id: "integer", value: "number", day: "time" } } as const;
const direct = { identifier: "direct", columns: { id: "integer" } } as const;
const broken = { identifier: "broken", columns: { id: "integer" } } as const;

function lake(policy: object[] = needed): Resource[] {
  const id = value(readings, "id", "Id");
  const sheetOf = sheet({
    id: "only",
    name: "Only",
    question: "?",
    description: "",
    controls: [],
    rows: [
      row(
        5,
        tableVisual("rows", {
          title: "Rows",
          values: [id, value(readings, "day", "Day")],
          sort: { column: id, direction: "ASC" },
        }),
        kpi("direct", { title: "Direct", value: average(direct, "id", { label: "Id", format: decimal(1) }) }),
        kpi("broken", { title: "Broken", value: average(broken, "id", { label: "Id", format: decimal(1) }) }),
      ),
    ],
  });
  const text = JSON.stringify(
    definition({
      dataSets: [readings, direct, broken].map((dataSet) => ({ dataSet, arn: dataSetArn(dataSet.identifier) })),
      sheets: [sheetOf],
      colors: {},
    }),
  );
  const enabled = { AvailabilityStatus: "ENABLED" };
  const state = {
    AwsAccountId: "123456789012",
    DashboardId: "board",
    Name: "Board",
    ThemeArn: "arn:theme",
    DashboardPublishOptions: {
      ExportToCSVOption: enabled,
      SheetControlsOption: { VisibilityState: "EXPANDED" },
      VisualMenuOption: enabled,
    },
    Definition: JSON.parse(text) as object,
  };
  return [
    bucketResource(),
    database("energy"),
    table("readings", "id int, value double", {
      partitionKeys: "dt date",
      parameters: {
        "projection.enabled": "true",
        "projection.dt.type": "date",
        "projection.dt.format": "yyyy-MM-dd",
        "projection.dt.range": "2018-01-01,2018-12-31",
      },
    }),
    resource("aws:athena/workgroup:Workgroup", "w", {
      name: "w",
      configuration: {
        enforceWorkgroupConfiguration: true,
        resultConfiguration: { outputLocation: "s3://lake/results/" },
      },
    }),
    ...role("source", { policy }),
    dataSource("source"),
    dataSetResource(readings, "SELECT id, value, CAST(dt AS timestamp) AS day FROM energy.readings"),
    dataSetResource(direct, "SELECT max(id) AS id FROM energy.readings", "DIRECT_QUERY"),
    dataSetResource(broken, "SELECT id FROM energy.nothing"),
    resource(
      "aws:quicksight/theme:Theme",
      "light",
      {
        themeId: "light",
        name: "light",
        baseThemeId: "CLASSIC",
        configuration: {
          dataColorPalette: { colors: [], emptyFillColor: "#EEEEEE", minMaxGradients: [] },
          uiColorPalette: {},
        },
      },
      { arn: "arn:theme" },
    ),
    resource("aws:cloudcontrol/resource:Resource", "board", {
      typeName: "AWS::QuickSight::Dashboard",
      desiredState: JSON.stringify(state),
    }),
  ];
}

/** Starts an ingestion and waits for its end. */
function ingesting(parameters: object = {}): object {
  const ids = { "AwsAccountId": "123456789012", "DataSetId.$": "$.dataSet", "IngestionId": "one" };
  const task = (operation: string, more: object) => ({
    Type: "Task",
    Resource: `arn:aws:states:::aws-sdk:quicksight:${operation}`,
    ...more,
  });
  return {
    StartAt: "Start",
    States: {
      "Start": task("createIngestion", {
        Parameters: { ...ids, ...parameters },
        ResultPath: "$.started",
        Next: "Look",
      }),
      "Look": task("describeIngestion", { Parameters: ids, ResultPath: "$.seen", Next: "Over?" }),
      "Over?": {
        Type: "Choice",
        Choices: [{ Variable: "$.seen.Ingestion.IngestionStatus", StringEquals: "RUNNING", Next: "Wait" }],
        Default: "Done",
      },
      "Wait": { Type: "Wait", Seconds: 1, Next: "Look" },
      "Done": { Type: "Succeed" },
    },
  };
}

interface Shown {
  simulator: Simulator;
  post: (path: string, body: object) => Promise<{ status: number; body: Record<string, Json> }>;
  ingest: (
    dataSet: string,
  ) => Promise<{ status: string; output: Record<string, Json>; error?: string; cause?: string }>;
}

async function withPage(resources: Resource[], use: (shown: Shown) => Promise<void>): Promise<void> {
  const data = temporaryFolder();
  const file = join(data, "buckets", "lake", "readings", "dt=2018-12-03", "a.parquet");
  mkdirSync(dirname(file), { recursive: true });
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT range::INTEGER AS id, 0.5::DOUBLE AS value FROM range(3)) TO '${file}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  const simulator = await run({
    evaluation: evaluationOf([...resources, machine("ingesting", ingesting(), { role: "machine" })]),
    data,
    mqttPort: 0,
    httpPort: 0,
    page: {
      port: 0,
      files: Promise.resolve({ html: "", script: "", style: "" }),
      environment: "test",
      cities: [],
      questions: { ends: "SELECT 1", rejected: "SELECT 1" },
    },
    timeScale: 0.02,
    warn: () => {},
    onFailure: (error) => {
      throw error;
    },
  });
  try {
    await use({
      simulator,
      post: async (path, body) => {
        const headers = { "content-type": "application/json" };
        const url = new URL(path, simulator.page);
        const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
        return { status: response.status, body: (await response.json()) as Record<string, Json> };
      },
      ingest: async (dataSet) => {
        const { arn } = simulator.startExecution({ machine: "ingesting", input: { dataSet } });
        const { status, output = "{}", error, cause } = await simulator.executions.outcome(arn);
        return {
          status,
          output: JSON.parse(output) as Record<string, Json>,
          ...(error !== undefined && { error }),
          ...(cause !== undefined && { cause }),
        };
      },
    });
  } finally {
    await simulator.close();
  }
}

const roomy = role("machine", { policy: [{ Effect: "Allow", Action: "quicksight:*", Resource: "*" }] });

describe("Data sets of a simulator", () => {
  it("are imported by a state machine, with the data source's own permissions, and shown", async () => {
    await withPage([...lake(), ...roomy], async ({ ingest, post }) => {
      const { status, output } = await ingest("readings");
      expect(status).to.equal("SUCCEEDED");
      expect(output["started"]).to.deep.include({ Arn: `${dataSetArn("readings")}/ingestion/one`, Status: 201 });
      const { Ingestion } = output["seen"] as { Ingestion: Record<string, Json> };
      expect(Ingestion).to.deep.include({
        IngestionStatus: "COMPLETED",
        RequestType: "FULL_REFRESH",
        RowInfo: { RowsIngested: 3, RowsDropped: 0, TotalRowsInDataset: 3 },
      });
      const day = Date.UTC(2018, 11, 3);
      expect((await post("/api/visual", { dashboard: "board", visual: "rows" })).body["rows"]).to.deep.equal([
        [0, day],
        [1, day],
        [2, day],
      ]);
      expect((await ingest("readings")).error).to.equal("QuickSight.ResourceExistsException");
    });
  });

  it("that are asked directly show what is there now, and cannot be imported", async () => {
    await withPage([...lake(), ...roomy], async ({ ingest, post }) => {
      expect((await post("/api/visual", { dashboard: "board", visual: "direct" })).body["rows"]).to.deep.equal([[2]]);
      expect((await ingest("direct")).error).to.equal("QuickSight.InvalidParameterValueException");
    });
  });

  it("whose table is missing say so, and nothing else breaks", async () => {
    await withPage([...lake(), ...roomy], async ({ ingest, post }) => {
      const { output } = await ingest("broken");
      const { Ingestion } = output["seen"] as {
        Ingestion: { IngestionStatus: string; ErrorInfo: { Message: string } };
      };
      expect(Ingestion.IngestionStatus).to.equal("FAILED");
      expect(Ingestion.ErrorInfo.Message).to.match(/TABLE_NOT_FOUND.*nothing/);
      const { status, body } = await post("/api/visual", { dashboard: "board", visual: "broken" });
      expect(status).to.equal(409);
      expect(body["error"]).to.match(/nothing/);
      expect((await post("/api/visual", { dashboard: "board", visual: "rows" })).status).to.equal(200);
    });
  });

  it("are refused to a data source whose role does not allow one of the calls", async () => {
    for (const action of ["athena:StartQueryExecution", "athena:GetQueryResults", "glue:GetTable", "s3:PutObject"]) {
      const policy = needed.map((statement) => ({
        ...statement,
        Action: statement.Action.filter((one) => one !== action),
      }));
      const left = policy.filter(({ Action }) => Action.length > 0);
      await withPage([...lake(left), ...roomy], async ({ post }) => {
        const { status, body } = await post("/api/visual", { dashboard: "board", visual: "rows" });
        expect([action, status]).to.deep.equal([action, 409]);
        expect(body["error"]).to.contain(`is not authorized to perform: ${action}`);
      });
    }
  });

  it("are not imported for a machine whose role does not allow it", async () => {
    const policy = [
      { Effect: "Allow", Action: "quicksight:CreateIngestion", Resource: `${dataSetArn("readings")}/ingestion/*` },
    ];
    await withPage([...lake(), ...role("machine", { policy })], async ({ ingest }) => {
      const other = await ingest("broken");
      expect([other.status, other.error]).to.deep.equal(["FAILED", "QuickSight.AccessDeniedException"]);
      expect(other.cause).to.contain("quicksight:CreateIngestion");
      expect((await ingest("readings")).cause).to.contain("quicksight:DescribeIngestion");
    });
  });

  it("of a name or a kind that QuickSight does not take are refused as it refuses them", async () => {
    await withPage([...lake(), ...roomy], async ({ ingest }) => {
      expect((await ingest("stranger")).error).to.equal("QuickSight.ResourceNotFoundException");
    });
  });
});
