import cliProgress from "cli-progress";
import type { KindProgress, ProgressSink } from "./publish/deliver.ts";
import type { Kind } from "./sources/source.ts";

/** Seconds over which the rate is averaged. */
const rateOver = 5;

/**
 * A progress bar with the rate and the time left, while the stream is a terminal; nothing at all otherwise.
 * @param stream standard error, so that standard output stays a program's
 */
export function progressBar(stream: NodeJS.WriteStream = process.stderr): ProgressSink {
  if (!stream.isTTY) return { update: () => undefined, end: () => undefined };
  const bar = new cliProgress.SingleBar({
    stream,
    format: "{bar} {percentage} %  {value} of about {total} records  {rate}/s  {left} left",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    formatValue: (value, _, type) =>
      type === "value" || type === "total" ? value.toLocaleString("en-US") : String(value),
  });
  const seen: { time: number; sent: number }[] = [];
  let started = false;
  return {
    update(progress) {
      const { sent, total } = summed(progress);
      if (!started) bar.start(total, sent, { rate: "-", left: "-" });
      started = true;
      seen.push({ time: performance.now(), sent });
      while (seen.length > 2 && (seen[0]?.time ?? 0) < performance.now() - rateOver * 1000) seen.shift();
      const rate = rateOf(seen);
      bar.setTotal(Math.max(total, sent));
      bar.update(sent, {
        rate: rate === undefined ? "-" : Math.round(rate).toLocaleString("en-US"),
        left: rate === undefined || rate === 0 ? "-" : duration((total - sent) / rate),
      });
    },
    end() {
      if (started) bar.stop();
    },
  };
}

function summed(progress: Partial<Record<Kind, KindProgress>>): { sent: number; total: number } {
  let sent = 0;
  let total = 0;
  for (const kind of Object.values(progress)) {
    sent += kind.sent;
    total += Math.max(kind.expected ?? 0, kind.sent);
  }
  return { sent, total };
}

function rateOf(seen: { time: number; sent: number }[]): number | undefined {
  const first = seen[0];
  const last = seen.at(-1);
  if (first === undefined || last === undefined || last.time <= first.time) return undefined;
  return ((last.sent - first.sent) * 1000) / (last.time - first.time);
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${String(whole)} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${String(minutes)} min ${String(whole % 60)} s`
    : `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
}
