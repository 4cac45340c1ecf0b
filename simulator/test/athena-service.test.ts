import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  type QueryExecution,
  type StartQueryExecutionCommandInput,
} from "@aws-sdk/client-athena";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Resource } from "@metercast/graph";
import { database, table, view } from "./athena-lake.ts";
import {
  bucketResource,
  evaluationOf,
  lambda,
  machine,
  resource,
  role,
  rule,
  stream,
  temporaryFolder,
} from "./declare.ts";
import { start, type Running } from "./running.ts";
import { only } from "./state-machine.ts";

const source = "export const handler = async () => null;";

function workgroup(name: string, configuration: object = {}): Resource {
  return resource("aws:athena/workgroup:Workgroup", name, {
    name,
    configuration: {
      enforceWorkgroupConfiguration: true,
      bytesScannedCutoffPerQuery: 10_737_418_240,
      resultConfiguration: { outputLocation: "s3://lake/results/", expectedBucketOwner: "123456789012" },
      ...configuration,
    },
  });
}

const readings = table("readings", "id int, value double", {
  partitionKeys: "dt date",
  parameters: {
    "projection.enabled": "true",
    "projection.dt.type": "date",
    "projection.dt.format": "yyyy-MM-dd",
    "projection.dt.range": "2018-01-01,2018-12-31",
  },
});

const declared = [
  bucketResource(),
  database("energy"),
  readings,
  view("high", "id int:integer", "SELECT id FROM readings WHERE value > 1e0"),
  workgroup("w"),
];

/** Everything that a query of these tables needs, statement by statement. */
const needed = {
  start: {
    Action: ["athena:StartQueryExecution", "athena:GetQueryExecution", "athena:StopQueryExecution"],
    Resource: "*",
  },
  catalog: {
    Action: "athena:GetDataCatalog",
    Resource: "arn:aws:athena:us-east-1:123456789012:datacatalog/AwsDataCatalog",
  },
  database: { Action: "glue:GetDatabase", Resource: "*" },
  table: { Action: "glue:GetTable", Resource: "*" },
  data: { Action: "s3:GetObject", Resource: "arn:aws:s3:::lake/readings/*" },
  list: {
    Action: "s3:ListBucket",
    Resource: "arn:aws:s3:::lake",
    Condition: { StringLike: { "s3:prefix": ["readings/*", "out/*"] } },
  },
  bucket: { Action: "s3:GetBucketLocation", Resource: "arn:aws:s3:::lake" },
  result: { Action: "s3:PutObject", Resource: "arn:aws:s3:::lake/results/*" },
  target: { Action: "s3:PutObject", Resource: "arn:aws:s3:::lake/out/*" },
};

const allowing = (statements: object[]) => statements.map((statement) => ({ Effect: "Allow", ...statement }));

class Athena {
  readonly client: AthenaClient;
  readonly data: string;
  readonly running: Running;

  constructor(running: Running, data: string) {
    this.running = running;
    this.data = data;
    const credentials = { accessKeyId: "asking", secretAccessKey: "simulator" };
    this.client = new AthenaClient({
      endpoint: running.simulator.http,
      region: "us-east-1",
      credentials,
      maxAttempts: 1,
    });
  }

  async run(QueryString: string, more: Partial<StartQueryExecutionCommandInput> = {}): Promise<QueryExecution> {
    const input = { QueryString, WorkGroup: "w", ...more };
    const { QueryExecutionId } = await this.client.send(new StartQueryExecutionCommand(input));
    return this.ended(QueryExecutionId ?? "");
  }

  async ended(QueryExecutionId: string): Promise<QueryExecution> {
    for (;;) {
      const { QueryExecution: told } = await this.client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      if (told && !["QUEUED", "RUNNING"].includes(told.Status?.State ?? "")) return told;
      await pause(10);
    }
  }

