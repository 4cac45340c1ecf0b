import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer as createTlsBroker } from "node:tls";
import type { TLSSocket } from "node:tls";
import { Aedes } from "aedes";
import { expect } from "chai";
import { createWebSocketStream, WebSocketServer } from "ws";
import { deployedTarget, PublishError } from "../index.ts";
import type { DeployedTargetOptions, Target } from "../index.ts";
import { inFolder } from "./builders.ts";
import { hasSignedAddress, hasSignedHeader, testCredentials } from "./signature.ts";

const region = "eu-west-1";

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i));
}

async function failureOf(run: Promise<unknown>): Promise<Error> {
  return run.then(
    () => expect.fail("nothing was thrown"),
    (error: unknown) => error as Error,
  );
}

function target(port: number, changes: Partial<DeployedTargetOptions>): Promise<Target> {
  return deployedTarget({
    endpoint: `http://localhost:${String(port)}`,
    region,
    bucket: "bucket",
    transport: { via: "websocket" },
    credentials: () => Promise.resolve(testCredentials),
    warn: (message) => expect.fail(message),
    reconnectAfter: { first: 50, longest: 200 },
    ...changes,
  });
}

/** Listens on a free port; closed with all its connections by what it gives. */
async function listening(server: Server | ReturnType<typeof createTlsBroker>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return (server.address() as AddressInfo).port;
}

interface Request {
  path: string;
  body: string;
  signed: boolean;
}

