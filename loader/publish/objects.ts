import { setTimeout as pause } from "node:timers/promises";
import { PublishError } from "./target.ts";

/** Pauses before the attempts after the first, milliseconds. */
const pauses = [500, 1000, 2000, 4000];

/** Gives the headers of a signed PUT of these bytes. */
export type PutSigner = (url: string, body: Uint8Array) => Promise<Record<string, string>>;

/**
 * Puts an object over S3's HTTP interface: PUT bucket URL / key. A service that is overloaded or out of reach is asked again.
 *
 * @param sign none where nobody asks who it is, as on this machine
 */
export async function putObject(bucketUrl: string, key: string, body: Uint8Array, sign?: PutSigner): Promise<void> {
  const url = `${bucketUrl.replace(/\/$/, "")}/${key.split("/").map(encodeURIComponent).join("/")}`;
  for (let attempt = 0; ; attempt++) {
    const wait = sign === undefined ? undefined : pauses[attempt];
    let problem: PublishError;
    try {
      const headers = sign && (await sign(url, body));
      const response = await fetch(url, { method: "PUT", body: Buffer.from(body), ...(headers && { headers }) });
      if (response.ok) {
        await response.arrayBuffer();
        return;
      }
      const answer = (await response.text()).slice(0, 300);
      problem = new PublishError(`Could not put ${key}: ${url} answered ${String(response.status)} ${answer}`);
      if (response.status < 500 && response.status !== 429) throw problem;
    } catch (error) {
      if (error instanceof PublishError) throw error;
      problem = new PublishError(`Could not put ${key}: no connection to ${url}`, { cause: error });
    }
    if (wait === undefined) throw problem;
    await pause(wait);
  }
}
