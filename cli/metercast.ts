#!/usr/bin/env node
import { commandLine } from "./command-line.ts";

process.exitCode = await commandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
