import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** AWS's example key (IAM user guide), and a token of temporary credentials with characters that need encoding. */
export const testCredentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: "FwoG/Zpart+of==",
};

/** What of a request is signed, by the parts of AWS's Signature Version 4. */
interface Signed {
  method: string;
  path: string;
  query: string;
  headers: [string, string][];
  payloadHash: string;
  scope: string;
  date: string;
}

function signatureOf({ method, path, query, headers, payloadHash, scope, date }: Signed): string {
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
  const canonical = [
    method,
    path,
    query,
    ...headers.map(([name, value]) => `${name}:${value}`),
    "",
    headers.map(([name]) => name).join(";"),
    payloadHash,
  ].join("\n");
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${testCredentials.secretAccessKey}`);
  const digest = createHash("sha256").update(canonical).digest("hex");
  return hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${digest}`).toString("hex");
}

/** Whether the address of a WebSocket was signed with the test's key for AWS IoT, its token left out of what is signed. */
export function hasSignedAddress({ url = "", headers }: IncomingMessage, region: string): boolean {
  const [path = "", query = ""] = url.split("?");
  const given = new Map(query.split("&").map((part) => part.split("=") as [string, string]));
  const decoded = (name: string): string => decodeURIComponent(given.get(name) ?? "");
  const [accessKeyId, ...scope] = decoded("X-Amz-Credential").split("/");
  const date = decoded("X-Amz-Date");
  const signed = [...given.entries()]
    .filter(([name]) => name !== "X-Amz-Signature" && name !== "X-Amz-Security-Token")
    .map((part) => part.join("="))
    .sort()
    .join("&");
  const payloadHash = createHash("sha256").digest("hex");
  const host: [string, string] = ["host", headers.host ?? ""];
  const request = { method: "GET", path, query: signed, headers: [host], payloadHash, scope: scope.join("/"), date };
  return (
    accessKeyId === testCredentials.accessKeyId &&
    scope.join("/") === `${date.slice(0, 8)}/${region}/iotdevicegateway/aws4_request` &&
    decoded("X-Amz-Security-Token").startsWith(testCredentials.sessionToken) &&
    given.get("X-Amz-Signature") === signatureOf(request)
  );
}

/** Whether a request's header carries a signature by the test's key, of the body that came with it. */
export function hasSignedHeader(request: IncomingMessage, body: Buffer, region: string, service: string): boolean {
  const pattern = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/;
  const [, accessKeyId, scope = "", names = "", signature] = pattern.exec(request.headers.authorization ?? "") ?? [];
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const date = String(request.headers["x-amz-date"]);
  const headers = names.split(";").map((name): [string, string] => [name, String(request.headers[name])]);
  const payloadHash = createHash("sha256").update(body).digest("hex");
  // Every service but S3 signs a path that is encoded once more.
  const signedPath = service === "s3" ? path : path.split("/").map(encodeURIComponent).join("/");
  const parts = { method: request.method ?? "", path: signedPath, query, headers, payloadHash, scope, date };
  return (
    accessKeyId === testCredentials.accessKeyId &&
    scope === `${date.slice(0, 8)}/${region}/${service}/aws4_request` &&
    request.headers["x-amz-security-token"] === testCredentials.sessionToken &&
    signature === signatureOf(parts)
  );
}
