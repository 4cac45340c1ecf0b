import { DataFolder, atEndpoint, readEmails, type Email } from "@metercast/simulator";
import { InvalidArgumentError } from "commander";
import type { Verb } from "../command-line.ts";
import type { Console } from "../console.ts";
import { ExecutionError } from "../executions/execution-error.ts";
import { dataFolderOf, dataOption, environmentOption, jsonOption } from "../options.ts";

interface Options {
  environment: string;
  data?: string;
  day?: string;
  json: boolean;
}

export const digestVerb: Verb = (program, console, finish) => {
  program
    .command("digest")
    .description("Sends the digest once, as each morning: shows the e-mail, which stays on this machine")
    .addOption(environmentOption())
    .addOption(dataOption())
    .option("--day <date>", "the day that it tells of, such as 2018-12-16 (default: yesterday)", date)
    .addOption(jsonOption("the whole e-mail as JSON, its HTML too"))
    .action(async (options: Options) => finish(await send(options, console)));
};

async function send({ day, json, ...where }: Options, console: Console): Promise<number> {
  const folder = DataFolder.open(dataFolderOf(where), { create: false });
  const warn = (sentence: string) => console.error(`${sentence}\n`);
  const id = await atEndpoint(folder, { warn }, (http, { outputs }) => invoke(http, functionOf(outputs), { day }));
  const email = readEmails(folder.emails).find((one) => one.id === id);
  if (!email) throw new ExecutionError(`The digest gave the e-mail ${id}, which is not in ${folder.emails}.`);
  console.out(json ? `${JSON.stringify(email)}\n` : emailText(email));
  return 0;
}

/** An e-mail for people. */
export function emailText({ from, to, subject, text = "" }: Email): string {
  return `From: ${from}\nTo: ${to.join(", ")}\nSubject: ${subject}\n\n${text}`;
}

/** By the stack's outputs. @throws ExecutionError */
function functionOf(outputs: Record<string, unknown>): string {
  const { dashboard } = outputs as { dashboard?: { digest?: { function: string } | null } | null };
  const name = dashboard?.digest?.function;
  if (name !== undefined) return name;
  throw new ExecutionError(
    "This environment sends no digest: give the section `dashboard` of its file a `digest`, and start it again (`npm start`).",
  );
}

/** Invokes the function. @returns the id of the e-mail @throws ExecutionError with what the function says */
async function invoke(http: string, name: string, event: { day: string | undefined }): Promise<string> {
  const url = `${http}/2015-03-31/functions/${name}/invocations`;
  const response = await fetch(url, { method: "POST", body: JSON.stringify(event) });
  const answer = (await response.json()) as { messageId?: string; message?: string; errorMessage?: string };
  if (answer.messageId !== undefined) return answer.messageId;
  throw new ExecutionError(`The digest failed: ${answer.errorMessage ?? answer.message ?? response.status}`);
}

/** @throws InvalidArgumentError, which commander shows as wrong usage */
function date(text: string): string {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text)) return text;
  throw new InvalidArgumentError("A date is allowed, such as 2018-12-16.");
}
