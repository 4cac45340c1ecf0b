import { crc32 } from "node:zlib";

/**
 * One entry of the write-ahead log: a message that a client published, or a record that was put to a delivery stream.
 *
 * Bytes: u32 length of the body, u32 CRC-32 of position and body, then the body: u8 kind, f64 received (epoch ms),
 * u16 length and UTF-8 text of `address` and of `client`, and the payload up to the end. Numbers are little endian.
 */
export interface Entry {
  kind: EntryKind;
  /** Epoch milliseconds of arrival. */
  received: number;
  /** The topic of a publish, the stream's name of a put. */
  address: string;
  /** MQTT client id; empty over HTTP and for a put. */
  client: string;
  payload: Uint8Array;
}

export type EntryKind = (typeof entryKinds)[keyof typeof entryKinds];
export const entryKinds = { mqtt: 1, http: 2, put: 3 } as const;

/** An entry with its place: the byte position in the whole log, which never repeats and so is its identity. */
export interface PlacedEntry extends Entry {
  position: number;
  /** The position after it. */
  end: number;
}

export const headerBytes = 8;
const fixedBodyBytes = 1 + 8 + 2 + 2;
/** Larger than any entry that limits let pass; a length beyond it is damage, not data. */
const largestBody = 4 * 1024 * 1024;

/** Bytes that an entry takes in the log. */
export function encodedLength(entry: Entry): number {
  return (
    headerBytes +
    fixedBodyBytes +
    Buffer.byteLength(entry.address) +
    Buffer.byteLength(entry.client) +
    entry.payload.byteLength
  );
}

/** Writes the entry for the log position `position` into `target` at `offset`; gives the offset after it. */
export function encode(entry: Entry, position: number, target: Buffer, offset: number): number {
  let at = offset + headerBytes;
  target[at] = entry.kind;
  target.writeDoubleLE(entry.received, at + 1);
  at += 9;
  for (const text of [entry.address, entry.client]) {
    const length = target.write(text, at + 2);
    target.writeUInt16LE(length, at);
    at += 2 + length;
  }
  target.set(entry.payload, at);
  at += entry.payload.byteLength;
  target.writeUInt32LE(at - offset - headerBytes, offset);
  target.writeUInt32LE(checksum(target, offset + headerBytes, at, position), offset + 4);
  return at;
}

/**
 * The entry at `offset` of `source`, or undefined where none is whole there: the end of what was written, a write
 * that was cut short, or damage. The payload is a view of `source`.
 */
export function decode(source: Buffer, offset: number, position: number): PlacedEntry | undefined {
  const body = offset + headerBytes;
  if (body > source.length) return undefined;
  const length = source.readUInt32LE(offset);
  const end = body + length;
  if (length < fixedBodyBytes || length > largestBody || end > source.length) return undefined;
  if (source.readUInt32LE(offset + 4) !== checksum(source, body, end, position)) return undefined;
  const kind = source[body] as EntryKind;
  const received = source.readDoubleLE(body + 1);
  let at = body + 9;
  const addressEnd = at + 2 + source.readUInt16LE(at);
  const address = source.toString("utf8", at + 2, addressEnd);
  at = addressEnd;
  const clientEnd = at + 2 + source.readUInt16LE(at);
  const client = source.toString("utf8", at + 2, clientEnd);
  return {
    kind,
    received,
    address,
    client,
    payload: source.subarray(clientEnd, end),
    position,
    end: position + end - offset,
  };
}

/** Covers the position too, so that what an overwritten segment left behind is never taken for an entry. */
function checksum(bytes: Buffer, start: number, end: number, position: number): number {
  return crc32(bytes.subarray(start, end), position >>> 0);
}
