/**
 * Measures the speed of the simulator next to others on the same machine, in ratios: `npm run bench`. Options are
 * `--messages N` (readings of a load with one per message, default 200000), `--rounds N` (default 3), `--only PART` (may be
 * repeated: rates, weather, evaluation, trees, forecasts, memory, page), `--profile` and `--json`.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { functionPlans } from "../components/inference/functions.ts";
import { environmentFile } from "../environments/index.ts";
import { hasPython, modelRequirements, virtualEnvironment } from "../model/python.ts";
import { ForecastBench, type Spent } from "./forecast.ts";
import { measureLoader, measureWeather } from "./own-loader.ts";
import { findMosquitto, measurePeer } from "./peer.ts";
import { answerOf, start } from "./processes.ts";
import { profiled, type ThreadProfile } from "./profile.ts";
import { measureBareBroker, measureSimulator, type Measured, type Size } from "./raw-load.ts";
import { PageBench, type Opened } from "./page.ts";
import { measureTrees } from "./trees.ts";

/** One line of the result. `goal` is what it should be, in words. */
interface Line {
  name: string;
  value: number;
  unit: "/s" | "x" | "s" | "kB" | "MB" | "CPU s per 100k";
  goal?: string;
  met?: boolean;
}

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "200000" },
    rounds: { type: "string", default: "3" },
    only: { type: "string", multiple: true, default: [] },
    profile: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const rounds = wholeNumber("rounds", values.rounds);
const messages = wholeNumber("messages", values.messages);
/** Envelopes are of so many readings; four connections send the same number of them. */
const envelope = 100;
const roundTo = 4 * envelope;
const single: Size = { readings: Math.ceil(messages / roundTo) * roundTo, envelope: 1 };
const envelopes: Size = { readings: 4 * single.readings, envelope };
const benchRequirements = fileURLToPath(new URL("requirements.txt", import.meta.url));
/** The published weather file of the public demo, where it lies beside the project. */
const weatherFile = fileURLToPath(new URL("../../shared/data/weather_data_2018_12.json", import.meta.url));

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  console.error(`--${option} is "${text}"; a whole number from 1 on is needed.`);
  process.exit(2);
}

