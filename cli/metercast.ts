#!/usr/bin/env -S node --max-semi-space-size=8
import { commandLine } from "./command-line.ts";

// whoever reads the output may have seen enough: `metercast graph | head`
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const code = await commandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
// what failed may have left a thread or a connection behind; nothing that matters is written after this
process.stdout.write("", () => process.exit(code));
