import type { Kind } from "../sources/source.ts";
import type { ResumeFile } from "./resume-file.ts";
import type { MessageStream } from "./stream.ts";
import type { Target } from "./target.ts";

/** Told several times a second how far a load has come. */
export interface ProgressSink {
  update(progress: Partial<Record<Kind, KindProgress>>): void;
  /** The load has ended, finished or not. */
  end(): void;
}

export interface KindProgress {
  /** Records acknowledged, in this session and before. */
  sent: number;
  /** About how many there are. */
  expected: number | undefined;
}

/** Characters of payloads that may be under way at a time: a window of large envelopes would take more memory than it is worth. */
const largestUnderWay = 4 << 20;

const saveEveryMs = 200;
const progressEveryMs = 200;

/**
 * Publishes the messages of all streams, the earliest first, with as many under way as the target takes; returns when all were
 * acknowledged, or when the signal aborts and those under way were. Positions are saved every second and at the end.
 */
export async function deliver(
  streams: readonly MessageStream[],
  target: Target,
  resume: ResumeFile,
  signal: AbortSignal | undefined,
  progress: ProgressSink | undefined,
): Promise<void> {
  let underWay = 0;
  let charactersUnderWay = 0;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;

  const full = (): boolean => underWay >= target.window || charactersUnderWay >= largestUnderWay;
  const settled = (): void => {
    underWay--;
    wake?.();
  };
  const failed = (error: Error): void => {
    failure ??= error;
    settled();
  };
  /** Resolves at the next acknowledgement, failure or abort. */
  const change = (): Promise<void> =>
    new Promise((resolve) => {
      wake = () => {
        wake = undefined;
        resolve();
      };
    });
  const stopped = (): boolean => failure !== undefined || signal?.aborted === true;
  const onAbort = (): void => wake?.();
  signal?.addEventListener("abort", onAbort);

  const save = (): void => {
    resume.save(Object.fromEntries(streams.map((stream) => [stream.source.kind, stream.position])));
  };
  const report = (): void => {
    progress?.update(
      Object.fromEntries(
        streams.map(({ source, sent, position }) => [
          source.kind,
          { sent, expected: position.finished ? sent : source.expected },
        ]),
      ),
    );
  };
  const saving = setInterval(() => {
    try {
      save();
    } catch (error) {
      failure ??= error as Error;
      wake?.();
    }
  }, saveEveryMs);
  const reporting = progress && setInterval(report, progressEveryMs);

  try {
    while (!stopped()) {
      const stream = await earliest(streams);
      if (stream === undefined) break;
      while ((full() || stream.blocked) && !stopped()) await change();
      // Until the batch ends or the window is full nothing needs to be awaited.
      do {
        const message = stream.ready;
        if (message === undefined || stopped()) break;
        const number = stream.take();
        const { length } = message.payload;
        underWay++;
        charactersUnderWay += length;
        target.publish(message.topic, message.payload).then(() => {
          stream.acknowledged(number);
          charactersUnderWay -= length;
          settled();
        }, failed);
      } while (!full() && !stream.blocked && isEarliest(stream, streams));
    }
    while (underWay > 0 && failure === undefined) await change();
    if (failure !== undefined) throw failure;
  } finally {
    clearInterval(saving);
    clearInterval(reporting);
    signal?.removeEventListener("abort", onAbort);
    save();
    report();
    progress?.end();
  }
}

/** The stream whose next message is the earliest; undefined when all are at their end. */
async function earliest(streams: readonly MessageStream[]): Promise<MessageStream | undefined> {
  let found: MessageStream | undefined;
  let time = Infinity;
  for (const stream of streams) {
    const message = stream.ready ?? (await stream.peek());
    if (message !== undefined && (found === undefined || message.time < time)) {
      found = stream;
      time = message.time;
    }
  }
  return found;
}

function isEarliest(stream: MessageStream, streams: readonly MessageStream[]): boolean {
  const time = stream.ready?.time;
  return (
    time !== undefined &&
    streams.every(
      (other) => other === stream || other.exhausted || (other.ready !== undefined && other.ready.time >= time),
    )
  );
}
