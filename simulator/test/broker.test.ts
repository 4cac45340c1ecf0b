import { connect as connectSocket, createServer } from "node:net";
import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import { expect } from "chai";
import mqtt, { type MqttClient } from "mqtt";
import { DevicePolicies } from "../broker/device-policy.ts";
import { PublishRates } from "../broker/rates.ts";
import { refusal } from "../broker/limits.ts";
import { bucketResource, evaluationOf, graphOf, resource, rule, stream, temporaryFolder } from "./declare.ts";
import { start, type Running } from "./running.ts";

const everything = [
  bucketResource(),
  stream("output"),
  rule("all", { sql: "SELECT *, clientid() AS client FROM 'in/#'", to: "output" }),
  rule("named", { sql: "SELECT *, topic() AS on", to: "output" }),
];

describe("the limits of the broker", () => {
  it("take a payload of 131,072 bytes and not one more", () => {
    expect(refusal("a", 131_072)).to.equal(undefined);
    expect(refusal("a", 131_073)).to.contain("131073 bytes; 131072 are allowed");
  });

  it("take a topic of eight levels and 256 bytes", () => {
    expect(refusal("a/b/c/d/e/f/g/h", 1)).to.equal(undefined);
    expect(refusal("a/b/c/d/e/f/g/h/i", 1)).to.contain("7 slashes");
    expect(refusal("ä".repeat(128), 1)).to.equal(undefined);
    expect(refusal(`${"ä".repeat(128)}a`, 1)).to.contain("256 bytes");
  });

  it("do not count the prefix of Basic Ingest", () => {
    expect(refusal("$aws/rules/my_rule/a/b/c/d/e/f/g/h", 1)).to.equal(undefined);
    expect(refusal("$aws/rules/my_rule/a/b/c/d/e/f/g/h/i", 1)).to.contain("7 slashes");
  });

  it("refuse wildcards and NUL in a publish", () => {
    expect(refusal("a/+", 1)).to.contain("wildcard");
    expect(refusal("a\0b", 1)).to.contain("NUL");
  });
});

describe("the broker", () => {
  let running: Running;
  let clients: MqttClient[];

  beforeEach(async () => {
    clients = [];
    running = await start(evaluationOf(everything), temporaryFolder());
  });

  afterEach(async () => {
    for (const client of clients) client.end(true);
    await running.simulator.close();
  });

  async function connect(clientId = "tester"): Promise<MqttClient> {
    const client = await mqtt.connectAsync(String(running.simulator.mqtt), { clientId, reconnectPeriod: 0 });
    clients.push(client);
    return client;
  }

  async function stored(): Promise<string[]> {
    await running.simulator.flush();
    return running.objects("output/").flatMap(({ text }) => text.trimEnd().split("\n"));
  }

  it("takes messages over MQTT with QoS 0 and 1", async () => {
    const client = await connect();
    await client.publishAsync("in/a", '{"a":0}', { qos: 0 });
    await client.publishAsync("in/a", '{"a":1}', { qos: 1 });
    expect(await stored()).to.deep.equal(['{"a":0,"client":"tester"}', '{"a":1,"client":"tester"}']);
  });

  it("takes messages from AWS's own client of the data plane", async () => {
    const client = new IoTDataPlaneClient({
      endpoint: running.simulator.http,
      region: "us-east-1",
      credentials: { accessKeyId: "any", secretAccessKey: "any" },
    });
    await client.send(new PublishCommand({ topic: "in/a/b", qos: 1, payload: Buffer.from('{"a":1}') }));
    client.destroy();
    expect(await stored()).to.deep.equal(['{"a":1,"client":"n/a"}']);
  });

  it("gives AWS's own client the name of its error", async () => {
    const client = new IoTDataPlaneClient({
      endpoint: running.simulator.http,
      region: "us-east-1",
      credentials: { accessKeyId: "any", secretAccessKey: "any" },
    });
    const error = await client
      .send(new PublishCommand({ topic: "a/+/b", qos: 1, payload: Buffer.from("{}") }))
      .catch((refused: Error) => refused);
    client.destroy();
    expect(error).to.include({ name: "InvalidRequestException" });
  });

  it("answers what is no JSON where JSON is due as the client's fault", async () => {
    const headers = { "x-amz-target": "Firehose_20150804.PutRecord" };
    expect((await fetch(running.simulator.http, { method: "POST", headers, body: "{" })).status).to.equal(400);
  });

  it("passes messages on to subscribers, however they came", async () => {
    const subscriber = await connect("subscriber");
    await subscriber.subscribeAsync("in/#", { qos: 1 });
    const received: string[] = [];
    const both = new Promise<void>((resolve) =>
      subscriber.on("message", (_topic, payload) => {
        if (received.push(payload.toString()) === 2) resolve();
      }),
    );
    await (await connect("publisher")).publishAsync("in/a", "mqtt", { qos: 1 });
    await running.publish("in/a", "http");
    await both;
    expect(received.sort()).to.deep.equal(["http", "mqtt"]);
  });

  it("closes the connection of a publish that AWS would refuse, without an acknowledgement, and says why", async () => {
    const client = await connect("too-deep");
    const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
    client.publish("a/b/c/d/e/f/g/h/i", "x", { qos: 1 });
    await closed;
    expect(running.warnings.join()).to.contain('Client too-deep: publish to "a/b/c/d/e/f/g/h/i" refused');
  });

  it("answers a publish over HTTP that AWS would refuse with the reason", async () => {
    expect(await running.publish("in/a", "x".repeat(131_072))).to.equal(200);
    expect(await running.publish("in/a", "x".repeat(131_073))).to.equal(413);
    expect(await running.publish("a/b/c/d/e/f/g/h/i", "x")).to.equal(400);
    expect((await fetch(`${running.simulator.http}/topics/a?qos=2`, { method: "POST" })).status).to.equal(400);
  });

  it("goes on after a connection that broke in the middle of a packet", async () => {
    const socket = connectSocket(running.simulator.mqttPort ?? 0, "127.0.0.1");
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    socket.write(Buffer.from([0x10, 0x20, 0x00, 0x04]));
    socket.destroy();
    const client = await connect();
    await client.publishAsync("in/a", '{"a":1}', { qos: 1 });
    expect(await stored()).to.have.length(1);
  });

  it("runs a rule by its name for Basic Ingest", async () => {
    await running.publish("$aws/rules/all/in/a", '{"a":1}');
    await running.publish("$aws/rules/other/in/a", '{"a":2}');
    expect(await stored()).to.deep.equal(['{"a":1,"client":"n/a"}']);
  });

  it("runs a rule without FROM by its name only, with or without a topic behind it", async () => {
    await running.publish("$aws/rules/named/in/a", '{"a":1}');
    await running.publish("$aws/rules/named", '{"a":2}');
    await running.publish("in/named", '{"a":3}');
    expect(await stored()).to.deep.equal(['{"a":1,"on":"in/a"}', '{"a":2,"on":""}', '{"a":3,"client":"n/a"}']);
  });

  it("listens on 127.0.0.1 only, and names the option when a port is taken", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    const { run } = await import("../run.ts");
    const options = {
      evaluation: evaluationOf(everything),
      httpPort: 0,
      warn: () => {},
      onFailure: (error: Error) => {
        throw error;
      },
    };
    const failure = await run({ ...options, data: temporaryFolder(), mqttPort: port }).catch((error: Error) => error);
    taken.close();
    expect(failure).to.be.instanceOf(Error);
    expect((failure as Error).message).to.equal(
      `Port ${port} is in use: choose another with --mqtt-port N, or --mqtt-port 0 for any that is free.`,
    );
  });
});

