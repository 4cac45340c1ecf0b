import { PublishError } from "./target.ts";

/** Puts an object over S3's plain HTTP interface: PUT bucket URL / key. */
export async function putObject(bucketUrl: string, key: string, body: Uint8Array): Promise<void> {
  const url = `${bucketUrl.replace(/\/$/, "")}/${key.split("/").map(encodeURIComponent).join("/")}`;
  let response: Response;
  try {
    response = await fetch(url, { method: "PUT", body: Buffer.from(body) });
  } catch (error) {
    throw new PublishError(`Could not put ${key}: no connection to ${url}`, { cause: error });
  }
  const answer = await response.text();
  if (!response.ok)
    throw new PublishError(`Could not put ${key}: ${url} answered ${String(response.status)} ${answer.slice(0, 300)}`);
}
