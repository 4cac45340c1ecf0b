import { expect } from "chai";
import { environmentFile, loadEnvironment } from "../../environments/index.ts";
import { byPrice, CostError, costOf, costPerMillion, costReport, loadOf } from "../cost/index.ts";
import type { Graph, Load } from "../index.ts";
import { conversion, lambda, load, rule, stream, throughFunction } from "./cost-graph.ts";
import { graphOf, resource } from "./resources.ts";

const whole = rule("SELECT * FROM 'in/#'");

/** Dollars by price, to a hundredth of a cent. */
function dollars(graph: Graph, its: Load): Record<string, number> {
  return Object.fromEntries(
    byPrice(costOf(graph, its)).map(({ price, dollars }) => [price, Math.round(dollars * 1e4) / 1e4]),
  );
}

function quantity(graph: Graph, its: Load, price: string): number | undefined {
  return byPrice(costOf(graph, its)).find((line) => line.price === price)?.quantity;
}

describe("the cost of a million readings, one per message", () => {
  const graph = graphOf(whole, stream(conversion));

  it("is 1.00 for messages, 0.15 for the rule, 0.15 for its action", () => {
    expect(dollars(graph, load())).to.include({ iotMessage: 1, iotRule: 0.15, iotAction: 0.15 });
  });

  it("is 0.138 for 4.77 GB of records of 5 KB, and 0.086 for their conversion", () => {
    expect(quantity(graph, load(), "firehoseIngest")).to.be.closeTo(5_120_000_000 / 2 ** 30, 1e-6);
    expect(dollars(graph, load())).to.include({ firehoseIngest: 0.1383, firehoseConversion: 0.0858 });
  });

  it("is 0.30 instead of 1.30 for IoT Core by Basic Ingest", () => {
    const its = dollars(graph, load({ topic: "$aws/rules/all/in/a" }));
    expect(its).to.include({ iotBasicIngest: 0, iotRule: 0.15, iotAction: 0.15 });
    expect(its).not.to.have.property("iotMessage");
  });

  it("takes a rule without FROM by Basic Ingest", () => {
    const its = dollars(graphOf(rule("SELECT *"), stream()), load({ topic: "$aws/rules/all" }));
    expect(its).to.include({ iotRule: 0.15, iotAction: 0.15 });
  });

  it("is a fiftieth where 50 readings fit in 5 KB", () => {
    const single = dollars(graph, load());
    const envelope = costPerMillion(graph, load(), 50);
    for (const { price, dollars: its } of byPrice(envelope)) {
      if (price !== "s3Put") expect(its, price).to.be.closeTo((single[price] ?? NaN) / 50, 1e-5);
    }
  });

  it("says for each line its resource, quantity, price and confidence", () => {
    const line = costOf(graph, load()).lines.find(({ price }) => price === "firehoseIngest");
    expect(line).to.include({ name: "readings", unit: "GB in records of 5 KB", unitPrice: 0.029, confidence: "C" });
    expect(line?.resource).to.contain("FirehoseDeliveryStream::readings");
  });
});

describe("metering in 5 KB", () => {
  const graph = graphOf(whole, stream());
  /** An element with which payload and a topic of four bytes have so many bytes. */
  const element = (bytes: number) => `"${"x".repeat(bytes - 6)}"`;

  it("counts payload and topic of a message together", () => {
    expect(quantity(graph, load({ element: element(5120) }), "iotMessage")).to.be.closeTo(1, 1e-9);
    expect(quantity(graph, load({ element: element(5121) }), "iotMessage")).to.be.closeTo(2, 1e-9);
  });

  it("rounds each record of a delivery stream up, with its separator", () => {
    const separated = graphOf(rule("SELECT * FROM 'in/#'", {}, { separator: "\n" }), stream());
    // four bytes more: a record has no topic
    expect(quantity(separated, load({ element: element(5123) }), "firehoseIngest")).to.be.closeTo(
      5120e6 / 2 ** 30,
      1e-6,
    );
    expect(quantity(separated, load({ element: element(5124) }), "firehoseIngest")).to.be.closeTo(
      10240e6 / 2 ** 30,
      1e-6,
    );
  });

  it("counts what an action hands on, which base64 makes longer", () => {
    const encoding = graphOf(rule("SELECT encode(*, 'base64') AS payload FROM 'in/#'"), stream());
    const its = load({ element: element(5000) });
    expect(quantity(encoding, its, "iotRule")).to.be.closeTo(1, 1e-9);
    expect(quantity(encoding, its, "iotAction")).to.be.closeTo(2, 1e-9);
    expect(quantity(encoding, its, "firehoseIngest")).to.be.closeTo(10240e6 / 2 ** 30, 1e-6);
  });

  it("counts each rule that takes a message, each action, and none that is switched off", () => {
    const firehose = { deliveryStreamName: "readings", roleArn: "role" };
    const two = graphOf(
      whole,
      rule("SELECT * FROM 'in/+'", { name: "twice", firehoses: [firehose, firehose] }),
      rule("SELECT * FROM 'other'", { name: "elsewhere" }),
      rule("SELECT * FROM 'in/#'", { name: "off", enabled: false }),
      stream(),
    );
    expect(dollars(two, load())).to.include({ iotMessage: 1, iotRule: 0.3, iotAction: 0.45 });
    expect(quantity(two, load(), "firehoseIngest")).to.be.closeTo((3 * 5120e6) / 2 ** 30, 1e-6);
  });

  it("counts each element of an array that an action in batch mode hands on as a record", () => {
    const batch = graphOf(rule("SELECT VALUE * FROM 'in/#'", {}, { batchMode: true }), stream());
    expect(quantity(batch, load({ envelope: 50 }), "iotMessage")).to.be.closeTo(0.02, 1e-9);
    expect(quantity(batch, load({ envelope: 50 }), "firehoseIngest")).to.be.closeTo(5120e6 / 2 ** 30, 1e-6);
  });
});