function say(sentence: string): void {
  console.error(sentence);
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function medianOf(runs: Measured[], figure: "acknowledged" | "stored" | "peakMegabytes" | "processorSeconds"): number {
  return median(runs.map((run) => run[figure] ?? NaN));
}

async function rates(lines: Line[]): Promise<void> {
  const mosquitto = findMosquitto();
  if (mosquitto === undefined) {
    say("mosquitto is not installed (Debian: apt-get install mosquitto): the peer pipeline behind it is not measured.");
  }
  const bare: number[] = [];
  const ours = { single: [] as Measured[], envelopes: [] as Measured[] };
  const loader = { single: [] as Measured[], envelopes: [] as Measured[] };
  const peer = { single: [] as Measured[], envelopes: [] as Measured[] };
  // side by side in each round, so that what else the machine does weighs on all of them
  for (let round = 1; round <= rounds; round++) {
    say(`Round ${round} of ${rounds}; load average ${loadavg()[0]?.toFixed(1)}`);
    bare.push(await measureBareBroker(single));
    ours.single.push(await measureSimulator(single));
    if (mosquitto !== undefined) peer.single.push(await measurePeer(mosquitto, single));
    loader.single.push(await measureLoader(single));
    ours.envelopes.push(await measureSimulator(envelopes));
    if (mosquitto !== undefined) peer.envelopes.push(await measurePeer(mosquitto, envelopes));
    loader.envelopes.push(await measureLoader(envelopes));
  }
  const ratios = (runs: Measured[], to: number[]) =>
    median(runs.map(({ stored }, round) => stored / (to[round] ?? NaN)));
  const storedOf = (runs: Measured[]) => runs.map(({ stored }) => stored);

  lines.push({ name: "bare aedes, acknowledged", value: median(bare), unit: "/s" });
  lines.push({ name: "one per message, acknowledged", value: medianOf(ours.single, "acknowledged"), unit: "/s" });
  lines.push({ name: "one per message, queryable", value: medianOf(ours.single, "stored"), unit: "/s" });
  lines.push(atLeast("  to bare aedes", ratios(ours.single, bare), "x", 0.35));
  lines.push({ name: "  processor", value: medianOf(ours.single, "processorSeconds"), unit: "CPU s per 100k" });
  if (mosquitto !== undefined) {
    lines.push({ name: "  the peer, queryable", value: medianOf(peer.single, "stored"), unit: "/s" });
    lines.push(atLeast("  to the peer", ratios(ours.single, storedOf(peer.single)), "x", 1));
  }
  lines.push({ name: "  from our own loader, queryable", value: medianOf(loader.single, "stored"), unit: "/s" });
  lines.push(atLeast("  to the raw publisher", ratios(loader.single, storedOf(ours.single)), "x", 0.5));
  lines.push({
    name: `envelopes of ${envelope}, acknowledged`,
    value: medianOf(ours.envelopes, "acknowledged"),
    unit: "/s",
  });
  lines.push(atLeast(`envelopes of ${envelope}, queryable`, medianOf(ours.envelopes, "stored"), "/s", 100_000));
  lines.push({ name: "  processor", value: medianOf(ours.envelopes, "processorSeconds"), unit: "CPU s per 100k" });
  if (mosquitto !== undefined) {
    lines.push({ name: "  the peer, queryable", value: medianOf(peer.envelopes, "stored"), unit: "/s" });
  }
  lines.push({ name: "  from our own loader, queryable", value: medianOf(loader.envelopes, "stored"), unit: "/s" });
  lines.push(atLeast("  to the raw publisher", ratios(loader.envelopes, storedOf(ours.envelopes)), "x", 0.5));
  lines.push(atMost(`memory, ${envelopes.readings} readings`, medianOf(ours.envelopes, "peakMegabytes"), "MB", 512));
}

/** A load ten times as long takes no more memory. */
async function memory(lines: Line[]): Promise<void> {
  for (const size of [single, envelopes]) {
    const long = { ...size, readings: 10 * (size.readings / (size === single ? 2 : 4)) };
    const short = { ...size, readings: long.readings / 10 };
    const what = size.envelope === 1 ? "one per message" : `envelopes of ${size.envelope}`;
    for (const one of [short, long]) {
      say(`Memory with ${one.readings} readings, ${what}`);
      const { peakMegabytes = NaN } = await measureSimulator(one);
      lines.push(atMost(`memory, ${one.readings} readings, ${what}`, peakMegabytes, "MB", 512));
    }
  }
}

async function weather(lines: Line[]): Promise<void> {
  if (!existsSync(weatherFile)) return say("The weather file of the public demo is not there: not measured.");
  say("Weather");
  const runs = [];
  for (let round = 0; round < rounds; round++) runs.push(await measureWeather(weatherFile));
  const name = `${runs[0]?.observations} weather records, from the first publish to their count`;
  lines.push(atMost(name, median(runs.map(({ seconds }) => seconds)), "s", 1));
}

async function evaluation(lines: Line[]): Promise<void> {
  say("Evaluation");
  const command = fileURLToPath(new URL("../cli/metercast.ts", import.meta.url));
  const [alone, whole]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    alone.push((await answerOf<number>(start("evaluation.ts", environmentFile("prod")))) / 1000);
    const before = performance.now();
    spawnSync(process.execPath, [command, "graph", "--environment", "prod"], { stdio: "ignore" });
    whole.push((performance.now() - before) / 1000);
  }
  lines.push({ name: "evaluation of prod to its graph, by itself", value: median(alone), unit: "s" });
  lines.push(atMost("evaluation of prod to its graph, the whole command", median(whole), "s", 3));
}

