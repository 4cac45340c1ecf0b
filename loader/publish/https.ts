import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import { NoCredentialsError } from "./signing.ts";
import type { Signing } from "./signing.ts";
import { PublishError } from "./target.ts";

/** Attempts of one publish; AWS's client waits between them, longer each time (about a minute in all). */
const attempts = 8;

/** Publishes by AWS IoT's HTTPS interface. */
export interface HttpsPublisher {
  /** Resolves when the message was accepted (QoS 1). @throws PublishError */
  publish(topic: string, payload: Uint8Array | string): Promise<void>;
  close(): void;
}

/**
 * @param url https://host of the data plane
 * @param connections requests under way at most
 */
export function httpsPublisher(url: string, signing: Signing, connections: number): HttpsPublisher {
  const agent = { keepAlive: true, maxSockets: connections };
  const client = new IoTDataPlaneClient({
    endpoint: url,
    region: signing.region,
    credentials: signing.credentials,
    maxAttempts: attempts,
    requestHandler: {
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: 10_000,
      requestTimeout: 30_000,
    },
  });
  return {
    async publish(topic, payload) {
      const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
      try {
        await client.send(new PublishCommand({ topic, qos: 1, payload: bytes }));
      } catch (error) {
        throw notPublished(url, topic, error as Error);
      }
    },
    close: () => {
      client.destroy();
    },
  };
}

function notPublished(url: string, topic: string, error: Error & { $metadata?: { httpStatusCode?: number } }): Error {
  if (error instanceof NoCredentialsError) return error;
  const status = error.$metadata?.httpStatusCode;
  const fix =
    status === 401 || status === 403
      ? `The credentials must allow iot:Publish on topic/${topic}, and belong to the account that ${url} is of.`
      : "A load continues where it stopped.";
  const what = status === undefined ? error.message : `${String(status)} ${error.name}: ${error.message}`;
  return new PublishError(`A message to ${topic} was not published (${what}). ${fix}`, { cause: error });
}
