import { parseArgs } from "node:util";
import { EngineError } from "./engine-error.ts";
import { hasGo, locateEngine } from "./locate.ts";
import { proveRefusal } from "./proof.ts";
import { play } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

const usage = `npm run engine -- [environment...]

Runs the program under the real Pulumi engine, with no account: state in a temporary folder, and a stand-in for the AWS
provider that checks every property by @pulumi/aws's own declarations. Environments: ${Object.keys(scenarios).join(", ")}; all of
them by default.`;

const howToGetIt =
  "Run engine/build.sh, which builds it from its Go modules (some minutes, once), or put a pulumi on the path.";

// A signal ends a process without its exit handlers, which clean up.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
process.exitCode = await run();

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { help: { type: "boolean", short: "h" } },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => !(name in scenarios));
  if (values.help === true || unknown !== undefined) {
    if (unknown !== undefined) console.error(`there is no scenario for "${unknown}"\n`);
    console.log(usage);
    return unknown === undefined ? 0 : 2;
  }
  const command = await locateEngine();
  if (command === undefined) {
    if (process.env["CI"] !== undefined && !hasGo()) {
      console.log("skipped: the real engine is not here, and no Go to build it with. Nothing was run under it.");
      return 0;
    }
    console.error(`the real engine is not here. ${howToGetIt}`);
    return 1;
  }
  console.log(`Pulumi ${String(command.version)}, ${command.command}`);
  try {
    await proveRefusal(command);
    console.log("a misspelt property is refused");
    for (const name of positionals.length > 0 ? positionals : Object.keys(scenarios)) {
      console.log(`\n${name}`);
      await play(command, (scenarios[name] as (typeof scenarios)[string])(), (what, found, milliseconds) => {
        console.log(`  ${what.padEnd(32)} ${found.padEnd(40)} ${(milliseconds / 1000).toFixed(1).padStart(5)} s`);
      });
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    console.error(`\n${error.message}`);
    if (error.cause instanceof EngineError) console.error(error.cause.message);
    return 1;
  }
  return 0;
}
