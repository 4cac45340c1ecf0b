import { CredentialsProviderError } from "@smithy/core/config";
import { Sha256Node } from "@smithy/core/checksum";
import { buildQueryString, HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { PublishError } from "./target.ts";

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Who signs, and for which region. */
export interface Signing {
  region: string;
  /** Asked at each signature; gives new credentials when the old ones end. */
  credentials: () => Promise<Credentials>;
}

/** There are no AWS credentials on this machine. */
export class NoCredentialsError extends PublishError {}

/** Credentials as AWS's tools find them: environment, profile, single sign-on, container, instance. */
export function defaultCredentials(): Signing["credentials"] {
  const provider = defaultProvider();
  return async () => {
    try {
      return await provider();
    } catch (error) {
      if (!(error instanceof CredentialsProviderError)) throw error;
      throw new NoCredentialsError(
        `No AWS credentials were found (${error.message}). Sign in as for the AWS command line: AWS_PROFILE names a profile, and AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY are taken, too.`,
        { cause: error },
      );
    }
  };
}

/** How long a signed address may be used to begin a connection, seconds. */
const validFor = 300;

/**
 * A WebSocket address of AWS IoT with a signature in its query: whoever has it may connect as the signer, so it is never shown.
 * The token of temporary credentials is added after the signing (AWS IoT developer guide, "MQTT over the WebSocket protocol").
 *
 * @param url wss://host/mqtt
 */
export async function signedWebSocketUrl(url: string, { region, credentials }: Signing): Promise<string> {
  const { protocol, host, hostname, pathname } = new URL(url);
  const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
  const signer = new SignatureV4({
    service: "iotdevicegateway",
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256Node,
  });
  const request = new HttpRequest({ method: "GET", protocol, hostname, path: pathname, headers: { host } });
  const { query = {} } = await signer.presign(request, { expiresIn: validFor });
  const token = sessionToken === undefined ? "" : `&X-Amz-Security-Token=${encodeURIComponent(sessionToken)}`;
  return `${url}?${buildQueryString(query)}${token}`;
}

/** Headers of a signed PUT to S3, and nothing that a request says anyway. */
export async function signedPutHeaders(
  url: string,
  body: Uint8Array,
  { region, credentials }: Signing,
): Promise<Record<string, string>> {
  const { protocol, host, hostname, pathname } = new URL(url);
  const signer = new SignatureV4({
    service: "s3",
    region,
    credentials,
    sha256: Sha256Node,
    // S3 takes the path as it stands in the request, other services encode it once more.
    uriEscapePath: false,
  });
  const request = new HttpRequest({ method: "PUT", protocol, hostname, path: pathname, headers: { host }, body });
  const { host: stated, ...headers } = (await signer.sign(request)).headers;
  return stated === host ? headers : { ...headers, host: stated ?? host };
}
