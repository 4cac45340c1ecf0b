import type { IncomingMessage } from "node:http";

/**
 * What the page may do in a browser: load its own files, ask its own server, and nothing else.
 * Charts set styles by the DOM's own properties, which the policy does not mean.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Of every answer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": contentSecurityPolicy,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/**
 * Why a request is refused: another page in the same browser may send requests here, and may have a name of its own that
 * leads to this machine, so the name and the origin must be this server's.
 *
 * @returns undefined for a request of the page itself
 */
export function requestRefusal({ headers, url = "/" }: IncomingMessage, port: number): string | undefined {
  const hosts = ["127.0.0.1", "localhost"].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]);
  const { host, origin } = headers;
  if (host === undefined || !hosts.includes(host)) {
    return `The host ${JSON.stringify(host ?? "")} is not served here: open http://127.0.0.1:${port}/.`;
  }
  if (origin !== undefined && !hosts.some((one) => origin === `http://${one}`)) {
    return `Requests of the origin ${JSON.stringify(origin)} are not answered.`;
  }
  const site = headers["sec-fetch-site"];
  const isOwn = site === undefined || site === "same-origin" || site === "none";
  if (isOwn || !url.startsWith("/api/")) return undefined;
  return "Requests of other sites are not answered.";
}
