import { readRuleCase, RuleCaseError, RuleTrial } from "@metercast/iot-sql";
import { Option } from "commander";
import type { Verb } from "../command-line.ts";
import type { Console } from "../console.ts";
import { chunksOf, linesOf } from "../lines.ts";
import { bytesOf, UsageError } from "../options.ts";

interface Options {
  sql?: string;
  topic?: string;
  payload?: string;
  clientId?: string;
  protocol?: "mqtt" | "http";
  rule?: string;
  template?: string;
  cases?: string;
}

export const ruleVerb: Verb = (program, console, finish) => {
  const rule = program.command("rule").description("Topic rules");
  rule
    .command("test")
    .description(
      "Tries a rule's statement on a message as AWS IoT would run it, without anything running. Writes one line of " +
        'JSON per case: {"matched":true,"output":...} (outputBase64 where that is not JSON), {"matched":false}, or ' +
        '{"error":{"message","line","column"}} for a statement that AWS would refuse',
    )
    .option("--sql <statement>", "for example \"SELECT temperature * 2 AS t FROM 'rooms/+'\"")
    .option("--topic <topic>", "the topic that the message is published to; $aws/rules/RULE/TOPIC for Basic Ingest")
    .option("--payload <text>", "the message as it is published; @FILE reads it from a file")
    .option("--client-id <id>", "clientid() of the message")
    .addOption(
      new Option("--protocol <name>", "how the message is published (default: mqtt)").choices(["mqtt", "http"]),
    )
    .option("--rule <name>", "the rule's name, for Basic Ingest (default: the one that the topic addresses)")
    .option("--template <text>", "a substitution template, such as a/${topic(2)}, to resolve in place of the SELECT")
    .option(
      "--cases <file>",
      'JSON lines {"sql","topic","payload"} in place of these options; - is standard input. "payloadBase64" for bytes; ' +
        'optionally "clientId", "protocol", "rule" and "template"',
    )
    .action(async ({ cases, ...one }: Options) => {
      if (cases === undefined) finish(tryOne(one, console));
      else if (Object.keys(one).length > 0) throw new UsageError("--cases takes no other option: a case has it all");
      else finish(await tryCases(cases, console));
    });
};

/** 1 where AWS would refuse the statement, for a script that checks one. */
function tryOne({ sql, topic, payload, ...rest }: Options, console: Console): number {
  if (sql === undefined || topic === undefined || payload === undefined) {
    throw new UsageError("either --sql, --topic and --payload are needed, or --cases");
  }
  const { json, refused, warnings } = new RuleTrial().run({ sql, topic, payload: bytesOf(payload), ...rest });
  for (const { line, column, message } of warnings) console.error(`${line}:${column}: ${message}\n`);
  console.out(`${json}\n`);
  return refused ? 1 : 0;
}

/** 1 where a line is not a case; what AWS would refuse is a result like another. */
async function tryCases(file: string, console: Console): Promise<number> {
  const trial = new RuleTrial();
  let [code, number] = [0, 0];
  for await (const lines of linesOf(chunksOf(file))) {
    let results = "";
    for (const line of lines) {
      number++;
      if (isBlank(line)) continue;
      try {
        results += `${trial.run(readRuleCase(line)).json}\n`;
      } catch (error) {
        if (!(error instanceof RuleCaseError)) throw error;
        const message = `${file === "-" ? "standard input" : file}:${number}: ${error.message}`;
        // in its place among the results, so that these can still be counted off against the cases
        results += `${JSON.stringify({ error: { message } })}\n`;
        console.error(`${message}\n`);
        code = 1;
      }
    }
    console.out(results);
  }
  return code;
}

function isBlank(line: Buffer): boolean {
  return line.length === 0 || line.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
}