/** The evaluator of the Lambdas beside LightGBM's own library, on the same rows by turns. */
async function trees(lines: Line[]): Promise<void> {
  if (!hasPython()) return say("Python is not there: the trees are not measured beside LightGBM.");
  say("Trees");
  const rates = await measureTrees(virtualEnvironment(modelRequirements, "model", say), rounds);
  const of = (figure: "ours" | "lightGbm") => median(rates.map((rate) => rate[figure]));
  lines.push({ name: "trees, rows per second of a processor", value: of("ours"), unit: "/s" });
  lines.push({ name: "  by LightGBM's own library", value: of("lightGbm"), unit: "/s" });
  const ratio = median(rates.map(({ ours, lightGbm }) => ours / lightGbm));
  lines.push(atLeast("  to LightGBM's own library", ratio, "x", 0.75));
}

/** Features and predictions for two weeks of the environment "prod", beside pandas and LightGBM's Python package. */
async function forecasts(lines: Line[]): Promise<void> {
  if (!hasPython()) return say("Python is not there: forecasts are not measured beside pandas.");
  const python = virtualEnvironment(benchRequirements, "bench", say);
  say("Forecasts");
  const bench = new ForecastBench();
  try {
    const [own, pandas]: [Spent[], Spent[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      own.push(await bench.own());
      pandas.push(await bench.pandas(python));
    }
    const alike = await bench.agreement();
    if (alike < 0.98) throw new Error(`only ${(100 * alike).toFixed(1)} % of the rows are predicted alike`);
    const rate = (runs: Spent[], seconds: (spent: Spent) => number) => runs.map((run) => run.rows / seconds(run));
    const add = (name: string, seconds: (spent: Spent) => number, least?: number) => {
      const [ours, theirs] = [rate(own, seconds), rate(pandas, seconds)];
      lines.push({ name: `${name}, rows per second of a processor`, value: median(ours), unit: "/s" });
      lines.push({ name: "  by pandas and LightGBM", value: median(theirs), unit: "/s" });
      const ratio = median(ours.map((value, round) => value / (theirs[round] ?? NaN)));
      const to = "  to pandas and LightGBM";
      lines.push(least === undefined ? { name: to, value: ratio, unit: "x" } : atLeast(to, ratio, "x", least));
    };
    add("features and predictions", ({ features, predict }) => features + predict, 20);
    add("features", ({ features }) => features);
    add("predictions", ({ predict }) => predict);
    const { city, rows, features, predict } = await bench.memory();
    const declared = functionPlans;
    const what = (lambda: string) => `memory of the ${lambda} Lambda, ${city}, ${rows} rows`;
    lines.push(atMost(what("features"), features, "MB", declared.features.memoryMegabytes));
    lines.push(atMost(what("predict"), predict, "MB", declared.predict.memoryMegabytes));
  } finally {
    bench.close();
  }
}

/** The page with two weeks of the environment "prod": what a browser waits for, and what readings wait for meanwhile. */
async function page(lines: Line[]): Promise<void> {
  say("Page: two weeks of prod are loaded and predicted");
  const bench = await PageBench.create();
  try {
    const opened: Opened[] = [];
    const [alone, read]: [Measured[], Measured[]] = [[], []];
    for (let round = 1; round <= rounds; round++) {
      say(`Page, round ${round} of ${rounds}; load average ${loadavg()[0]?.toFixed(1)}`);
      opened.push(await bench.open());
      alone.push(await bench.ingest(single, false));
      read.push(await bench.ingest(single, true));
    }
    const of = (figure: (one: Opened) => number) => median(opened.map(figure));
    lines.push({ name: "page, from the start of the simulator", value: of((one) => one.readySeconds), unit: "s" });
    lines.push(
      atMost(
        "page, its first visual's data",
        of((one) => one.firstSeconds),
        "s",
        1,
      ),
    );
    lines.push({ name: "  all of the first sheet", value: of((one) => one.sheetSeconds), unit: "s" });
    lines.push(atMost("  over the wire, compressed", of((one) => one.bytes) / 1000, "kB", 1500));
    lines.push(
      atMost(
        "  a filter's change, all visuals",
        of(({ filterSeconds }) => median(filterSeconds)),
        "s",
        0.3,
      ),
    );
    const seen = opened.flatMap((one) => one.seen ?? []);
    if (seen.length > 0) {
      const first = median(seen.map(({ firstSeconds }) => firstSeconds));
      const filter = median(seen.map(({ filterSeconds }) => median(filterSeconds)));
      lines.push(atMost("  its first visual, drawn in a browser", first, "s", 1));
      lines.push(atMost("  a filter's change, all visuals drawn", filter, "s", 0.3));
    }
    lines.push({
      name: "one per message, queryable, nobody at the page",
      value: medianOf(alone, "stored"),
      unit: "/s",
    });
    const ratio = median(read.map(({ stored }, round) => stored / (alone[round]?.stored ?? NaN)));
    lines.push(atLeast("  with a reader at the page, to that", ratio, "x", 0.9));
    lines.push({ name: "  memory, with a reader", value: medianOf(read, "peakMegabytes"), unit: "MB" });
  } finally {
    bench.close();
  }
}

function atLeast(name: string, value: number, unit: Line["unit"], least: number): Line {
  return { name, value, unit, goal: `at least ${shown(least, unit)}`, met: value >= least };
}

function atMost(name: string, value: number, unit: Line["unit"], most: number): Line {
  return { name, value, unit, goal: `at most ${shown(most, unit)}`, met: value <= most };
}

function shown(value: number, unit: Line["unit"]): string {
  const number =
    unit === "/s" || unit === "MB" || unit === "kB" ? Math.round(value).toLocaleString("en-US") : value.toFixed(2);
  return unit === "x" ? number : `${number} ${unit}`;
}

function table(lines: Line[]): string {
  return lines
    .map(({ name, value, unit, goal, met }) => {
      const verdict = goal === undefined ? "" : `${goal}${met ? "" : "  NOT MET"}`;
      return `${name.padEnd(62)}${shown(value, unit).padStart(22)}   ${verdict}`.trimEnd();
    })
    .join("\n");
}

function profileTable({ thread, busySeconds, parts, functions }: ThreadProfile): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(8);
  const list = (entries: { name: string; share: number }[]) =>
    entries.map(({ name, share }) => `  ${percent(share)}  ${name}`).join("\n");
  return `Thread ${thread}, busy ${busySeconds.toFixed(1)} s\n${list(parts)}\n  of which\n${list(functions)}`;
}