describe("what a delivery stream costs besides", () => {
  it("is no conversion where none is declared", () => {
    expect(dollars(graphOf(whole, stream()), load())).not.to.have.property("firehoseConversion");
  });

  it("is an object each interval in which something came, and one more where it keeps the records", () => {
    const minutes = (730 * 60) / 1000;
    expect(quantity(graphOf(whole, stream()), load(), "s3Put")).to.be.closeTo(minutes, 1e-9);
    expect(quantity(graphOf(whole, stream()), load({ perHour: 1 }), "s3Put")).to.be.closeTo(0.73, 1e-9);
    const backup = { s3BackupMode: "Enabled", s3BackupConfiguration: { bufferingInterval: 60, bufferingSize: 64 } };
    expect(quantity(graphOf(whole, stream(backup)), load(), "s3Put")).to.be.closeTo(2 * minutes, 1e-9);
  });

  it("is an invocation of its function each minute, at the price of its architecture", () => {
    const minutes = (730 * 60) / 1e6;
    const costs = (architecture: string) =>
      dollars(graphOf(whole, stream(throughFunction), lambda({ architectures: [architecture] })), load());
    const graph = graphOf(whole, stream(throughFunction), lambda({ memorySize: 512 }));
    expect(quantity(graph, load(), "lambdaRequest")).to.be.closeTo(minutes, 1e-9);
    expect(costs("x86_64")["lambdaX86"]).to.be.greaterThan(costs("arm64")["lambdaArm"] ?? NaN);
  });

  it("grows with memory that a single thread cannot use", () => {
    const costs = (memorySize: number) =>
      quantity(graphOf(whole, stream(throughFunction), lambda({ memorySize })), load(), "lambdaX86") ?? NaN;
    expect(costs(3538)).to.be.closeTo(2 * costs(1769), 1e-6);
  });

  it("is logs where the function's level lets the service write them", () => {
    const logging = (loggingConfig: object) =>
      dollars(graphOf(whole, stream(throughFunction), lambda({ loggingConfig })), load());
    expect(logging({ logFormat: "JSON", systemLogLevel: "WARN" })).not.to.have.property("logIngest");
    expect(logging({ logFormat: "JSON", systemLogLevel: "INFO" })).to.have.property("logIngest");
    expect(logging({ logFormat: "Text" })).to.have.property("logIngest");
  });

  it("is the stream of what is left out, by the share that is", () => {
    const leftOut = { ...stream(), id: "left-out", name: "left-out", outputs: { name: "left-out" } };
    const transform = lambda({ environment: { variables: { LEFT_OUT_STREAM: "left-out" } } });
    const graph = graphOf(whole, stream(throughFunction), leftOut, transform);
    const records = (share: number) =>
      costOf(graph, { ...load(), leftOut: share }).lines.find(
        ({ price, name }) => price === "firehoseIngest" && name === "left-out",
      )?.quantity;
    expect(records(0)).to.equal(0);
    // 43,800 invocations, each with rows of 512 bytes: 1,000 in all, then 10,000
    expect(records(0.001)).to.be.closeTo((1000 * 5120) / 2 ** 30, 1e-9);
    expect(records(0.01)).to.be.closeTo((10_000 * 5120) / 2 ** 30, 1e-9);
  });
});

