import { S3Error } from "./errors.ts";

/** The first and the last byte of a part of an object. */
export interface Range {
  start: number;
  end: number;
}

/**
 * The part that a Range header asks for; undefined for the whole, and for what is no range of bytes, as RFC 9110 has it.
 *
 * @throws S3Error where the object has no such part
 */
export function rangeOf(text: string | undefined, size: number): Range | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(text ?? "");
  if (!match) return undefined;
  const [from, to] = [match[1] as string, match[2] as string];
  if (from === "" && to === "") return undefined;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(size - 1, Number(to));
  if (start > end) {
    throw new S3Error(416, "InvalidRange", "The requested range is not satisfiable", {
      RangeRequested: text ?? "",
      ActualObjectSize: String(size),
    });
  }
  return { start, end };
}