const parts = { rates, weather, evaluation, trees, forecasts, memory, page };
const strangers = values.only.filter((part) => !Object.hasOwn(parts, part));
if (strangers.length > 0) {
  console.error(`--only is ${strangers.join(", ")}; the parts are ${Object.keys(parts).join(", ")}.`);
  process.exit(2);
}
const measures = Object.entries(parts).flatMap(([part, measure]) =>
  values.only.length === 0 || values.only.includes(part) ? [measure] : [],
);

const machine = { processors: availableParallelism(), node: process.version, loadAverage: loadavg()[0] };
if (values.profile) {
  const profiles: Record<string, ThreadProfile[]> = {};
  for (const [name, size] of [["one per message", single] as const, [`envelopes of ${envelope}`, envelopes] as const]) {
    profiles[name] = await profiled((flags) => measureSimulator(size, flags));
  }
  if (values.json) console.log(JSON.stringify({ machine, profiles }));
  else
    for (const [name, threads] of Object.entries(profiles))
      console.log(`\n${name}\n${threads.map(profileTable).join("\n")}`);
} else {
  const lines: Line[] = [];
  if (!values.json) {
    const { processors, node, loadAverage } = machine;
    const before = `load average before it ${loadAverage?.toFixed(1)}`;
    console.log(`${processors} processors, Node ${node}, ${before}, medians of ${rounds}\n`);
  }
  for (const measure of measures) {
    const from = lines.length;
    await measure(lines);
    // each part when it is done: a run that is ended early has told what it knows
    if (!values.json && lines.length > from) console.log(table(lines.slice(from)));
  }
  if (values.json) console.log(JSON.stringify({ machine, rounds, lines }));
}
process.exit();
