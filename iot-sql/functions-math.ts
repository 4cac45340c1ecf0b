import { toIndex, toIntDown, toOperand } from "./conversions.ts";
import type { SqlFunction } from "./functions.ts";
import {
  compareNumbers,
  double,
  fromBigInt,
  negate,
  remainder,
  rounded,
  toBigInt,
  truncated,
  type Rounding,
} from "./numbers.ts";
import type { Decimal, Value } from "./value.ts";

type Numeric = number | Decimal;

/** Most decimal places of trunc(): the digits of a Decimal. */
const mostPlaces = 34;

/** A function of one number; what does not convert to one is Undefined. */
function ofNumber(calculate: (value: Numeric) => Value): SqlFunction {
  return {
    arity: [1, 1],
    call: (_frame, value) => {
      const number = toOperand(value);
      return number === undefined ? undefined : calculate(number);
    },
  };
}

/** A function of two numbers. */
function ofNumbers(calculate: (a: Numeric, b: Numeric) => Value): SqlFunction {
  return {
    arity: [2, 2],
    call: (_frame, left, right) => {
      const a = toOperand(left);
      const b = toOperand(right);
      return a === undefined || b === undefined ? undefined : calculate(a, b);
    },
  };
}

/** A function that AWS computes in double precision; what is imaginary or infinite is Undefined. */
function ofDouble(calculate: (value: number) => number): SqlFunction {
  return ofNumber((value) => double(calculate(Number(value))));
}

function ofDoubles(calculate: (a: number, b: number) => number): SqlFunction {
  return ofNumbers((a, b) => double(calculate(Number(a), Number(b))));
}

function rounding(to: Rounding): SqlFunction {
  return ofNumber((value) => rounded(value, to));
}

/** A function of the bits of two Ints, of any length in two's complement. */
function ofBits(calculate: (a: bigint, b: bigint) => bigint): SqlFunction {
  return {
    arity: [2, 2],
    call: (_frame, left, right) => {
      const a = toIntDown(left);
      const b = toIntDown(right);
      return a === undefined || b === undefined ? undefined : fromBigInt(calculate(toBigInt(a), toBigInt(b)));
    },
  };
}

export const mathFunctions = {
  abs: ofNumber((value) => (compareNumbers(value, 0) < 0 ? negate(value) : value)),
  acos: ofDouble(Math.acos),
  asin: ofDouble(Math.asin),
  atan: ofDouble(Math.atan),
  atan2: ofDoubles(Math.atan2),
  bitand: ofBits((a, b) => a & b),
  bitor: ofBits((a, b) => a | b),
  bitxor: ofBits((a, b) => a ^ b),
  bitnot: {
    arity: [1, 1],
    call: (_frame, value) => {
      const int = toIntDown(value);
      return int === undefined ? undefined : fromBigInt(~toBigInt(int));
    },
  },
  ceil: rounding("ceil"),
  cos: ofDouble(Math.cos),
  cosh: ofDouble(Math.cosh),
  exp: ofDouble(Math.exp),
  floor: rounding("floor"),
  ln: ofDouble(Math.log),
  log: ofDouble(Math.log10),
  mod: ofNumbers(remainder),
  /** There is no NaN among our values: a function that would give one gives Undefined. */
  nanvl: { arity: [2, 2], call: (_frame, value, otherwise) => value ?? otherwise },
  power: ofDoubles(Math.pow),
  remainder: ofNumbers(remainder),
  /** The half goes away from zero: "rounded up" is Java's HALF_UP, by which round(-1.5) is the documented -2. */
  round: rounding("half up"),
  sign: ofNumber((value) => compareNumbers(value, 0)),
  sin: ofDouble(Math.sin),
  sinh: ofDouble(Math.sinh),
  sqrt: ofDouble(Math.sqrt),
  tan: ofDouble(Math.tan),
  tanh: ofDouble(Math.tanh),
  trunc: {
    arity: [2, 2],
    call: (_frame, value, decimals) => {
      const number = toOperand(value);
      const places = toIndex(decimals, "floor");
      if (number === undefined || places === undefined) return undefined;
      return truncated(number, Math.min(Math.max(places, 0), mostPlaces));
    },
  },
} satisfies Record<string, SqlFunction>;
