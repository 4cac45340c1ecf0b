import fc from "fast-check";

/** A message without its topic. */
export interface Body {
  payload: Buffer;
  /** The texts of its elements where it is an envelope. */
  elements?: string[];
}

/** Messages of such elements, single and in envelopes, whole and broken, up to what a message may hold. */
export function bodies(element: fc.Arbitrary<string>): fc.Arbitrary<Body> {
  const single = element.map((text) => bodyOf(text));
  const pair = fc.tuple(element, fc.nat(1_000_000));
  return fc.oneof(
    { weight: 600, arbitrary: single },
    { weight: 250, arbitrary: fc.array(element, { minLength: 1, maxLength: 8 }).chain(envelope) },
    { weight: 30, arbitrary: pair.map(([text, at]) => ({ payload: Buffer.from(text.slice(0, at % text.length)) })) },
    { weight: 30, arbitrary: pair.map(([text, at]) => ({ payload: withByte(text, at) })) },
    { weight: 20, arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => ({ payload: notAnArray(bytes) })) },
    { weight: 20, arbitrary: fc.constantFrom("[]", " [ ] ", "").map((text) => ({ payload: Buffer.from(text) })) },
    { weight: 20, arbitrary: element.map((text) => bodyOf(text, "\uFEFF")) },
    { weight: 20, arbitrary: element.map((text) => bodyOf(text, "\n\t ", "\r\n")) },
    { weight: 2, arbitrary: pair.map(([text, count]) => envelopeOf(Array<string>(1 + (count % 1300)).fill(text), "")) },
    {
      weight: 2,
      arbitrary: pair.map(([text, bytes]) =>
        bodyOf(text, "", " ".repeat(Math.max(0, 131_072 - (bytes % 2) - Buffer.byteLength(text)))),
      ),
    },
  );
}

/** A text as a message; where it is an array of one element, that is an envelope too. */
function bodyOf(text: string, before = "", after = ""): Body {
  const payload = Buffer.from(before + text + after);
  return text.startsWith("[") ? { payload, elements: [text.slice(1, -1)] } : { payload };
}

function envelope(elements: string[]): fc.Arbitrary<Body> {
  return fc.constantFrom("", "", " ", "\n  ").map((space) => envelopeOf(elements, space));
}

/** At most what a message may hold. */
function envelopeOf(elements: string[], space: string): Body {
  let bytes = 2;
  const fitting = elements.filter((text) => (bytes += Buffer.byteLength(text) + 1 + 2 * space.length) <= 131_072);
  return { payload: Buffer.from(`[${fitting.map((text) => space + text + space).join(",")}]`), elements: fitting };
}

/** The text with one byte that may make it something else, most often not UTF-8 or not JSON. */
function withByte(text: string, at: number): Buffer {
  const bytes = Buffer.from(text);
  bytes[at % bytes.length] = at % 256;
  return notAnArray(bytes);
}

/** Bytes at random that happen to begin an array are made to be none, so that elements are always known. */
function notAnArray(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes);
  return text.toString("latin1").trimStart().startsWith("[") ? Buffer.concat([Buffer.from("x"), text]) : text;
}

function padded(text: string, length: number): Buffer {
  const bytes = Buffer.from(text);
  return bytes.length >= length ? bytes : Buffer.concat([bytes, Buffer.alloc(length - bytes.length, " ")]);
}

/** Messages of more than AWS IoT takes. */
export const tooLong = fc
  .tuple(fc.integer({ min: 131_073, max: 140_000 }), fc.boolean())
  .map(([length, readable]) => ({ payload: padded(readable ? "{}" : "", length) }));
