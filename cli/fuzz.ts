import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fuzz } from "./fuzzing/fuzz.ts";

/**
 * `npm run fuzz -- --messages N [--seed S]`: sends N messages, hostile and good, to the environment dev in the simulator, and
 * checks that each element ended where it should, as it should, once. Exits with 1 and the failing case where not.
 */
const { values } = parseArgs({
  options: { messages: { type: "string", default: "100000" }, seed: { type: "string" } },
});
const messages = Number(values.messages);
const seed = Number(values.seed ?? Math.trunc(Math.random() * 2 ** 31));
if (!Number.isSafeInteger(messages) || messages < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write("Usage: npm run fuzz -- --messages N [--seed S], whole numbers\n");
  process.exit(2);
}

const data = mkdtempSync(join(tmpdir(), "metercast-fuzz-"));
process.stdout.write(`Seed ${seed}: npm run fuzz -- --messages ${messages} --seed ${seed}\n`);
const failures = await fuzz({ messages, seed, data, say: (line) => process.stdout.write(`${line}\n`) });
for (const failure of failures) process.stderr.write(`${failure}\n`);
if (failures.length === 0) rmSync(data, { recursive: true });
else process.stderr.write(`What was stored is kept in ${data}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
