import { createReadStream } from "node:fs";
import { UsageError, pathOf } from "./options.ts";

const newline = 10;

/** The bytes that a file holds as they come; `-` is standard input. */
export async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  try {
    yield* file === "-" ? process.stdin : createReadStream(pathOf(file));
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/**
 * The lines of a chunk at a time, without their ends. Split by the newline alone: node:readline takes U+2028 for one too,
 * which a text of JSON may hold.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let begun: Buffer[] = [];
  for await (const chunk of chunks) {
    const lines: Buffer[] = [];
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      const rest = chunk.subarray(from, end);
      lines.push(begun.length === 0 ? rest : Buffer.concat([...begun, rest]));
      begun = [];
      from = end + 1;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (begun.length > 0) yield [Buffer.concat(begun)];
}