/** An HTTP service that keeps what it gets and answers with a status by the number of the request, from 1. */
async function httpService(
  service: string,
  statusOf: (number: number) => number,
  run: (port: number, requests: Request[]) => Promise<void>,
): Promise<void> {
  const requests: Request[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const signed = hasSignedHeader(request, body, region, service);
      requests.push({ path: request.url ?? "", body: body.toString(), signed });
      response.writeHead(statusOf(requests.length), { "content-type": "application/json" }).end("{}");
    });
  });
  try {
    await run(await listening(server), requests);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("a deployed environment over HTTPS", () => {
  it("gets each message with QoS 1, signed", () =>
    httpService(
      "iotdata",
      () => 200,
      async (port, requests) => {
        const https = await target(port, { transport: { via: "https" } });
        await Promise.all(numbers(50).map((number) => https.publish(`a b/${number}`, number)));
        await https.close();
        const [first] = requests;
        expect(first).to.deep.equal({ path: "/topics/a%20b%2F0?qos=1", body: "0", signed: true });
        expect(requests.every(({ signed }) => signed)).to.be.true;
        expect(new Set(requests.map(({ body }) => body))).to.deep.equal(new Set(numbers(50)));
      },
    ));

  it("is asked again when it is overloaded", () =>
    httpService(
      "iotdata",
      (number) => (number === 1 ? 429 : 200),
      async (port, requests) => {
        const https = await target(port, { transport: { via: "https" } });
        await https.publish("a", "once");
        await https.close();
        expect(requests.map(({ body }) => body)).to.deep.equal(["once", "once"]);
      },
    ));

  it("that refuses ends the load with the permission that is needed, and without a secret", () =>
    httpService(
      "iotdata",
      () => 403,
      async (port) => {
        const https = await target(port, { transport: { via: "https" } });
        const error = await failureOf(https.publish("a/b", "refused"));
        await https.close();
        expect(error).to.be.instanceOf(PublishError);
        expect(error.message).to.match(
          /A message to a\/b was not published \(403 .*must allow iot:Publish on topic\/a\/b/,
        );
        for (const secret of Object.values(testCredentials)) expect(error.message).not.to.include(secret);
      },
    ));
});

describe("a deployed environment's bucket", () => {
  it("gets objects by a signed request, again when it is overloaded", () =>
    httpService(
      "s3",
      (number) => (number === 1 ? 503 : 200),
      async (port, requests) => {
        const storage = `http://localhost:${String(port)}`;
        const https = await target(port, { transport: { via: "https" }, storage });
        await https.putObject("buildings/a b.json", Buffer.from("{}"));
        await https.close();
        const put = { path: "/bucket/buildings/a%20b.json", body: "{}", signed: true };
        expect(requests).to.deep.equal([put, put]);
      },
    ));
});

const opensslProgram = process.env["OPENSSL"] ?? "openssl";

/** Keys and certificates by openssl: of a root, of "localhost" and of things. */
function certificates(folder: string, things: readonly string[]): void {
  const openssl = (...words: string[]): unknown =>
    execFileSync(opensslProgram, words, { cwd: folder, stdio: "ignore" });
  const key = (file: string): unknown => openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", file);
  key("root.key");
  openssl("req", "-x509", "-new", "-key", "root.key", "-subj", "/CN=Test root", "-days", "2", "-out", "root-ca.pem");
  const issue = (name: string, cert: string, keyFile: string, extensions: string): void => {
    writeFileSync(join(folder, `${name}.ext`), extensions);
    key(keyFile);
    openssl("req", "-new", "-key", keyFile, "-subj", `/CN=${name}`, "-out", `${name}.csr`);
    const by = ["-CA", "root-ca.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "2"];
    openssl("x509", "-req", "-in", `${name}.csr`, ...by, "-extfile", `${name}.ext`, "-out", cert);
  };
  issue("localhost", "localhost.pem", "localhost.key", "subjectAltName=DNS:localhost");
  for (const thing of things) {
    issue(thing, `${thing}.cert.pem`, `${thing}.private.key`, "basicConstraints=CA:FALSE");
  }
}

function serverTls(folder: string): { cert: Buffer; key: Buffer; ca: Buffer } {
  const file = (name: string): Buffer => readFileSync(join(folder, name));
  return { cert: file("localhost.pem"), key: file("localhost.key"), ca: file("root-ca.pem") };
}

/** Needs openssl for keys and certificates, which Node cannot make. */
function withCertificates(things: readonly string[], run: (folder: string) => Promise<void>): Mocha.AsyncFunc {
  return async function () {
    try {
      execFileSync(opensslProgram, ["version"], { stdio: "ignore" });
    } catch {
      if (this.test) this.test.title += " (needs openssl on the path)";
      this.skip();
    }
    await inFolder(async (folder) => {
      certificates(folder, things);
      await run(folder);
    })();
  };
}

interface Device {
  client: string;
  topic: string;
  payload: string;
}

async function broker(accept: (message: Device) => "acknowledge" | "ignore"): Promise<{ aedes: Aedes; got: Device[] }> {
  const got: Device[] = [];
  const aedes = await Aedes.createBroker({
    authorizePublish(client, packet, callback) {
      const message = { client: client?.id ?? "", topic: packet.topic, payload: packet.payload.toString() };
      if (accept(message) === "ignore") return;
      got.push(message);
      callback(null);
    },
  });
  return { aedes, got };
}

/** AWS IoT's WebSocket endpoint over TLS: takes who has signed its address. */
async function webSocketService(
  folder: string,
  accept: (message: Device) => "acknowledge" | "ignore",
  run: (port: number, service: { got: Device[]; addresses: string[]; drop: () => void }) => Promise<void>,
): Promise<void> {
  const { aedes, got } = await broker(accept);
  const addresses: string[] = [];
  const server = createTlsServer(serverTls(folder));
  const sockets = new WebSocketServer({
    server,
    path: "/mqtt",
    handleProtocols: (protocols) => protocols.has("mqtt") && "mqtt",
    verifyClient: ({ req }: { req: IncomingMessage }) => {
      addresses.push(req.url ?? "");
      return hasSignedAddress(req, region);
    },
  });
  sockets.on("connection", (socket, request) => {
    const stream = createWebSocketStream(socket);
    stream.on("error", () => socket.terminate());
    aedes.handle(stream, request);
  });
  const drop = (): void => {
    for (const socket of sockets.clients) socket.terminate();
  };
  try {
    await run(await listening(server), { got, addresses, drop });
  } finally {
    drop();
    server.closeAllConnections();
    server.close();
    await new Promise<void>((resolve) => aedes.close(resolve));
  }
}

const acknowledge = (): "acknowledge" => "acknowledge";

describe("a deployed environment over WebSockets", () => {
  it(
    "takes MQTT from whoever has signed the address, over all connections",
    withCertificates([], (folder) =>
      webSocketService(folder, acknowledge, async (port, { got, addresses }) => {
        const { ca } = serverTls(folder);
        const mqtt = await target(port, { endpoint: `https://localhost:${String(port)}`, ca, connections: 3 });
        await Promise.all(numbers(60).map((number) => mqtt.publish("a", number)));
        await mqtt.close();
        expect(addresses).to.have.length(3);
        expect(new Set(got.map(({ payload }) => payload))).to.deep.equal(new Set(numbers(60)));
        expect(new Set(got.map(({ client }) => client)).size).to.equal(3);
      }),
    ),
  );

  it(
    "is connected to again with a new signature when the connection is lost, and gets everything",
    withCertificates([], (folder) =>
      webSocketService(folder, acknowledge, async (port, { got, addresses, drop }) => {
        let asked = 0;
        const { ca } = serverTls(folder);
        const mqtt = await target(port, {
          endpoint: `wss://localhost:${String(port)}`,
          ca,
          connections: 1,
          reconnectAfter: { first: 300, longest: 300 },
          credentials: () => {
            asked++;
            return Promise.resolve({
              ...testCredentials,
              sessionToken: `${testCredentials.sessionToken}${String(asked)}`,
            });
          },
        });
        await mqtt.publish("a", "before");
        const published = Promise.all(numbers(20).map((number) => mqtt.publish("a", number)));
        drop();
        await published;
        await mqtt.close();
        expect(new Set(got.map(({ payload }) => payload))).to.deep.equal(new Set(["before", ...numbers(20)]));
        expect(asked).to.equal(2);
        expect(new Set(addresses).size).to.equal(2);
      }),
    ),
  );

  it(
    "is connected to again when it leaves a message without an acknowledgement",
    withCertificates([], (folder) => {
      let ignored = false;
      const discard = ({ payload }: Device): "acknowledge" | "ignore" => {
        if (payload !== "discarded" || ignored) return "acknowledge";
        ignored = true;
        return "ignore";
      };
      return webSocketService(folder, discard, async (port, { got, addresses }) => {
        const { ca } = serverTls(folder);
        const endpoint = `wss://localhost:${String(port)}`;
        const mqtt = await target(port, { endpoint, ca, connections: 1, acknowledgeWithin: 300 });
        await mqtt.publish("a", "discarded");
        await mqtt.close();
        expect(got.map(({ payload }) => payload)).to.deep.equal(["discarded"]);
        expect(addresses).to.have.length(2);
      });
    }),
  );

  it(
    "that refuses the signature is named without it",
    withCertificates([], (folder) =>
      webSocketService(folder, acknowledge, async (port, { addresses }) => {
        const { ca } = serverTls(folder);
        const endpoint = `wss://localhost:${String(port)}`;
        const error = await failureOf(target(port, { endpoint, ca, region: "us-east-1", connectWithin: 400 }));
        expect(error).to.be.instanceOf(PublishError);
        expect(error.message).to.match(
          /^No connection to wss:\/\/localhost:\d+\/mqtt within 0\.4 s \(.*401.*iot:Connect/,
        );
        expect(error.message).not.to.match(/X-Amz|AKID/);
        expect(addresses).not.to.be.empty;
      }),
    ),
  );
});

/** AWS IoT's MQTT port: takes who has a certificate, under the name that it says. */
async function certificateService(
  folder: string,
  run: (port: number, got: (Device & { certified: string })[]) => Promise<void>,
): Promise<void> {
  const got: (Device & { certified: string })[] = [];
  const names = new Map<string, string>();
  const { aedes } = await broker((message) => {
    got.push({ ...message, certified: names.get(message.client) ?? "" });
    return "acknowledge";
  });
  aedes.on("client", (client) => {
    names.set(client.id, String((client.conn as unknown as TLSSocket).getPeerCertificate().subject.CN));
  });
  const server = createTlsBroker({ ...serverTls(folder), requestCert: true, rejectUnauthorized: true }, (socket) => {
    aedes.handle(socket);
  });
  try {
    await run(await listening(server), got);
  } finally {
    server.close();
    await new Promise<void>((resolve) => aedes.close(resolve));
  }
}

const things = [
  { name: "metercast_test_Paris_steam", topics: ["metercast/test/Paris/meter/steam"] },
  { name: "metercast_test_Paris_weather", topics: ["metercast/test/Paris/weather"] },
  { name: "metercast_test_Oslo_weather", topics: ["metercast/test/Oslo/weather"] },
];
const certified = things.slice(0, 2).map(({ name }) => name);

describe("a deployed environment with certificates", () => {
  it(
    "gets the messages of each thing over a connection of its own, with its certificate",
    withCertificates(certified, (folder) =>
      certificateService(folder, async (port, got) => {
        const mqtt = await target(port, { transport: { via: "certificates", folder, things } });
        await mqtt.publish("metercast/test/Paris/meter/steam", "1");
        await mqtt.publish("metercast/test/Paris/weather", "2");
        const error = await failureOf(mqtt.publish("metercast/test/Oslo/weather", "3"));
        await mqtt.close();
        expect(got.map(({ client, certified: by, payload }) => [client, by, payload])).to.deep.equal([
          [certified[0], certified[0], "1"],
          [certified[1], certified[1], "2"],
        ]);
        expect(error.message).to.include("has no metercast_test_Oslo_weather.cert.pem");
      }),
    ),
  );

  it(
    "says which files it looks for where there are none",
    inFolder(async (folder) => {
      mkdirSync(join(folder, "empty"));
      const transport = { via: "certificates" as const, folder: join(folder, "empty"), things };
      const error = await failureOf(target(1, { transport }));
      expect(error).to.be.instanceOf(PublishError);
      expect(error.message).to.match(/such as metercast_test_Paris_steam\.cert\.pem with .*\.private\.key/);
      const missing = await failureOf(target(1, { transport: { ...transport, folder: join(folder, "absent") } }));
      expect(missing.message).to.match(/is no folder/);
    }),
  );
});
