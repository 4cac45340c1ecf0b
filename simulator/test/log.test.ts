import { appendFileSync, readFileSync, truncateSync, statSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { entryKinds, type Entry } from "../log/entry.ts";
import { LogReader } from "../log/reader.ts";
import { endOfLog, listSegments, removeSegmentsBefore } from "../log/segments.ts";
import { LogWriter } from "../log/writer.ts";
import { temporaryFolder } from "./declare.ts";

const entry = (text: string): Entry => ({
  kind: entryKinds.mqtt,
  received: 1_544_065_200_000,
  address: "a/b",
  client: "c",
  payload: Buffer.from(text),
});

function open(folder: string): LogWriter {
  return new LogWriter(
    folder,
    () => {},
    (error) => {
      throw error;
    },
  );
}

function append(writer: LogWriter, ...entries: Entry[]): Promise<unknown> {
  return Promise.all(
    entries.map(
      (one) =>
        new Promise<void>((resolve, reject) => writer.append(one, (error) => (error ? reject(error) : resolve()))),
    ),
  );
}

function readAll(folder: string, from = 0): string[] {
  const reader = new LogReader(folder, from);
  const end = endOfLog(folder);
  const texts: string[] = [];
  while (reader.position < end) texts.push(...reader.read(end).map(({ payload }) => Buffer.from(payload).toString()));
  reader.close();
  return texts;
}

describe("the write-ahead log", () => {
  it("gives back what was appended, in order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ address: fc.string(), client: fc.string(), payload: fc.uint8Array({ maxLength: 2000 }) })),
        async (parts) => {
          const folder = temporaryFolder();
          const writer = open(folder);
          const entries = parts.map((part) => ({ ...entry(""), ...part }));
          await append(writer, ...entries);
          await writer.close();
          const reader = new LogReader(folder, 0);
          const read = reader.read(endOfLog(folder));
          reader.close();
          expect(
            read.map(({ kind, received, address, client, payload }) => ({
              kind,
              received,
              address,
              client,
              payload: Buffer.from(payload),
            })),
          ).to.deep.equal(
            entries.map((one) => ({
              ...one,
              address: wellFormed(one.address),
              client: wellFormed(one.client),
              payload: Buffer.from(one.payload),
            })),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it("has the entry on the disk when it answers", async () => {
    const folder = temporaryFolder();
    const writer = open(folder);
    await append(writer, entry("one"));
    expect(readAll(folder)).to.deep.equal(["one"]);
    await writer.close();
  });

  it("leaves out an entry that was cut short, and goes on after the last whole one", async () => {
    const folder = temporaryFolder();
    const first = open(folder);
    await append(first, entry("one"), entry("two"));
    await first.close();
    const [segment] = listSegments(folder);
    truncateSync(segment?.file ?? "", statSync(segment?.file ?? "").size - 1);
    expect(readAll(folder)).to.deep.equal(["one"]);
    const second = open(folder);
    await append(second, entry("three"));
    await second.close();
    expect(readAll(folder)).to.deep.equal(["one", "three"]);
  });

  it("ends before bytes that are no entry", async () => {
    const folder = temporaryFolder();
    const writer = open(folder);
    await append(writer, entry("one"));
    await writer.close();
    const [segment] = listSegments(folder);
    const whole = readFileSync(segment?.file ?? "");
    appendFileSync(segment?.file ?? "", whole.fill(0x20, whole.length - 2));
    expect(readAll(folder)).to.deep.equal(["one"]);
  });

  it("goes on in a new segment, and removes those that are no longer needed", async function () {
    this.timeout(30_000);
    const folder = temporaryFolder();
    const writer = open(folder);
    const megabyte = "x".repeat(1024 * 1024);
    for (let count = 0; count < 70; count++) await append(writer, entry(megabyte));
    await append(writer, entry("last"));
    await writer.close();
    const segments = listSegments(folder);
    expect(segments).to.have.length.greaterThan(2);
    expect(readAll(folder)).to.have.length(71);
    removeSegmentsBefore(folder, segments[2]?.start ?? 0);
    expect(listSegments(folder).map(({ start }) => start)).to.deep.equal(segments.slice(2).map(({ start }) => start));
    expect(readAll(folder, segments[2]?.start).at(-1)).to.equal("last");
  });
});

/** UTF-8 has no lone surrogates: they become U+FFFD on the way. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}