  async reason(sql: string, more: Partial<StartQueryExecutionCommandInput> = {}): Promise<string> {
    const { Status } = await this.run(sql, more);
    expect(Status?.State).to.equal("FAILED");
    return Status?.StateChangeReason ?? "";
  }

  async parquet(key: string, select: string): Promise<void> {
    const file = this.path(key);
    mkdirSync(dirname(file), { recursive: true });
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(`COPY (${select}) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
  }

  async read(keys: string[], select = "*"): Promise<unknown[]> {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const list = keys.map((key) => `'${this.path(key)}'`).join(", ");
    const from = `read_parquet([${list}], hive_partitioning = false)`;
    const rows = await connection.runAndReadAll(`SELECT ${select} FROM ${from} ORDER BY ALL`);
    connection.closeSync();
    instance.closeSync();
    return rows.getRowObjectsJson();
  }

  path(address: string): string {
    return join(this.data, "buckets", "lake", address.replace("s3://lake/", ""));
  }

  text(address: string | undefined): string {
    return readFileSync(this.path(address ?? ""), "utf8");
  }
}

/** A simulator in which a function "f" has a role "asking" with these statements: the client's. */
async function withAthena<Result>(
  use: (athena: Athena) => Promise<Result>,
  { policy = [{ Action: "*", Resource: "*" }] as object[], more = [] as Resource[] } = {},
): Promise<Result> {
  const data = temporaryFolder();
  const asking = [lambda("f", source, { role: "asking" }), ...role("asking", { policy: allowing(policy) })];
  const running = await start(evaluationOf([...declared, ...asking, ...more], [source]), data);
  const athena = new Athena(running, data);
  try {
    await athena.parquet("readings/dt=2018-12-03/a", "SELECT 1 AS id, 0.5::DOUBLE AS value UNION ALL SELECT 2, 2.0");
    await athena.parquet("readings/dt=2018-12-04/a", "SELECT 3 AS id, NULL::DOUBLE AS value");
    return await use(athena);
  } finally {
    athena.client.destroy();
    await running.simulator.close();
  }
}

describe("Athena, asked by AWS's client,", () => {
  it("runs a SELECT and writes its result to the workgroup's place, whatever the client asks for", async () => {
    await withAthena(async (athena) => {
      const told = await athena.run(
        `SELECT id, value, CAST('a "b", c' AS varchar) AS text, dt, true AS yes, ARRAY[1, 2] AS list, TIMESTAMP '2018-12-03 01:02:03' AS at, 1e10 AS large FROM readings ORDER BY id`,
        { QueryExecutionContext: { Database: "energy" }, ResultConfiguration: { OutputLocation: "s3://lake/mine/" } },
      );
      expect(told.Status?.StateChangeReason).to.equal(undefined);
      expect(told).to.deep.include({ WorkGroup: "w", StatementType: "DML" });
      expect(told.ResultConfiguration?.OutputLocation).to.equal(`s3://lake/results/${told.QueryExecutionId}.csv`);
      expect(athena.text(told.ResultConfiguration?.OutputLocation)).to.equal(
        [
          '"id","value","text","dt","yes","list","at","large"',
          '"1","0.5","a ""b"", c","2018-12-03","true","[1, 2]","2018-12-03 01:02:03.000","1.0E10"',
          '"2","2.0","a ""b"", c","2018-12-03","true","[1, 2]","2018-12-03 01:02:03.000","1.0E10"',
          '"3",,"a ""b"", c","2018-12-04","true","[1, 2]","2018-12-03 01:02:03.000","1.0E10"',
          "",
        ].join("\n"),
      );
      expect(existsSync(join(athena.data, "queries", told.QueryExecutionId ?? ""))).to.equal(false);
    });
  });

  it("gives results in pages, the header first, with Athena's types", async () => {
    await withAthena(async (athena) => {
      const told = await athena.run("SELECT id, value AS v FROM readings ORDER BY id");
      const page = (more: object) =>
        athena.client.send(new GetQueryResultsCommand({ QueryExecutionId: told.QueryExecutionId, ...more }));
      const first = await page({ MaxResults: 2 });
      expect(first.ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Name, Type }) => `${Name} ${Type}`)).to.deep.equal([
        "id integer",
        "v double",
      ]);
      const second = await page({ NextToken: first.NextToken });
      const rows = [first, second].flatMap(({ ResultSet }) => ResultSet?.Rows ?? []);
      expect(rows.map(({ Data }) => Data?.map(({ VarCharValue }) => VarCharValue))).to.deep.equal([
        ["id", "v"],
        ["1", "0.5"],
        ["2", "2.0"],
        ["3", undefined],
      ]);
      expect(second.NextToken).to.equal(undefined);
    });
  });

  it("sees every message that was acknowledged before it started", async () => {
    const more = [
      rule("all", { sql: "SELECT * FROM 'in/#'", to: "lines" }),
      stream("lines"),
      table("lines", "a int", { format: "json", storage: { location: "s3://lake/lines/" } }),
    ];
    await withAthena(
      async (athena) => {
        for (const a of [1, 2, 3]) await athena.running.publish("in/x", JSON.stringify({ a }));
        const told = await athena.run("SELECT sum(a) AS s FROM lines");
        expect(athena.text(told.ResultConfiguration?.OutputLocation)).to.equal('"s"\n"6"\n');
      },
      { more },
    );
  });

  it("unloads a SELECT as Parquet in folders of its last columns, and lists the files", async () => {
    await withAthena(async (athena) => {
      const sql =
        "UNLOAD (SELECT id, sum(id) OVER () AS s, value, dt FROM energy.readings)\nTO 's3://lake/out/1-0/' WITH (format = 'PARQUET', compression = 'SNAPPY', partitioned_by = ARRAY['dt'])";
      const told = await athena.run(sql);
      expect(told.Status?.StateChangeReason).to.equal(undefined);
      const manifest = told.Statistics?.DataManifestLocation;
      expect(manifest).to.equal(`s3://lake/results/${told.QueryExecutionId}-manifest.csv`);
      const keys = athena.text(manifest).trimEnd().split("\n");
      expect(keys.map((key) => key.replace(/[^/]*$/, "")).sort()).to.deep.equal([
        "s3://lake/out/1-0/dt=2018-12-03/",
        "s3://lake/out/1-0/dt=2018-12-04/",
      ]);
      expect(await athena.read(keys)).to.deep.equal([
        { id: 1, s: "6", value: 0.5 },
        { id: 2, s: "6", value: 2 },
        { id: 3, s: "6", value: null },
      ]);
      expect(await athena.read(keys, "DISTINCT typeof(s) AS t")).to.deep.equal([{ t: "BIGINT" }]);
      expect(await athena.reason(sql)).to.match(/^HIVE_PATH_ALREADY_EXISTS: .* s3:\/\/lake\/out\/1-0\//);
    });
  });

  it("unloads nothing where there are no rows", async () => {
    await withAthena(async (athena) => {
      const told = await athena.run(
        "UNLOAD (SELECT id FROM readings WHERE id > 9) TO 's3://lake/out/1/' WITH (format = 'PARQUET')",
      );
      expect(athena.text(told.Statistics?.DataManifestLocation)).to.equal("");
      expect(existsSync(athena.path("out/1"))).to.equal(false);
    });
  });

  const unloads: [string, string, string][] = [
    [
      "more than 100 partitions",
      "SELECT id, n AS p FROM readings CROSS JOIN UNNEST(sequence(1, 101)) AS t(n)",
      "HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers for partitions/buckets: there are 101.",
    ],
    [
      "partition columns that are not the last",
      "SELECT id AS p, value FROM readings",
      "HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns in the table and in the same order as the table properties: [p]",
    ],
    [
      "a column without a name",
      "SELECT id + 1, id AS p FROM readings",
      "MISSING_COLUMN_NAME: Column name not specified at position 1: name it with AS.",
    ],
    [
      "a type that Hive does not have",
      "SELECT current_timestamp AS t, id AS p FROM readings",
      "NOT_SUPPORTED: Unsupported Hive type: timestamp(3) with time zone, of the column t: CAST it to another.",
    ],
  ];
  for (const [what, select, reason] of unloads) {
    it(`refuses an UNLOAD of ${what}, and writes nothing`, async () => {
      await withAthena(async (athena) => {
        const options = "WITH (format = 'PARQUET', partitioned_by = ARRAY['p'])";
        expect(await athena.reason(`UNLOAD (${select}) TO 's3://lake/out/1/' ${options}`)).to.equal(reason);
        expect(existsSync(athena.path("out"))).to.equal(false);
      });
    });
  }

  const failures: [string, string][] = [
    [
      "SELECT *\nFROM nothing",
      "TABLE_NOT_FOUND: line 2:6: There is no table nothing in energy; there is high or readings.",
    ],
    ["SELECT ident FROM readings", 'COLUMN_NOT_FOUND: line 1:8: Referenced column "ident" not found in FROM clause!'],
    [
      "SELECT id FROM\n readings WHERE ORDER",
      'SYNTAX_ERROR: line 2:17: syntax error at or near "ORDER"; a column of that name is written "order"',
    ],
    ["SELECT id::varchar FROM readings", "SYNTAX_ERROR: :: is not Athena's SQL: write CAST(x AS type)."],
    [
      "DROP TABLE readings",
      "SYNTAX_ERROR: A query is one SELECT, WITH, VALUES, SHOW, DESCRIBE or EXPLAIN; it cannot start with DROP.",
    ],
    ["SELECT 1 FROM other.readings", "SCHEMA_NOT_FOUND: line 1:15: There is no database other: there is energy."],
    [
      "UNLOAD (SELECT id FROM readings) TO 's3://lake/out/' WITH (format = 'TEXTFILE')",
      'NOT_SUPPORTED: UNLOAD with format = "TEXTFILE" does not run here: PARQUET does.',
    ],
    [
      "UNLOAD (SELECT id FROM readings) TO 's3://other/out/' WITH (format = 'PARQUET')",
      "HIVE_FILESYSTEM_ERROR: Failed to write to s3://other/out/: the specified bucket does not exist.",
    ],
  ];
  for (const [sql, reason] of failures) {
    it(`fails ${JSON.stringify(sql)} with ${reason.split(":")[0]}`, async () => {
      await withAthena(async (athena) => {
        const { Status } = await athena.run(sql);
        expect(Status?.StateChangeReason).to.equal(reason);
        expect(Status?.AthenaError).to.include({ ErrorCategory: 2, ErrorMessage: reason });
      });
    });
  }

  it("stops what runs and what waits, and goes on with the next", async () => {
    await withAthena(async (athena) => {
      const endless =
        "SELECT count(*) AS n FROM UNNEST(sequence(1, 100000)) AS a(x) CROSS JOIN UNNEST(sequence(1, 100000)) AS b(y) CROSS JOIN UNNEST(sequence(1, 1000)) AS c(z) WHERE x * y % 7 = z";
      const ids: string[] = [];
      for (const QueryString of [endless, endless, "SELECT 1 AS a"]) {
        const { QueryExecutionId } = await athena.client.send(
          new StartQueryExecutionCommand({ QueryString, WorkGroup: "w" }),
        );
        ids.push(QueryExecutionId ?? "");
      }
      for (const QueryExecutionId of ids.slice(0, 2).reverse()) {
        await athena.client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
      }
      const states = [];
      for (const id of ids) states.push((await athena.ended(id)).Status?.State);
      expect(states).to.deep.equal(["CANCELLED", "CANCELLED", "SUCCEEDED"]);
    });
  });

  it("knows one query of a token, and refuses what it does not know", async () => {
    await withAthena(async (athena) => {
      const ClientRequestToken = "0".repeat(32);
      const first = await athena.run("SELECT 1 AS a", { ClientRequestToken });
      const again = await athena.run("SELECT 1 AS a", { ClientRequestToken });
      expect(again.QueryExecutionId).to.equal(first.QueryExecutionId);
      const refusals: [Promise<unknown>, string][] = [
        [athena.run("SELECT 2 AS a", { ClientRequestToken }), "Idempotent parameters do not match"],
        [athena.run("SELECT 1 AS a", { WorkGroup: "none" }), "WorkGroup none is not found."],
        [
          athena.run("SELECT 1 AS a", { WorkGroup: "primary" }),
          "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.",
        ],
        [athena.ended("none"), "QueryExecution none was not found"],
        [
          athena.run("SELECT 1 AS a", { WorkGroup: "primary", ResultConfiguration: { OutputLocation: "s3://other/" } }),
          "Unable to verify/create output bucket other: it does not exist",
        ],
      ];
      for (const [asked, message] of refusals) {
        const error = await asked.then(
          () => undefined,
          (reason: Error) => reason,
        );
        expect(error).to.include({ name: "InvalidRequestException", message });
      }
    });
  });
});

