import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { SendEmailCommand, SESv2Client, type SendEmailCommandInput } from "@aws-sdk/client-sesv2";
import type { Resource } from "@metercast/graph";
import { expect } from "chai";
import { readEmails, type Email } from "../notifications/emails.ts";
import { run } from "../run.ts";
import type { Simulator } from "../simulator.ts";
import { evaluationOf, lambda, resource, role, temporaryFolder } from "./declare.ts";

const identity = (name: string) => resource("aws:sesv2/emailIdentity:EmailIdentity", name, { emailIdentity: name }, {});

const digest = lambda("digest", "export const handler = () => 1;", { role: "sender" });

const allow = (from: string, sender = from) => ({
  Effect: "Allow",
  Action: "ses:SendEmail",
  Resource: `arn:aws:ses:us-east-1:123456789012:identity/${sender}`,
  Condition: { StringEquals: { "ses:FromAddress": from } },
});

const letter: SendEmailCommandInput = {
  FromEmailAddress: "energy@example.com",
  Destination: { ToAddresses: ["jane@example.com", "joe@example.com"] },
  Content: {
    Simple: {
      Subject: { Data: "Energy use – 1", Charset: "UTF-8" },
      Body: { Text: { Data: "1 < 2\n" }, Html: { Data: "<p>1 &lt; 2</p>" } },
    },
  },
};

interface Sending {
  simulator: Simulator;
  /** Sends as the function digest does, with its role: gives the id, or the error as the client has it. */
  send: (changes?: object, keyId?: string) => Promise<string>;
  told: Email[];
  warnings: string[];
}

async function sending(resources: Resource[], use: (sending: Sending) => Promise<void>, data = temporaryFolder()) {
  const told: Email[] = [];
  const warnings: string[] = [];
  const simulator = await run({
    evaluation: evaluationOf([digest, ...resources], ["export const handler = () => 1;"]),
    data,
    mqttPort: undefined,
    httpPort: 0,
    emailed: (email) => told.push(email),
    warn: (sentence) => warnings.push(sentence),
    onFailure: (error) => {
      throw error;
    },
  });
  try {
    const send = async (changes: object = {}, accessKeyId = "sender") => {
      const client = new SESv2Client({
        endpoint: simulator.http,
        region: "us-east-1",
        credentials: { accessKeyId, secretAccessKey: "simulator" },
        maxAttempts: 1,
      });
      try {
        const { MessageId } = await client.send(new SendEmailCommand({ ...letter, ...changes }));
        return String(MessageId);
      } catch (error) {
        const { name, message } = error as Error;
        return `${name}: ${message}`;
      } finally {
        client.destroy();
      }
    };
    await use({ simulator, send, told, warnings });
  } finally {
    await simulator.close();
  }
}

