import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { read, withoutLocalMeaning } from "./read.ts";

const emailIdentity = z.strictObject({
  emailIdentity: z.string(),
  dkimSigningAttributes: withoutLocalMeaning, // nothing is sent, so nothing is signed
  tags: withoutLocalMeaning, // for the bill
});

/** The address or domain that may send: SES asks its owner to confirm it, which is taken to be done here. */
export function emailIdentityOf(resource: Resource): string {
  return read(emailIdentity, resource).emailIdentity;
}