describe("what is kept", () => {
  const expiring = (days: number) =>
    resource("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "lake", {
      rules: [{ status: "Enabled", filter: { prefix: "readings/" }, expiration: { days } }],
    });

  it("is removed by the lifecycle of its prefix", () => {
    const forEver = quantity(graphOf(whole, stream()), load(), "s3Storage") ?? NaN;
    // 365 days in twelve months of 730 hours
    const month = quantity(graphOf(whole, stream(), expiring(365 / 12)), load(), "s3Storage") ?? NaN;
    expect(forEver).to.be.closeTo((12e6 * 212) / 2 ** 30, 1e-6);
    expect(month).to.be.closeTo(forEver / 12, 1e-6);
  });

  it("is asked for at least 10 MB a query, and no more than the workgroup lets", () => {
    const workgroup = (bytesScannedCutoffPerQuery: number) =>
      resource("aws:athena/workgroup:Workgroup", "team", { configuration: { bytesScannedCutoffPerQuery } });
    const queries = 24 * (730 / 24);
    const scanned = (its: Load) =>
      (quantity(graphOf(whole, stream(), workgroup(20e6)), its, "athenaScan") ?? NaN) * 2 ** 40;
    expect(scanned(load({ perHour: 1 }))).to.be.closeTo(queries * 10 * 2 ** 20, 1);
    expect(scanned(load())).to.be.closeTo(queries * 20e6, 1);
  });
});

describe("what cannot be priced", () => {
  it("is a message that AWS IoT Core would refuse", () => {
    expect(() => costOf(graphOf(whole, stream()), load({ envelope: 10_000 }))).to.throw(CostError, "131072");
  });

  it("is a message that no rule takes", () => {
    expect(() => costOf(graphOf(whole, stream()), load({ topic: "out/a" }))).to.throw(CostError, "out/a");
  });

  it("is an envelope that a rule makes {} of", () => {
    const columns = graphOf(rule("SELECT building_id FROM 'in/#'"), stream());
    expect(costOf(columns, load()).dollars).to.be.greaterThan(1);
    expect(() => costOf(columns, load({ envelope: 2 }))).to.throw(CostError, "selects columns");
  });
});

describe("the cost report of an environment", () => {
  const environment = loadEnvironment(environmentFile("dev"));
  const graph = graphOf(rule("SELECT * FROM 'metercast/dev/#'"), stream(conversion));

  it("reads each meter type of each building hourly, and the weather of each city", () => {
    const { flows } = loadOf(environment);
    expect(flows.filter(({ kind }) => kind === "weather")).to.have.length(4);
    const { readings, observations } = costReport(graph, environment).month;
    expect(readings).to.equal((20 * 2 + 20 * 2 + 20 * 3 + 40 * 3) * 730);
    expect(observations).to.equal(4 * 730);
  });

  it("takes another number of readings", () => {
    const report = costReport(graph, environment, { readingsPerHour: 1000 });
    expect(report.month.readings).to.be.closeTo(730_000, 1e-6);
    expect(report.assumptions.join()).to.contain("1000 readings an hour, as asked for");
  });

  it("prices single messages, envelopes that fill 5 KB, of 100, and of the size asked for", () => {
    // the longest reading has 80 bytes, its topic 44: 62 of them and brackets and commas are 5,067 bytes, 63 are 5,148
    const { perMillionReadings, month } = costReport(graph, environment, { envelope: 7 });
    expect(perMillionReadings.map(({ envelope }) => envelope)).to.deep.equal([1, 7, 62, 100]);
    expect(perMillionReadings.find(({ fits5KB }) => fits5KB)?.envelope).to.equal(62);
    expect(month.envelope).to.equal(7);
  });

  it("sends what an hour has begun at its end", () => {
    const { lines } = costReport(graph, environment, { envelope: 100 }).month;
    // ten pairs of city and meter type and four weather stations, a message an hour from each
    expect(lines.find(({ price }) => price === "iotMessage")?.quantity).to.be.closeTo((14 * 730) / 1e6, 1e-12);
  });

  it("prices single messages only where a rule takes no envelopes, and says so", () => {
    const columns = graphOf(rule("SELECT building_id FROM 'metercast/dev/#'"), stream());
    const { perMillionReadings, notes } = costReport(columns, environment);
    expect(perMillionReadings.map(({ envelope }) => envelope)).to.deep.equal([1]);
    expect(notes.join()).to.contain("takes no envelopes");
  });

  it("prices envelopes of readings where only the rule of weather selects columns", () => {
    const meters = rule("SELECT * FROM 'metercast/dev/+/meter/+'");
    const weather = rule("SELECT site_id FROM 'metercast/dev/+/weather'", { name: "weather" });
    expect(costReport(graphOf(meters, weather, stream()), environment).perMillionReadings).to.have.length(3);
  });

  it("says that it does not price a function that no delivery stream calls", () => {
    const { notes } = costReport(graphOf(...graph.resources, lambda({})), environment);
    expect(notes).to.have.length(1);
    expect(notes[0]).to.contain("Not priced: transform,");
  });

  it("says that the prices are of another region, and what it has no price for", () => {
    const elsewhere = { ...graphOf(...graph.resources, resource("aws:kms/key:Key", "q")), region: "eu-west-2" };
    expect(costReport(elsewhere, environment).notes).to.deep.equal([
      "The environment is in eu-west-2; the prices are those of us-east-1, other regions differ.",
      "Not priced: 1 of aws:kms/key:Key.",
    ]);
  });
});