describe("the rates of publishes", () => {
  it("are told when a connection goes beyond what AWS takes in a second, and not before", () => {
    const rates = new PublishRates();
    for (let second = 0; second < 3; second++)
      for (let count = 0; count < 100; count++) rates.count("a", second * 1000);
    rates.count("b", 2000);
    expect(rates.warning()).to.equal(undefined);
    rates.count("a", 2999);
    expect(rates.warning()).to.contain("up to 101 messages a second").and.to.contain("takes 100");
  });
});

describe("a device policy", () => {
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "iot:Connect",
        Resource: "arn:aws:iot:us-east-1:123456789012:client/${iot:Connection.Thing.ThingName}",
      },
      {
        Effect: "Allow",
        Action: ["iot:Publish"],
        Resource: ["arn:aws:iot:us-east-1:123456789012:topic/site/${iot:Connection.Thing.Attributes[city]}/*"],
        Condition: { StringEquals: { "iot:Connection.Thing.Attributes[kind]": "meter" } },
      },
    ],
  });
  const thing = (name: string, attributes: object) => [
    resource("aws:iot/thing:Thing", name, { name, attributes }),
    resource("aws:iot/thingGroupMembership:ThingGroupMembership", name, { thingName: name, thingGroupName: "g" }),
  ];
  const policies = new DevicePolicies(
    graphOf([
      resource("aws:iot/policy:Policy", "p", { name: "p", policy }),
      resource("aws:iot/thingGroup:ThingGroup", "g", { name: "g" }, { arn: "arn:g" }),
      resource("aws:iot/policyAttachment:PolicyAttachment", "a", { policy: "p", target: "arn:g" }),
      ...thing("m1", { city: "London", kind: "meter" }),
      ...thing("w1", { city: "London", kind: "weather" }),
      ...thing("m2", { city: "*", kind: "meter" }),
    ]),
  );

  it("lets a thing publish to its own topics only", () => {
    expect(policies.refusesConnect("m1")).to.equal(undefined);
    expect(policies.refusesPublish("m1", "site/London/meter")).to.equal(undefined);
    expect(policies.refusesPublish("m1", "site/Paris/meter")).to.contain("does not allow iot:Publish");
  });

  it("holds a thing to its conditions", () => {
    expect(policies.refusesPublish("w1", "site/London/meter")).to.contain("w1");
  });

  it("takes a wildcard in an attribute for what it is", () => {
    expect(policies.refusesPublish("m2", "site/Paris/meter")).to.contain("m2");
  });

  it("says nothing about a client that is no thing", () => {
    expect(policies.refusesPublish("someone", "anything")).to.equal(undefined);
  });
});
