import { randomUUID } from "node:crypto";
import { appendLine, readLines } from "./kept-lines.ts";

/** An e-mail that a function sent: nothing leaves this machine. */
export interface Email {
  id: string;
  /** Epoch milliseconds. */
  at: number;
  from: string;
  to: string[];
  subject: string;
  text?: string;
  html?: string;
}

/** What SES refuses, by its exception's name. */
export class EmailRefusal extends Error {
  override readonly name = "EmailRefusal";
  readonly type: "BadRequestException" | "MessageRejected";

  constructor(type: EmailRefusal["type"], message: string) {
    super(message);
    this.type = type;
  }
}

/** The e-mails that were sent: kept in the data folder, an entry a line, and told. */
export class Emails {
  readonly #file: string;
  readonly #identities: ReadonlySet<string>;
  readonly #region: string;
  readonly #emailed: (email: Email) => void;

  /**
   * @param identities the declared addresses and domains
   * @param emailed called with each, when it is in the folder
   */
  constructor(file: string, identities: readonly string[], region: string, emailed: (email: Email) => void) {
    this.#file = file;
    this.#identities = new Set(identities);
    this.#region = region;
    this.#emailed = emailed;
  }

  /** The identity by which an address sends: itself, or else its domain or one above; itself where none is declared. */
  identityOf(from: string): string {
    if (this.#identities.has(from)) return from;
    const labels = from.slice(from.lastIndexOf("@") + 1).split(".");
    const domains = labels.map((_, index) => labels.slice(index).join("."));
    return domains.find((domain) => this.#identities.has(domain)) ?? from;
  }

  /** @throws EmailRefusal where no identity lets it send */
  send(email: Omit<Email, "id" | "at">): Email {
    if (!this.#identities.has(this.identityOf(email.from))) {
      throw new EmailRefusal(
        "MessageRejected",
        `Email address is not verified. The following identities failed the check in region ${this.#region.toUpperCase()}: ${email.from}`,
      );
    }
    const sent = { id: randomUUID(), at: Date.now(), ...email };
    appendLine(this.#file, sent);
    this.#emailed(sent);
    return sent;
  }

  /** The oldest first. */
  list(): Email[] {
    return readEmails(this.#file);
  }
}

/** What a folder's file of e-mails holds. */
export function readEmails(file: string): Email[] {
  return readLines(file);
}
