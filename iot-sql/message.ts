import { createHash, randomUUID } from "node:crypto";
import { decodeUtf8, parseJson, type ParsedJson } from "./json.ts";
import type { Value } from "./value.ts";

/** One message as a rule sees it. */
export interface Message {
  payload: Uint8Array;
  /** Without `$aws/rules/<rule>/` when published by Basic Ingest. */
  topic: string;
  /** When the rules engine received it, in epoch milliseconds: timestamp(). */
  received: number;
  clientId?: string;
  /** Default: mqtt. */
  protocol?: "mqtt" | "http";
  principal?: string;
  /** The account of the rule; default: the documentation's 123456789012. */
  accountId?: string;
  traceId?: string;
  sourceIp?: string;
  /** The rule's name when published by Basic Ingest (`$aws/rules/<rule>/...`). */
  basicIngestRule?: string;
  /** Seed of newuuid() and rand(): the same seed gives the same results. */
  seed?: string;
}

const nothing: Message = { payload: new Uint8Array(), topic: "", received: 0 };

/** The state of one evaluation: the message, its payload once parsed, variables, and what a nested SELECT looks at. */
export class Frame {
  readonly message: Message;
  /** Values of SET, in order. */
  variables: Value[] = noVariables;
  /** The element that names of a nested SELECT refer to; of an expression, its attributes. */
  scope: Value;
  #json: ParsedJson | undefined;
  #parsed = false;
  #draws = 0;

  constructor(message: Message = nothing, scope?: Value) {
    this.message = message;
    this.scope = scope;
  }

  /** The payload as JSON, parsed on first use; undefined where it is none. */
  get json(): ParsedJson | undefined {
    if (!this.#parsed) {
      const text = decodeUtf8(this.message.payload);
      this.#json = text === undefined ? undefined : parseJson(text);
      this.#parsed = true;
    }
    return this.#json;
  }

  /** Uniform in [0, 1). */
  random(): number {
    if (this.message.seed === undefined) return Math.random();
    return this.#draw().readUIntBE(0, 6) / 2 ** 48;
  }

  /** A version 4 UUID. */
  uuid(): string {
    if (this.message.seed === undefined) return randomUUID();
    const bytes = this.#draw();
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return bytes.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  #draw(): Buffer {
    return createHash("sha256").update(`${this.message.seed}/${this.#draws++}`).digest();
  }
}

const noVariables: Value[] = [];