describe("Athena, with a role,", () => {
  const unload = "UNLOAD (SELECT id FROM high) TO 's3://lake/out/1/' WITH (format = 'PARQUET')";

  it("runs with what the role allows, and no more", async () => {
    await withAthena(
      async (athena) => {
        expect((await athena.run(unload)).Status?.StateChangeReason).to.equal(undefined);
      },
      { policy: Object.values(needed) },
    );
  });

  const sentence = (action: string) => `to perform: ${action} on resource`;
  const missing: [keyof typeof needed, string, string][] = [
    ["catalog", "athena:GetDataCatalog", "Insufficient permissions to execute the query. "],
    ["database", "glue:GetDatabase", "Insufficient permissions to execute the query. "],
    ["table", "glue:GetTable", "Insufficient permissions to execute the query. "],
    ["data", "s3:GetObject", "PERMISSION_DENIED: Permission denied on S3 path: s3://lake/readings/dt=2018-12-03/a"],
    ["list", "s3:ListBucket", "PERMISSION_DENIED: Permission denied on S3 path: s3://lake/readings/"],
    ["result", "s3:PutObject", "PERMISSION_DENIED: Access denied when writing output to url: s3://lake/results/"],
    ["target", "s3:PutObject", "PERMISSION_DENIED: Access denied when writing output to url: s3://lake/out/"],
  ];
  for (const [name, action, start] of missing) {
    it(`fails without ${action} on its ${name}`, async () => {
      const policy = Object.entries(needed).filter(([one]) => one !== name);
      await withAthena(
        async (athena) => {
          const reason = await athena.reason(unload);
          expect(reason).to.include(start);
          expect(reason).to.include(sentence(action));
        },
        { policy: policy.map(([, statement]) => statement) },
      );
    });
  }

  it("is refused at once without the right to start, or to find the bucket of the results", async () => {
    for (const [name, type] of [
      ["start", "AccessDeniedException"],
      ["bucket", "InvalidRequestException"],
    ] as const) {
      const policy = Object.entries(needed).filter(([one]) => one !== name);
      await withAthena(
        async (athena) => {
          const error = await athena.run(unload).then(
            () => undefined,
            (reason: Error) => reason,
          );
          expect(error?.name).to.equal(type);
        },
        { policy: policy.map(([, statement]) => statement) },
      );
    }
  });
});

