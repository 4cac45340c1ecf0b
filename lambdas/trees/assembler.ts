/**
 * The few instructions of WebAssembly that the kernels need, and a module of functions made of them, in the binary format
 * (https://webassembly.github.io/spec/core/binary/).
 */

/** An instruction: its opcode and what belongs to it. */
export type Instruction = readonly number[];

export const i32 = 0x7f;
export const f64 = 0x7c;
type ValueType = typeof i32 | typeof f64;

const emptyBlock = 0x40;
/** Alignment as a power of two, and no offset. */
const words = [2, 0];
const doubles = [3, 0];

export const block: Instruction = [0x02, emptyBlock];
export const loop: Instruction = [0x03, emptyBlock];
export const end: Instruction = [0x0b];
/** To the beginning of the loop, or behind the block, that is so many levels out. */
export const branch = (level: number): Instruction => [0x0c, level];
export const branchIf = (level: number): Instruction => [0x0d, level];
export const select: Instruction = [0x1b];
export const get = (local: number): Instruction => [0x20, local];
export const set = (local: number): Instruction => [0x21, local];
export const i32Load: Instruction = [0x28, ...words];
export const f64Load: Instruction = [0x2b, ...doubles];
export const i32Store: Instruction = [0x36, ...words];
export const f64Store: Instruction = [0x39, ...doubles];
/** Of one byte: less than 64. */
export const i32Const = (value: number): Instruction => [0x41, value];
export const i32EqualsZero: Instruction = [0x45];
export const i32AtLeast: Instruction = [0x4f];
export const f64Above: Instruction = [0x64];
export const f64AtMost: Instruction = [0x65];
export const i32Add: Instruction = [0x6a];
export const i32Subtract: Instruction = [0x6b];
export const i32ShiftLeft: Instruction = [0x74];
export const f64Add: Instruction = [0xa0];

export interface AssembledFunction {
  name: string;
  parameters: readonly ValueType[];
  results: readonly ValueType[];
  /** Numbered from behind the parameters on. */
  locals: readonly ValueType[];
  body: readonly Instruction[];
}

/** A module that exports these functions, and the memory that they work in as "memory", of one page to begin with. */
export function assemble(functions: readonly AssembledFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters, results }) => [0x60, ...vector(parameters), ...vector(results)]);
  const exports = functions.map(({ name }, index) => [...text(name), 0x00, index]);
  const bodies = functions.map(({ locals, body }) =>
    vector([...list(locals.map((type) => [1, type])), ...body.flat(), ...end]),
  );
  return Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(types)),
    ...section(3, vector(functions.keys().toArray())),
    ...section(5, list([[0x00, 1]])),
    ...section(7, list([...exports, [...text("memory"), 0x02, 0]])),
    ...section(10, list(bodies)),
  );
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...vector(content)];
}

function text(name: string): number[] {
  return vector([...Buffer.from(name)]);
}

/** Bytes with their number before them. */
function vector(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

/** Entries of any length with their number before them. */
function list(entries: readonly (readonly number[])[]): number[] {
  return [...unsigned(entries.length), ...entries.flat()];
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}
