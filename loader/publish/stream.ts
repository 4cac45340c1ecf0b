import { problemsKept } from "../sources/source.ts";
import type { Batch, Source } from "../sources/source.ts";
import { envelopes } from "./envelopes.ts";
import type { OutgoingMessage } from "./envelopes.ts";
import type { Position } from "./resume-file.ts";

/** Messages that may be between the first one that is not acknowledged and the latest one that was taken. */
const largestSpread = 65_536;

/**
 * The messages of one source, in order, and how far they were acknowledged without a gap. Acknowledgements come in any order; only a
 * prefix of the messages can be left out when a load is continued.
 */
export class MessageStream {
  readonly source: Source;
  /** How far everything was acknowledged. */
  readonly position: Position;
  /** Records acknowledged, in order or not. */
  sent: number;
  readonly #envelope: number;
  readonly #batches: AsyncIterator<Batch> | Iterator<Batch>;
  /** Batches of which something is not acknowledged, the oldest first, with the number of the message after their last. */
  readonly #unfinished: { batch: Batch; end: number }[] = [];
  #messages: OutgoingMessage[] = [];
  #index = 0;
  #skip: number;
  #exhausted = false;
  /** Messages taken, and those of them up to which all were acknowledged. */
  #taken = 0;
  #prefix = 0;
  /** Records of the messages from the prefix on; negative once acknowledged. */
  readonly #records = new Int32Array(largestSpread);

  constructor(source: Source, position: Position, envelope: number) {
    this.source = source;
    this.position = structuredClone(position);
    this.sent = position.sent;
    this.#envelope = envelope;
    this.#skip = position.messages;
    this.#exhausted = position.finished;
    const batches = source.batches(position.batch);
    this.#batches = Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
  }

  /** The next message, without taking it; undefined at the end. Resolved at once while the batch lasts. */
  async peek(): Promise<OutgoingMessage | undefined> {
    while (this.#index >= this.#messages.length && !this.#exhausted) await this.#refill();
    return this.#messages[this.#index];
  }

  /** The message at hand, if no batch needs to be read for it. */
  get ready(): OutgoingMessage | undefined {
    return this.#messages[this.#index];
  }

  get exhausted(): boolean {
    return this.#exhausted && this.#index >= this.#messages.length;
  }

  /** Whether too many messages wait behind one that is not acknowledged. */
  get blocked(): boolean {
    return this.#taken - this.#prefix >= largestSpread;
  }

  /** Takes the message that is {@link ready}; its number is for {@link acknowledged}. */
  take(): number {
    const message = this.#messages[this.#index++];
    if (message === undefined) throw new RangeError("take() without a message at hand");
    this.#records[this.#taken % largestSpread] = message.records;
    return this.#taken++;
  }

  acknowledged(number: number): void {
    const slot = number % largestSpread;
    this.sent += this.#records[slot] as number;
    this.#records[slot] = -(this.#records[slot] as number);
    while (this.#prefix < this.#taken && (this.#records[this.#prefix % largestSpread] as number) < 0) {
      this.position.sent -= this.#records[this.#prefix % largestSpread] as number;
      this.position.messages++;
      this.#prefix++;
    }
    this.#closeBatches();
  }

  async #refill(): Promise<void> {
    const next = await this.#batches.next();
    if (next.done === true) {
      this.#exhausted = true;
      this.#closeBatches();
      return;
    }
    const batch = next.value;
    this.#messages = envelopes(batch, this.#envelope);
    this.#index = this.#skip;
    // Numbers count what is taken in this session; those that an earlier one had acknowledged are not among them.
    this.#unfinished.push({ batch, end: this.#taken + this.#messages.length - this.#skip });
    this.#skip = 0;
    this.#closeBatches();
  }

  #closeBatches(): void {
    for (
      let first = this.#unfinished[0];
      first !== undefined && first.end <= this.#prefix;
      first = this.#unfinished[0]
    ) {
      const { batch } = first;
      this.#unfinished.shift();
      this.position.batch = batch.next;
      this.position.messages = this.#prefix - first.end;
      this.position.leftOut += batch.leftOutCount;
      this.position.problems.push(...batch.leftOut.slice(0, problemsKept - this.position.problems.length));
    }
    if (this.exhausted && this.#unfinished.length === 0) this.position.finished = true;
  }
}
