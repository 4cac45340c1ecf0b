import { run } from "@metercast/simulator";
import { environmentFile, loadEnvironment, type Environment } from "../../environments/index.ts";
import { accountingOf, type Accounting, type Ends } from "../accounting.ts";
import { evaluateAside } from "../evaluation.ts";
import { openStored, type Stored } from "../stored.ts";
import { expectationOf, type ExpectedEnd } from "./expected.ts";
import { bucketOf, keyOf, Ledger } from "./ledger.ts";
import { drawMessages, type FuzzMessage } from "./messages.ts";
import { AnswerError, Sender } from "./sender.ts";
import { storedRows } from "./stored-rows.ts";

export interface FuzzOptions {
  messages: number;
  seed: number;
  /** A new data folder. */
  data: string;
  /** Gets a line of progress. */
  say: (line: string) => void;
}

/** Buckets that are looked into after a mismatch: one shows a case, all of a systematic one would show thousands. */
const shownBuckets = 8;
const shownCases = 10;
const shownCharacters = 600;
const progressEvery = 10_000;

/** Sends the messages of a run to the environment dev and compares what is stored with what should be; gives what is wrong. */
export async function fuzz({ messages, seed, data, say }: FuzzOptions): Promise<string[]> {
  const file = environmentFile("dev");
  const environment = loadEnvironment(file);
  const draw = () => drawMessages(targetOf(environment), seed, messages);
  const endsOf = expectationOf(environment);
  const expected = new Ledger();
  const sums = emptyAccounting();
  const started = performance.now();
  const simulator = await run({
    evaluation: await evaluateAside(file),
    data,
    mqttPort: 0,
    httpPort: 0,
    warn: () => {},
    onFailure: (error) => {
      throw error;
    },
  });
  try {
    const sender = await Sender.open(simulator);
    for (const message of draw()) {
      for (const end of endsOf(message)) {
        expected.add(keyOfEnd(end));
        count(sums, end);
      }
      if (message.route === "none") sums.unrouted++;
      await sender.send(message);
      if ((message.index + 1) % progressEvery === 0) say(progress(message.index + 1, messages, started));
    }
    await sender.close();
    await simulator.flush();
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    return [`${error.message}:\n${described(error.fuzzed)}`];
  } finally {
    await simulator.close();
  }
  const stored = await openStored(data);
  try {
    say(`Sent ${messages} messages in ${seconds(started)} s; reading what is stored`);
    const failures = accountingFailures(sums, await accountingOf(stored));
    const found = new Ledger();
    for await (const { table, values } of storedRows(stored.catalog)) found.add(keyOf(table, values));
    const differing = new Set(expected.differences(found).slice(0, shownBuckets));
    if (differing.size > 0) failures.push(...(await differentRows(draw(), endsOf, stored, differing)));
    if (failures.length === 0) say(summary(sums, started));
    return failures;
  } finally {
    stored.catalog.close();
  }
}

function targetOf({ name, cities, meterTypes }: Environment) {
  return { environment: name, cities: cities.map((city) => city.name), meterTypes: meterTypes.map(({ type }) => type) };
}

function keyOfEnd({ pipeline, ended, row }: ExpectedEnd): string {
  return keyOf(ended === "stored" ? pipeline : "left_out", row);
}

function emptyAccounting(): Accounting {
  const ends = (): Ends => ({ accepted: 0, stored: 0, dropped: {}, rejected: {} });
  return { readings: ends(), weather: ends(), unrouted: 0 };
}

function count(sums: Accounting, { pipeline, ended, cause }: ExpectedEnd): void {
  const its = sums[pipeline];
  its.accepted++;
  if (ended === "stored") its.stored++;
  else its[ended][cause] = (its[ended][cause] ?? 0) + 1;
}

/** Where the counts of the accounting query differ from what was sent. */
function accountingFailures(sent: Accounting, found: Accounting): string[] {
  const [wanted, got] = [flat(sent), flat(found)];
  return [...new Set([...wanted.keys(), ...got.keys()])]
    .filter((name) => wanted.get(name) !== got.get(name))
    .map((name) => `${name}: ${got.get(name) ?? 0} accounted for, ${wanted.get(name) ?? 0} sent`);
}

function flat({ readings, weather, unrouted }: Accounting): Map<string, number> {
  const counts = new Map([["unrouted messages", unrouted]]);
  for (const [pipeline, { accepted, stored, dropped, rejected }] of Object.entries({ readings, weather })) {
    counts.set(`${pipeline}, accepted`, accepted).set(`${pipeline}, stored`, stored);
    for (const [by, its] of Object.entries(dropped)) counts.set(`${pipeline}, dropped by ${by}`, its);
    for (const [reason, its] of Object.entries(rejected)) counts.set(`${pipeline}, rejected: ${reason}`, its);
  }
  return counts;
}

/** Draws the messages again, and tells the rows of some buckets that are missing or too many, with their messages. */
async function differentRows(
  messages: Iterable<FuzzMessage>,
  endsOf: (message: FuzzMessage) => ExpectedEnd[],
  { catalog }: Stored,
  differing: ReadonlySet<number>,
): Promise<string[]> {
  const rows = new Map<string, { balance: number; message?: FuzzMessage }>();
  for (const message of messages) {
    for (const key of endsOf(message).map(keyOfEnd)) {
      if (!differing.has(bucketOf(key))) continue;
      rows.set(key, { balance: (rows.get(key)?.balance ?? 0) - 1, message });
    }
  }
  for await (const { table, values } of storedRows(catalog)) {
    const key = keyOf(table, values);
    if (!differing.has(bucketOf(key))) continue;
    const row = rows.get(key);
    rows.set(key, { ...row, balance: (row?.balance ?? 0) + 1 });
  }
  return [...rows]
    .filter(([, { balance }]) => balance !== 0)
    .slice(0, shownCases)
    .map(([key, { balance, message }]) => {
      const what = balance < 0 ? `${-balance} missing` : `${balance} too many`;
      return `${what}: ${key.slice(0, shownCharacters)}${message ? `\n${described(message)}` : ""}`;
    });
}

function described({ index, topic, transport, payload }: FuzzMessage): string {
  const text = payload.toString("latin1").slice(0, shownCharacters);
  return `  message ${index}, ${transport}, topic ${JSON.stringify(topic)}, ${payload.length} bytes: ${JSON.stringify(text)}`;
}

function progress(sent: number, messages: number, started: number): string {
  const rate = Math.round((sent / (performance.now() - started)) * 1000);
  const megabytes = Math.round(process.memoryUsage().rss / 1024 ** 2);
  return `${sent} of ${messages} messages, ${rate} a second, ${megabytes} MB`;
}

function summary({ readings, weather, unrouted }: Accounting, started: number): string {
  const of = ({ accepted, stored, dropped, rejected }: Ends) => {
    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, one) => total + one, 0);
    return `${accepted} accepted = ${stored} stored + ${sum(dropped)} dropped + ${sum(rejected)} rejected`;
  };
  return `All accounted for in ${seconds(started)} s. Readings: ${of(readings)}. Weather: ${of(weather)}. ${unrouted} messages taken by no rule.`;
}

function seconds(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}
