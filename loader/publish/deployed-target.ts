import { randomBytes } from "node:crypto";
import type { IClientOptions } from "mqtt";
import { certifiedThings, noThingFor } from "./certificates.ts";
import type { Thing } from "./certificates.ts";
import { httpsPublisher } from "./https.ts";
import { MqttConnections } from "./mqtt-connections.ts";
import type { Connection } from "./mqtt-connections.ts";
import { putObject } from "./objects.ts";
import { Pacer, systemClock, TokenBucket } from "./pace.ts";
import type { Clock } from "./pace.ts";
import { defaultCredentials, NoCredentialsError, signedPutHeaders, signedWebSocketUrl } from "./signing.ts";
import type { Signing } from "./signing.ts";
import type { Target } from "./target.ts";

/** How messages get to AWS IoT: over WebSockets or HTTPS in the name of whoever signs, or as the things, with their certificates. */
export type Transport = { via: "websocket" } | { via: "https" } | ({ via: "certificates" } & Certificates);

interface Certificates {
  /** Has the certificates and keys of the things. */
  folder: string;
  /** All things of the environment. */
  things: readonly Thing[];
}

export interface DeployedTargetOptions {
  /** Host of AWS IoT's data plane, as the stack's output `endpoint`; a URL leads to another port, or (http, ws) to one without TLS. */
  endpoint: string;
  region: string;
  bucket: string;
  transport: Transport;
  /** Publishes a second in all. @default {@link defaultRate} */
  rate?: number | undefined;
  /** Of WebSockets or HTTPS. @default as many as the rate needs */
  connections?: number | undefined;
  /** Where S3 is, if not at AWS: the bucket's name follows in the path. */
  storage?: string | undefined;
  /** @default as AWS's tools find them */
  credentials?: Signing["credentials"];
  /** Certificates to trust besides those that Node brings. */
  ca?: string | Buffer;
  /** Told what was left undone and needs a person. */
  warn: (message: string) => void;
  /** How long connections may be down before the load ends, milliseconds. @default 120000 */
  giveUpAfter?: number;
  /** How long the first connections may take, milliseconds. @default 30000 */
  connectWithin?: number;
  /** How long an acknowledgement may take before its connection is made again, milliseconds. @default 20000 */
  acknowledgeWithin?: number;
  /** Milliseconds before a lost connection is made again; AWS IoT takes one connect a second of a client id. @default 1000, up to 30000 */
  reconnectAfter?: { first: number; longest: number };
  clock?: Clock;
}

/**
 * Publishes a second in all: a delivery stream takes 1,000 requests a second in most regions, and a rule makes one of each message (Amazon
 * Data Firehose quotas, "Direct PUT").
 */
export const defaultRate = 950;

/** Of one connection AWS IoT takes 100 publishes a second and discards the rest (AWS IoT Core quotas): in no second is it more. */
const perConnection = { rate: 95, burst: 5 };

/** Messages that were not acknowledged, of one connection (AWS IoT Core quotas, "unacknowledged QoS 1 publish requests"). */
const windowPerConnection = 100;

const hints = {
  websocket:
    "Do the credentials allow iot:Connect and iot:Publish, and does the network let WebSockets through on port 443?",
  certificates:
    "Are the certificates active and attached to their things, which are in their cities' groups, and does the network let port 8883 through?",
};

