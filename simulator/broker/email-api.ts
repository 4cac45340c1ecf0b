import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { Declared } from "../declared/index.ts";
import { EmailRefusal, type Email, type Emails } from "../notifications/emails.ts";
import { calls, signedCaller, type Permissions } from "../permissions/index.ts";
import type { Answer } from "./http.ts";
import { requestBytes, textOf } from "./request-text.ts";

const prefix = "/v2/email/";

/** The path of SendEmail (SES API v2 reference). */
const sendPath = `${prefix}outbound-emails`;

/** Whether a request is one of SES's API, version 2. */
export function isEmailRequest({ method, url }: IncomingMessage): boolean {
  return method === "POST" && url !== undefined && url.startsWith(prefix);
}

const address = z.string().regex(/^[^\s@<>]+@[^\s@<>]+$/, "an e-mail address alone is taken here, without a name");

const part = z.strictObject({
  Data: z.string(),
  Charset: z.unknown().optional(), // what is kept is text, not bytes
});

/** Addresses of one e-mail (SES API v2 reference, SendEmail, Destination). */
const mostRecipients = 50;

const sendEmail = z.strictObject({
  FromEmailAddress: address,
  Destination: z.strictObject({ ToAddresses: z.array(address).min(1).max(mostRecipients) }),
  Content: z.strictObject({
    Simple: z.strictObject({
      Subject: part.refine(({ Data }) => !/\p{Cc}/u.test(Data), "a subject has no control characters"),
      Body: z
        .strictObject({ Text: part.optional(), Html: part.optional() })
        .refine(({ Text, Html }) => Text !== undefined || Html !== undefined, "a body has a text or HTML"),
    }),
  }),
});

/** SES's SendEmail (REST with JSON). A signed request is a function's, and held to its role. */
export class EmailApi {
  readonly #emails: Emails;
  readonly #declared: Declared;
  readonly #permissions: Permissions;

  constructor(emails: Emails, declared: Declared, permissions: Permissions) {
    this.#emails = emails;
    this.#declared = declared;
    this.#permissions = permissions;
  }

  /** Answers a request whole. */
  async answer(request: IncomingMessage, response: ServerResponse, accessKeyId: string | undefined): Promise<void> {
    const { status, body, headers } = this.#answer(request.url ?? "", await textOf(request), accessKeyId);
    response.writeHead(status, {
      "content-type": "application/json",
      "x-amzn-requestid": crypto.randomUUID(),
      ...headers,
    });
    response.end(JSON.stringify(body));
  }

  #answer(url: string, text: string | undefined, accessKeyId: string | undefined): Answer {
    if (url !== sendPath) {
      return refusal(
        404,
        "UnknownOperationException",
        `POST ${url} is not served here: POST ${sendPath} sends an e-mail`,
      );
    }
    try {
      const email = emailOf(text);
      const refused = this.#refuses(email, accessKeyId);
      return refused ?? { status: 200, body: { MessageId: this.#emails.send(email).id } };
    } catch (error) {
      if (error instanceof EmailRefusal) return refusal(400, error.type, error.message);
      throw error;
    }
  }

  #refuses({ from }: Pick<Email, "from">, accessKeyId: string | undefined): Answer | undefined {
    if (accessKeyId === undefined) return undefined;
    const caller = signedCaller(accessKeyId, this.#declared.functions);
    if (!caller) {
      return refusal(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    const target = { identity: this.#emails.identityOf(from), from };
    const decision = this.#permissions.refusal(calls.sendsEmail, caller, target);
    return decision && refusal(403, "AccessDeniedException", decision.message);
  }
}

/** @throws EmailRefusal */
function emailOf(text: string | undefined): Omit<Email, "id" | "at"> {
  if (text === undefined) throw new EmailRefusal("BadRequestException", `a request has ${requestBytes} bytes at most`);
  const input = sendEmail.safeParse(parsed(text));
  if (!input.success) {
    const faults = input.error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
    throw new EmailRefusal("BadRequestException", faults.join("; "));
  }
  const { FromEmailAddress: from, Destination, Content } = input.data;
  const { Subject, Body } = Content.Simple;
  return {
    from,
    to: Destination.ToAddresses,
    subject: Subject.Data,
    ...(Body.Text && { text: Body.Text.Data }),
    ...(Body.Html && { html: Body.Html.Data }),
  };
}

/** @throws EmailRefusal */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EmailRefusal("BadRequestException", (error as Error).message);
  }
}

/** AWS's clients take the error's name from the header. */
function refusal(status: number, type: string, message: string): Answer {
  return { status, body: { message }, headers: { "x-amzn-errortype": type } };
}
