import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { IClientOptions } from "mqtt";
import { PublishError } from "./target.ts";

/** A thing of the registry, and the topics that it may publish to. */
export interface Thing {
  /** Its client id, too. */
  name: string;
  topics: readonly string[];
}

/** A thing whose certificate is there. */
export interface CertifiedThing extends Thing {
  client: IClientOptions & { clientId: string };
}

/** Names under which the root certificate of the endpoint may lie; without one, those that Node brings are trusted (Amazon's are among them). */
const rootFiles = ["AmazonRootCA1.pem", "root-ca.pem"];

/**
 * The things whose certificates a folder has: `<thing>.cert.pem` with `<thing>.private.key`.
 * @throws PublishError when it has none, or a certificate without its key
 */
export function certifiedThings(folder: string, things: readonly Thing[]): CertifiedThing[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new PublishError(`${folder} is no folder: certificates are expected there, ${expected(things[0])}.`);
  }
  const root = rootFiles.map((name) => join(folder, name)).find((file) => existsSync(file));
  const ca = root === undefined ? {} : { ca: readFileSync(root) };
  const certified = things.flatMap((thing): CertifiedThing[] => {
    const certificate = join(folder, `${thing.name}.cert.pem`);
    if (!existsSync(certificate)) return [];
    const key = join(folder, `${thing.name}.private.key`);
    if (!existsSync(key)) throw new PublishError(`${certificate} has no private key beside it: ${key} is missing.`);
    return [
      { ...thing, client: { clientId: thing.name, cert: readFileSync(certificate), key: readFileSync(key), ...ca } },
    ];
  });
  if (certified.length > 0) return certified;
  throw new PublishError(`${folder} has no certificate of a thing of this environment: ${expected(things[0])}.`);
}

/** The error for a topic to which no thing with a certificate may publish. */
export function noThingFor(folder: string, topic: string, things: readonly Thing[]): PublishError {
  const names = things.filter(({ topics }) => topics.includes(topic)).map(({ name }) => name);
  return names.length === 0
    ? new PublishError(`No thing of this environment publishes to ${topic}.`)
    : new PublishError(`${names.join(", ")} publishes to ${topic}, and ${folder} has no ${names.join(", ")}.cert.pem.`);
}

function expected(thing: Thing | undefined): string {
  const name = thing?.name ?? "<thing>";
  return `such as ${name}.cert.pem with ${name}.private.key`;
}