describe("Athena, as a state machine calls it,", () => {
  const task = (operation: string, Parameters: object) =>
    only({ Type: "Task", Resource: `arn:aws:states:::athena:${operation}`, Parameters });
  const select = { QueryString: "SELECT id FROM readings ORDER BY id", WorkGroup: "w" };

  async function outcome(
    definition: object,
    policy?: object[],
  ): Promise<{ status: string; output?: unknown; error?: string; cause?: string }> {
    const roles = policy ? role("narrow", { policy: allowing(policy) }) : [];
    const declaredMachine = machine("m", definition, policy && { role: "narrow" });
    return withAthena(
      async ({ running: { simulator } }) => {
        const { arn } = simulator.startExecution({ machine: "m" });
        const ended = await simulator.executions.outcome(arn);
        const { status, output, error, cause } = ended;
        return {
          status,
          ...(output !== undefined && { output: JSON.parse(output) as unknown }),
          ...(error !== undefined && { error }),
          ...(cause !== undefined && { cause }),
        };
      },
      { more: [declaredMachine, ...roles] },
    );
  }

  it("waits for a query of .sync, and has what became of it", async () => {
    const { status, output } = await outcome(task("startQueryExecution.sync", select));
    expect(status).to.equal("SUCCEEDED");
    const { QueryExecution: told } = output as { QueryExecution: QueryExecution };
    expect(told.Status?.State).to.equal("SUCCEEDED");
    expect(told.ResultConfiguration?.OutputLocation).to.match(/^s3:\/\/lake\/results\/.*\.csv$/);
  });

  it("reads the rows of a query", async () => {
    const { output } = await outcome({
      StartAt: "Query",
      States: {
        Query: {
          Type: "Task",
          Resource: "arn:aws:states:::athena:startQueryExecution.sync",
          Parameters: select,
          Next: "Rows",
        },
        Rows: {
          Type: "Task",
          Resource: "arn:aws:states:::athena:getQueryResults",
          Parameters: { "QueryExecutionId.$": "$.QueryExecution.QueryExecutionId" },
          OutputPath: "$.ResultSet.Rows[1:].Data[0].VarCharValue",
          End: true,
        },
      },
    });
    expect(output).to.deep.equal(["1", "2", "3"]);
  });

  it("fails with the query, and with what Athena refuses", async () => {
    const failed = await outcome(task("startQueryExecution.sync", { ...select, QueryString: "SELECT 1 FROM none" }));
    expect(failed).to.include({ status: "FAILED", error: "States.TaskFailed" });
    expect((JSON.parse(failed.cause ?? "") as QueryExecution).Status?.StateChangeReason).to.match(/^TABLE_NOT_FOUND/);
    const refused = await outcome(task("startQueryExecution.sync", { ...select, WorkGroup: "none" }));
    expect(refused).to.include({ error: "Athena.InvalidRequestException", cause: "WorkGroup none is not found." });
  });

  it("stops a query whose task has timed out", async () => {
    const QueryString =
      "SELECT count(*) AS n FROM UNNEST(sequence(1, 100000)) AS a(x) CROSS JOIN UNNEST(sequence(1, 100000)) AS b(y) CROSS JOIN UNNEST(sequence(1, 1000)) AS c(z) WHERE x * y % 7 = z";
    const definition = only({
      Type: "Task",
      Resource: "arn:aws:states:::athena:startQueryExecution.sync",
      Parameters: { ...select, QueryString },
      TimeoutSeconds: 1,
    });
    expect(await outcome(definition)).to.include({ status: "FAILED", error: "States.Timeout" });
  });

  it("has the machine's role", async () => {
    const rest = { ...needed, start: needed.catalog };
    const denied = await outcome(task("startQueryExecution.sync", select), Object.values(rest));
    expect(denied).to.include({ status: "FAILED", error: "Athena.AccessDeniedException" });
    expect(denied.cause).to.match(/assumed-role\/narrow\/m is not authorized to perform: athena:StartQueryExecution/);
    const allowed = await outcome(task("startQueryExecution.sync", select), Object.values(needed));
    expect(allowed.status).to.equal("SUCCEEDED");
  });
});

describe("what a query leaves", () => {
  it("is nothing, where it fails", async () => {
    await withAthena(async (athena) => {
      await athena.run("SELECT 1 FROM none");
      expect(readdirSync(join(athena.data, "queries"))).to.deep.equal([]);
    });
  });
});