describe("An e-mail of a function", () => {
  it("is kept and told, and stays over a restart and a line that was cut short", async () => {
    const data = temporaryFolder();
    const resources = [identity("energy@example.com"), ...role("sender", { policy: [allow("energy@example.com")] })];
    await sending(
      resources,
      async ({ send, told, simulator, warnings }) => {
        const id = await send();
        expect(told.map(({ at: _, ...rest }) => rest)).to.deep.equal([
          {
            id,
            from: "energy@example.com",
            to: ["jane@example.com", "joe@example.com"],
            subject: "Energy use – 1",
            text: "1 < 2\n",
            html: "<p>1 &lt; 2</p>",
          },
        ]);
        expect(simulator.emails).to.deep.equal(told);
        expect(warnings).to.deep.equal([]);
      },
      data,
    );
    const file = join(data, "notifications/emails.jsonl");
    appendFileSync(file, '{"id":"cut');
    await sending(resources, async ({ send }) => void (await send({})), data);
    expect(readEmails(file).map(({ subject }) => subject)).to.deep.equal(["Energy use – 1", "Energy use – 1"]);
  });

  it("needs the role to allow it on the sender's identity and from its address", async () => {
    const identities = [identity("energy@example.com"), identity("other@example.com")];
    await sending([...identities, ...role("sender", { policy: [] })], async ({ send, told, warnings }) => {
      expect(await send()).to.equal(
        "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/sender/digest is not authorized to perform: ses:SendEmail on resource: arn:aws:ses:us-east-1:123456789012:identity/energy@example.com because no identity-based policy allows the ses:SendEmail action",
      );
      expect(told).to.deep.equal([]);
      expect(warnings).to.deep.equal([
        "role sender may not ses:SendEmail on arn:aws:ses:us-east-1:123456789012:identity/energy@example.com (needed by the function digest, to send an e-mail)",
      ]);
    });
    const policy = [allow("other@example.com", "*")];
    await sending([...identities, ...role("sender", { policy })], async ({ send }) => {
      expect(await send()).to.match(/^AccessDeniedException/);
      expect(await send({ FromEmailAddress: "other@example.com" })).to.match(/^[\da-f-]{36}$/);
    });
  });

  it("may come from any address of a declared domain, whose identity the role is asked for", async () => {
    const policy = [allow("energy@mail.example.com", "example.com")];
    await sending([identity("example.com"), ...role("sender", { policy })], async ({ send }) => {
      expect(await send({ FromEmailAddress: "energy@mail.example.com" })).to.match(/^[\da-f-]{36}$/);
    });
  });

  it("from an address that is not declared is rejected", async () => {
    await sending([identity("energy@example.org"), ...role("sender")], async ({ send, told }) => {
      expect(await send()).to.equal(
        "MessageRejected: Email address is not verified. The following identities failed the check in region US-EAST-1: energy@example.com",
      );
      expect(told).to.deep.equal([]);
    });
  });

  it("that is none is refused, with what is wrong in it", async () => {
    const simple = (Subject: object, Body: object) => ({ Content: { Simple: { Subject, Body } } });
    const text = { Text: { Data: "a" } };
    const refused: [object, string][] = [
      [{ FromEmailAddress: "Jane <jane@example.com>" }, "FromEmailAddress: an e-mail address alone is taken here"],
      [{ Destination: { ToAddresses: [] } }, "Destination.ToAddresses: "],
      [
        { Destination: { ToAddresses: Array.from({ length: 51 }, () => "a@example.com") } },
        "Destination.ToAddresses: ",
      ],
      [{ Destination: { BccAddresses: ["a@example.com"] } }, "Destination"],
      [simple({ Data: "a\r\nBcc: eve@example.com" }, text), "Subject: a subject has no control characters"],
      [simple({ Data: "a" }, {}), "Body: a body has a text or HTML"],
      [{ Content: { Raw: { Data: new Uint8Array(1) } } }, "Content"],
      [{ ConfigurationSetName: "set" }, "ConfigurationSetName"],
    ];
    await sending([identity("energy@example.com"), ...role("sender")], async ({ send, told, simulator }) => {
      for (const [changes, reason] of refused) {
        expect(await send(changes))
          .to.match(/^BadRequestException: /)
          .and.include(reason);
      }
      expect(await send({}, "nobody")).to.match(/^UnrecognizedClientException: /);
      const post = (path: string, body: string) => fetch(`${simulator.http}${path}`, { method: "POST", body });
      expect((await post("/v2/email/outbound-emails", "{")).status).to.equal(400);
      expect((await post("/v2/email/identities", "{}")).status).to.equal(404);
      expect(told).to.deep.equal([]);
    });
  });

  it("may be sent by this machine's user, who does not sign", async () => {
    await sending([identity("energy@example.com"), ...role("sender", { policy: [] })], async ({ simulator, told }) => {
      const url = `${simulator.http}/v2/email/outbound-emails`;
      expect((await fetch(url, { method: "POST", body: JSON.stringify(letter) })).status).to.equal(200);
      expect(told).to.have.length(1);
    });
  });
});
