import { expect } from "chai";
import { failure, Lake, table, view, type TableOptions } from "./athena-lake.ts";
import type { Resource } from "@metercast/graph";

const dates = {
  "projection.enabled": "true",
  "projection.dt.type": "date",
  "projection.dt.format": "yyyy-MM-dd",
  "projection.dt.range": "2018-12-01,NOW",
};

function projected(parameters: Record<string, string>): TableOptions {
  return { partitionKeys: "dt date", parameters: { ...dates, ...parameters } };
}

/** Tables that the simulator does not run, each with the property that the error names. */
const refusedTables: [string, TableOptions][] = [
  ["tableType", { inputs: { tableType: "MANAGED_TABLE" } }],
  ["openTableFormatInput", { inputs: { openTableFormatInput: { icebergInput: {} } } }],
  ["targetTable", { inputs: { targetTable: { name: "x" } } }],
  ["storageDescriptor.location", { storage: { location: "/tmp/x" } }],
  ["storageDescriptor.inputFormat", { storage: { inputFormat: "org.apache.hadoop.mapred.TextInputFormat" } }],
  [
    "storageDescriptor.serDeInfo.serializationLibrary",
    { storage: { serDeInfo: { serializationLibrary: "org.OpenCSVSerde" } } },
  ],
  ["storageDescriptor.bucketColumns", { storage: { bucketColumns: ["id"] } }],
  ["storageDescriptor.skewedInfo", { storage: { skewedInfo: {} } }],
  [
    "storageDescriptor.serDeInfo.parameters.mapping.id",
    {
      format: "json",
      storage: {
        serDeInfo: { serializationLibrary: "org.openx.data.jsonserde.JsonSerDe", parameters: { "mapping.id": "x" } },
      },
    },
  ],
  ["parameters.skip.header.line.count", { parameters: { "skip.header.line.count": "1" } }],
  ["parameters.classification", { parameters: { classification: "csv" } }],
  ["partitionKeys", { partitionKeys: "dt date" }],
  ["projection.enabled", { parameters: { "projection.enabled": "true" } }],
  ["parameters.projection.dt.type", { partitionKeys: "dt date", parameters: { "projection.enabled": "true" } }],
  ["parameters.projection.dt.type", projected({ "projection.dt.type": "injected" })],
  ["parameters.projection.dt.format", projected({ "projection.dt.format": "EEE" })],
  ["parameters.projection.dt.range", projected({ "projection.dt.range": "NOW-3" })],
  ["parameters.projection.dt.range", projected({ "projection.dt.range": "2018-13-01,NOW" })],
  ["parameters.projection.dt.interval", projected({ "projection.dt.interval": "7" })],
  ["parameters.projection.other.type", projected({ "projection.other.type": "enum" })],
  ["parameters.storage.location.template", projected({ "storage.location.template": "s3://lake/t/${day}/" })],
  ["parameters.storage.location.template", { parameters: { "storage.location.template": "s3://lake/t/" } }],
];

async function openingError(...resources: Resource[]): Promise<Error> {
  const lake = new Lake(...resources);
  try {
    return await failure(lake.open());
  } finally {
    lake.remove();
  }
}

describe("declared tables that Athena or the simulator cannot read", () => {
  it("are refused by name and property", async () => {
    for (const [property, options] of refusedTables) {
      const error = await openingError(table("t", "id int", options));
      expect(error.name, property).to.equal("DeclarationError");
      expect(error.message).to.contain('aws:glue/catalogTable:CatalogTable "energy-t"').and.to.contain(property);
    }
  });

  it("are refused for a column type that is not known, or a column that stands twice", async () => {
    expect((await openingError(table("t", "id uniontype<int>"))).message).to.contain("uniontype");
    expect((await openingError(table("t", "id int, ID string"))).message).to.contain("id is declared twice");
  });

  it("are refused in a database that is not declared, or under a name that is taken", async () => {
    expect((await openingError(table("t", "id int", { database: "other" }))).message).to.contain(
      "databaseName is other",
    );
    expect((await openingError(table("t", "id int"), table("T", "id int"))).message).to.contain("declared twice");
  });
});

describe("declared views that Athena would refuse", () => {
  const base = table("t", "id int, name string");

  it("are those whose two lists of columns differ", async () => {
    const error = await openingError(base, view("v", "id int:bigint", "SELECT id FROM t"));
    expect(error.message).to.contain('"energy-v"').and.to.contain("id bigint").and.to.contain("id int");
  });

  it("are those with a column more or less than their SQL gives, or with another name", async () => {
    expect((await openingError(base, view("v", "id int:integer", "SELECT id, name FROM t"))).message).to.contain(
      "column 2 is not declared",
    );
    expect(
      (await openingError(base, view("v", "id int:integer, x int:integer", "SELECT id FROM t"))).message,
    ).to.contain("x integer");
    expect((await openingError(base, view("v", "x int:integer", "SELECT id FROM t"))).message).to.contain(
      "gives id integer",
    );
  });

  it("are those whose SQL is not Athena's, or reads a table that is not there", async () => {
    expect((await openingError(base, view("v", "id int:integer", "SELECT id::int AS id FROM t"))).message)
      .to.contain('"energy-v"')
      .and.to.contain("CAST(x AS type)");
    expect((await openingError(base, view("v", "id int:integer", "SELECT id FROM nosuch"))).message).to.contain(
      "no table nosuch",
    );
  });

  it("are those that read themselves", async () => {
    const error = await openingError(
      view("v", "id int:integer", "SELECT id FROM w"),
      view("w", "id int:integer", "SELECT id FROM v"),
    );
    expect(error.message).to.contain("reads itself");
  });

  it("are those whose text is not a view's", async () => {
    const broken = view("v", "id int:integer", "SELECT id FROM t");
    const error = await openingError(base, { ...broken, inputs: { ...broken.inputs, viewOriginalText: "SELECT 1" } });
    expect(error.message).to.contain("viewOriginalText");
  });
});

describe("values of every type", () => {
  it("become JSON", async () => {
    const lake = new Lake(
      table("t", "a bigint, b decimal(10,2), c timestamp, d date, e binary, f boolean, g array<map<string,double>>"),
    );
    try {
      await lake.parquet(
        "t/a.parquet",
        `SELECT 9007199254740993::BIGINT AS a, 1.50::DECIMAL(10,2) AS b, TIMESTAMP '2018-12-03 00:00:00.123456' AS c,
           DATE '2018-12-03' AS d, 'hi'::BLOB AS e, true AS f, [MAP {'x': 1.5, 'y': 'NaN'::DOUBLE}] AS g`,
      );
      await lake.parquet("t/b.parquet", "SELECT 1 AS a, TIMESTAMPTZ '2018-12-03 02:00:00+02:00' AS c");
      expect(await lake.query("SELECT * FROM t ORDER BY a DESC")).to.deep.equal([
        {
          a: "9007199254740993",
          b: 1.5,
          c: "2018-12-03T00:00:00.123456Z",
          d: "2018-12-03",
          e: "68 69",
          f: true,
          g: [{ x: 1.5, y: "NaN" }],
        },
        { a: 1, b: null, c: "2018-12-03T00:00:00.000Z", d: null, e: null, f: null, g: null },
      ]);
    } finally {
      lake.remove();
    }
  });
});