/** What `deployedTarget` of deployed.ts gives. */
export async function openDeployed(options: DeployedTargetOptions): Promise<Target> {
  const { bucket, region, transport, clock = systemClock, rate = defaultRate, warn } = options;
  const { connections = Math.ceil(rate / perConnection.rate), credentials = defaultCredentials() } = options;
  const signing: Signing = { region, credentials };
  const total = new TokenBucket(rate, Math.max(1, rate / 20), clock);
  const pacerOf = (window: number): { pacer: Pacer; bucket: TokenBucket } => {
    const own = new TokenBucket(perConnection.rate, perConnection.burst, clock);
    return { pacer: new Pacer([total, own], window, clock), bucket: own };
  };
  const bucketUrl =
    options.storage === undefined
      ? `https://${bucket}.s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`
      : `${options.storage.replace(/\/$/, "")}/${bucket}`;

  async function put(key: string, body: Uint8Array): Promise<void> {
    try {
      await putObject(bucketUrl, key, body, (url, bytes) => signedPutHeaders(url, bytes, signing));
    } catch (error) {
      // Things have certificates, and whoever publishes as them may have no credentials besides.
      if (transport.via !== "certificates" || !(error instanceof NoCredentialsError)) throw error;
      warn(`${key} was not put into the bucket, for want of AWS credentials: put it to s3://${bucket}/${key}.`);
    }
  }

  if (transport.via === "https") {
    await credentials();
    const publisher = httpsPublisher(urlOf(options.endpoint, "https"), signing, connections);
    const pacer = new Pacer([total], connections, clock);
    return {
      window: 2 * connections,
      publish: (topic, payload) => pacer.run(() => publisher.publish(topic, payload)),
      putObject: put,
      close: () => {
        publisher.close();
        return Promise.resolve();
      },
    };
  }

  const route = transport.via === "websocket" ? await websockets() : certificates(transport);
  const paces = route.clients.map(() => pacerOf(windowPerConnection));
  const mqtt = await MqttConnections.open({
    url: route.url,
    clients: options.ca === undefined ? route.clients : route.clients.map((client) => ({ ca: options.ca, ...client })),
    connectWithin: options.connectWithin ?? 30_000,
    giveUpAfter: options.giveUpAfter ?? 120_000,
    acknowledgeWithin: options.acknowledgeWithin ?? 20_000,
    reconnectAfter: options.reconnectAfter ?? { first: 1000, longest: 30_000 },
    hint: hints[transport.via],
    ...(route.onLost && { onLost: route.onLost }),
    // What a connection sends again counts, too.
    onMadeAgain: ({ index, underWay }) => paces[index]?.bucket.take(underWay),
  });
  return {
    window: route.clients.length * windowPerConnection,
    async publish(topic, payload) {
      const candidates = route.candidates(topic);
      let chosen = candidates[0] as number;
      for (const index of candidates) if (loadOf(index) < loadOf(chosen)) chosen = index;
      const connection = mqtt.all[chosen] as Connection;
      await paces[chosen]?.pacer.run(() => mqtt.publish(connection, topic, payload));
    },
    putObject: put,
    close: () => mqtt.close(),
  };

  function loadOf(index: number): number {
    return paces[index]?.pacer.load ?? 0;
  }

  async function websockets(): Promise<Route> {
    const url = urlOf(options.endpoint, "wss");
    let signed = await signedWebSocketUrl(url, signing);
    const run = randomBytes(6).toString("hex");
    const all = Array.from({ length: connections }, (_, i) => i);
    return {
      url,
      clients: all.map((i) => ({
        clientId: `metercast-loader-${run}-${String(i)}`,
        transformWsUrl: () => signed,
      })),
      candidates: () => all,
      // A signature lasts for minutes, credentials for hours; the pause before the next attempt is enough for new ones, and if it is
      // not, the attempt after it has them.
      onLost: () => {
        signedWebSocketUrl(url, signing).then(
          (renewed) => (signed = renewed),
          (error: unknown) => {
            warn(`The connection could not be signed anew: ${(error as Error).message}`);
          },
        );
      },
    };
  }

  function certificates({ folder, things }: Certificates): Route {
    const certified = certifiedThings(folder, things);
    const byTopic = new Map<string, number[]>();
    certified.forEach(({ topics }, index) => {
      for (const topic of topics) byTopic.set(topic, [...(byTopic.get(topic) ?? []), index]);
    });
    return {
      url: urlOf(options.endpoint, "mqtts"),
      clients: certified.map(({ client }) => client),
      candidates(topic) {
        const found = byTopic.get(topic);
        if (found === undefined) throw noThingFor(folder, topic, things);
        return found;
      },
    };
  }
}

/** Which connections there are, and which of them may take a message. */
interface Route {
  url: string;
  clients: (IClientOptions & { clientId: string })[];
  /** Indexes of the connections for a topic. @throws PublishError when there is none */
  candidates(topic: string): readonly number[];
  onLost?: () => void;
}

const paths = { https: "", wss: "/mqtt", mqtts: "" };
const ports = { https: "", wss: "", mqtts: ":8883" };

function urlOf(endpoint: string, protocol: "https" | "wss" | "mqtts"): string {
  const match = /^(?:(\w+):\/\/)?([^/:]+)(:\d+)?\/?$/.exec(endpoint);
  if (match === null) throw new TypeError(`The endpoint is ${JSON.stringify(endpoint)}; a host name is needed`);
  const [, given, host = "", port = ports[protocol]] = match;
  const plain = given === "http" || given === "ws";
  const scheme = plain && protocol !== "mqtts" ? { https: "http", wss: "ws" }[protocol] : protocol;
  return `${scheme}://${host}${port}${paths[protocol]}`;
}
