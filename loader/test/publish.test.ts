import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { deliver } from "../publish/deliver.ts";
import { envelopes, largestPayload } from "../publish/envelopes.ts";
import { resumeFile, startPosition } from "../publish/resume-file.ts";
import { MessageStream } from "../publish/stream.ts";
import { PublishError } from "../publish/target.ts";
import { emptyBatch, leaveOut } from "../sources/source.ts";
import type { Batch } from "../sources/source.ts";
import { fileIn, inFolder, numberedSource, recordingTarget } from "./builders.ts";

function batchOf(records: [topic: string, text: string][]): Batch {
  return {
    ...emptyBatch(),
    topics: records.map(([topic]) => topic),
    times: records.map((_, i) => i),
    texts: records.map(([, text]) => text),
  };
}

describe("envelopes", () => {
  it("are none for a size of one: each record is a message as it stands", () => {
    const messages = envelopes(batchOf([["a", "1"], ["b", "2"]]), 1); // prettier-ignore
    expect(messages.map(({ topic, payload, records }) => [topic, payload, records])).to.deep.equal([
      ["a", "1", 1],
      ["b", "2", 1],
    ]);
  });

  it("have up to so many records of one topic, in their order", () => {
    const batch = batchOf(["1", "2", "3", "4", "5"].flatMap((text) => [["a", text], ["b", `1${text}`]])); // prettier-ignore
    const messages = envelopes(batch, 2);
    expect(messages.map(({ topic, payload }) => topic + payload)).to.deep.equal([
      "a[1,2]",
      "b[11,12]",
      "a[3,4]",
      "b[13,14]",
      "a[5]",
      "b[15]",
    ]);
  });

  it("never exceed 128 KiB, and hold every record once", () => {
    const text = fc.oneof(fc.nat(400), fc.nat(70_000)).map((length) => JSON.stringify("é".repeat(length / 2)));
    const records = fc.array(fc.tuple(fc.constantFrom("a", "b"), text), { maxLength: 40 });
    fc.assert(
      fc.property(records, fc.integer({ min: 2, max: 20 }), (given, size) => {
        const messages = envelopes(batchOf(given), size);
        for (const topic of ["a", "b"]) {
          const got = messages.filter((message) => message.topic === topic);
          expect(got.flatMap(({ payload }) => JSON.parse(payload) as string[])).to.deep.equal(
            given.filter(([its]) => its === topic).map(([, its]) => JSON.parse(its) as string),
          );
        }
        for (const { payload, records: count } of messages) {
          expect(Buffer.byteLength(payload)).to.be.at.most(largestPayload);
          expect(count).to.be.at.most(size);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("use all of 128 KiB where records fill it to the byte", () => {
    const half = JSON.stringify("x".repeat((largestPayload - 3) / 2 - 2));
    const more = JSON.stringify("x".repeat((largestPayload - 3) / 2 - 1));
    expect(envelopes(batchOf([["a", half], ["a", `${half} `]]), 9)).to.have.length(1); // prettier-ignore
    expect(envelopes(batchOf([["a", more], ["a", more]]), 9)).to.have.length(2); // prettier-ignore
  });
});

describe("a stream of messages", () => {
  /** Takes messages and acknowledges them in the order that is given. */
  async function takeAll(stream: MessageStream): Promise<string[]> {
    const payloads: string[] = [];
    for (let message = await stream.peek(); message !== undefined; message = await stream.peek()) {
      payloads.push(message.payload);
      stream.take();
    }
    return payloads;
  }

  it("counts as acknowledged only what has no gap before it, and continues there", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        async (count, envelope, picks) => {
          const stream = new MessageStream(numberedSource(count), startPosition(), envelope);
          const payloads = await takeAll(stream);
          const waiting = payloads.map((_, i) => i);
          const acknowledged = new Set<number>();
          for (const pick of picks) {
            const [number] = waiting.splice(pick % (waiting.length || 1), 1);
            if (number === undefined) break;
            stream.acknowledged(number);
            acknowledged.add(number);
          }
          const prefix = payloads.findIndex((_, i) => !acknowledged.has(i));
          const rest = prefix < 0 ? [] : payloads.slice(prefix);
          const saved = JSON.parse(JSON.stringify(stream.position)) as typeof stream.position;
          expect(saved.finished).to.equal(rest.length === 0);
          const continued = new MessageStream(numberedSource(count), saved, envelope);
          expect(await takeAll(continued)).to.deep.equal(rest);
          rest.forEach((_, i) => continued.acknowledged(i));
          expect(continued.position).to.include({ sent: count, finished: true });
        },
      ),
    );
  });

  it("counts what was left out once, in batches without a message too", async () => {
    const source = numberedSource(6, {
      *batches(from) {
        for (let next = from + 2; next <= 6; next += 2) {
          const batch = { ...batchOf(next === 4 ? [] : [["a", String(next)]]), next };
          for (let record = next - 1; record <= next; record++)
            leaveOut(batch, { file: "f", record, message: "wrong" });
          yield batch;
        }
      },
    });
    const stream = new MessageStream(source, startPosition(), 1);
    expect(await takeAll(stream)).to.deep.equal(["2", "6"]);
    stream.acknowledged(0);
    expect(stream.position).to.include({ batch: 4, sent: 1, leftOut: 4 });
    const continued = new MessageStream(source, stream.position, 1);
    expect(await takeAll(continued)).to.deep.equal(["6"]);
    continued.acknowledged(0);
    expect(continued.position).to.include({ sent: 2, leftOut: 6, finished: true });
    expect(continued.position.problems.map(({ record }) => record)).to.deep.equal([1, 2, 3, 4, 5, 6]);
  });
});

describe("delivery", () => {
  const none = resumeFile(undefined, {});

  it("keeps as many messages under way as the target takes, and no more", async () => {
    let underWay = 0;
    let most = 0;
    const target = recordingTarget(async () => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
    });
    await deliver([new MessageStream(numberedSource(1000), startPosition(), 1)], target, none, undefined, undefined);
    expect(target.messages).to.have.length(1000);
    expect(most).to.equal(target.window);
  });

  it("sends two streams in the order of time", async () => {
    const target = recordingTarget();
    const even = numberedSource(10);
    const odd = numberedSource(10, {
      kind: "weather",
      *batches(from) {
        for (const batch of numberedSource(10).batches(from) as Iterable<Batch>) {
          yield {
            ...batch,
            times: batch.times.map((time) => time + 0.5),
            texts: batch.texts.map((text) => `${text}.5`),
          };
        }
      },
    });
    await deliver(
      [odd, even].map((source) => new MessageStream(source, startPosition(), 1)),
      target,
      none,
      undefined,
      undefined,
    );
    const sent = target.messages.map(({ payload }) => Number(payload));
    expect(sent).to.have.length(20);
    expect(sent).to.deep.equal(sent.toSorted((a, b) => a - b));
  });

  it(
    "stops at the first failure, and keeps what was acknowledged before it",
    inFolder(async (folder) => {
      const path = join(folder, "resume.json");
      const target = recordingTarget((number) =>
        number === 50 ? Promise.reject(new PublishError("refused")) : Promise.resolve(),
      );
      const resume = resumeFile(path, { readings: 1 });
      let failure: unknown;
      await deliver(
        [new MessageStream(numberedSource(1000), startPosition(), 1)],
        target,
        resume,
        undefined,
        undefined,
      ).catch((error: unknown) => (failure = error));
      expect(failure).to.be.instanceOf(PublishError);
      expect(target.messages.length).to.be.lessThan(1000);
      expect(resumeFile(path, { readings: 1 }).read("readings").sent).to.equal(49);
    }),
  );

  it("tells its progress, to the last record", async () => {
    const told: unknown[] = [];
    let ended = 0;
    await deliver([new MessageStream(numberedSource(10), startPosition(), 1)], recordingTarget(), none, undefined, {
      update: (progress) => told.push(progress.readings),
      end: () => ended++,
    });
    expect(told.at(-1)).to.deep.equal({ sent: 10, expected: 10 });
    expect(ended).to.equal(1);
  });
});

describe("a resume file", () => {
  it(
    "is replaced as a whole, and not used for another load",
    inFolder(async (folder) => {
      const path = join(folder, "loads", "a.json");
      const position = { ...startPosition(), batch: 7, sent: 20 };
      resumeFile(path, { readings: ["a", 1] }).save({ readings: position });
      expect(readdirSync(join(folder, "loads"))).to.deep.equal(["a.json"]);
      expect(resumeFile(path, { readings: ["a", 1] }).read("readings")).to.deep.equal(position);
      expect(resumeFile(path, { readings: ["a", 2] }).read("readings")).to.deep.equal(startPosition());
      expect(resumeFile(path, { weather: ["a", 1] }).read("weather")).to.deep.equal(startPosition());
      await Promise.resolve();
    }),
  );

  it(
    "that is empty or half written means a load from the start",
    inFolder(async (folder) => {
      for (const content of ["", '{"readings":{"identity"']) {
        const path = fileIn(folder, "a.json", content);
        expect(resumeFile(path, { readings: 1 }).read("readings")).to.deep.equal(startPosition());
      }
      await Promise.resolve();
    }),
  );
});
