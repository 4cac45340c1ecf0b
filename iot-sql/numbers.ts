import { Decimal, intDigits } from "./value.ts";

type Numeric = number | Decimal;

/** A Decimal as a JS number where that gives it back; Undefined where it is too large to be one. */
export function normalised(value: Decimal): Numeric | undefined {
  if (!value.isFinite()) return undefined;
  const rounded = value.sd() > intDigits ? value.toSignificantDigits(intDigits) : value;
  if (rounded.isZero()) return 0;
  const digits = rounded.sd();
  if (digits > 17) return rounded;
  const double = rounded.toNumber();
  if (digits <= 15 && rounded.e > -300 && rounded.e < 300) return double;
  return Number.isFinite(double) && double !== 0 && new Decimal(double).eq(rounded) ? double : rounded;
}

/** A double that a function of double precision computed; what is not a number is Undefined. */
export function double(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** A number's text as JSON or SQL has it, kept to 34 digits. */
export function parseNumber(text: string): Numeric | undefined {
  if (text.length <= 15 && !/[eE]/.test(text)) return Number(text);
  const number = Number(text);
  return String(number) === text ? number : normalised(new Decimal(text));
}

/** An Int in standard notation, a Decimal as Java's BigDecimal writes it: scientific below 1E-6. */
export function numberText(value: Numeric): string {
  if (typeof value === "number") {
    const magnitude = value < 0 ? -value : value;
    if ((magnitude < 1e21 && magnitude >= 1e-6) || magnitude === 0) return `${value}`;
    return decimalText(new Decimal(value));
  }
  return decimalText(value);
}

function decimalText(value: Decimal): string {
  if (value.e < -6 || value.e >= intDigits) return value.toExponential().replace(/e\+?/, "E");
  return value.toFixed();
}

const powersOfTen = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
const mostScaled = 1e15;

/** Most decimal places that are looked for before Decimal takes over. */
const mostPlaces = 9;

/**
 * The places of a number with up to 15 digits, or -1. A double that equals n / 10^k, for a whole n below 1E15 and k up
 * to 22, is what the decimal n * 10^-k rounds to, and two decimals of 15 digits never share a double: the double
 * stands for exactly that decimal, and arithmetic on n is exact.
 */
function places(value: number): number {
  for (let k = 0; k <= mostPlaces; k++) {
    const power = powersOfTen[k] as number;
    const scaled = Math.round(value * power);
    if (scaled >= mostScaled || scaled <= -mostScaled) return -1;
    if (scaled / power === value) return k;
  }
  return -1;
}

function scaled(value: number, k: number): number {
  return Math.round(value * (powersOfTen[k] as number));
}

function unscaled(value: number, k: number): number | undefined {
  return value < mostScaled && value > -mostScaled && k < powersOfTen.length
    ? value / (powersOfTen[k] as number)
    : undefined;
}

function exact(operation: "plus" | "minus" | "times" | "div" | "mod", a: Numeric, b: Numeric): Numeric | undefined {
  return normalised(new Decimal(a)[operation](b));
}

/** Both numbers as whole numbers of the same scale, if they have 15 digits at most then. */
function aligned(a: number, b: number): { a: number; b: number; k: number } | undefined {
  const ka = places(a);
  const kb = places(b);
  if (ka < 0 || kb < 0) return undefined;
  const k = Math.max(ka, kb);
  const x = scaled(a, ka) * (powersOfTen[k - ka] as number);
  const y = scaled(b, kb) * (powersOfTen[k - kb] as number);
  return Math.abs(x) < mostScaled && Math.abs(y) < mostScaled ? { a: x, b: y, k } : undefined;
}

export function add(a: Numeric, b: Numeric): Numeric | undefined {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(sum)) return sum;
    const both = aligned(a, b);
    const result = both && unscaled(both.a + both.b, both.k);
    if (result !== undefined) return result;
  }
  return exact("plus", a, b);
}

export function subtract(a: Numeric, b: Numeric): Numeric | undefined {
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b;
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(difference)) return difference;
    const both = aligned(a, b);
    const result = both && unscaled(both.a - both.b, both.k);
    if (result !== undefined) return result;
  }
  return exact("minus", a, b);
}

export function multiply(a: Numeric, b: Numeric): Numeric | undefined {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(product)) return product + 0;
    const ka = places(a);
    const kb = places(b);
    if (ka >= 0 && kb >= 0) {
      const result = unscaled(scaled(a, ka) * scaled(b, kb), ka + kb);
      if (result !== undefined) return result;
    }
  }
  return exact("times", a, b);
}

/**
 * The quotient: an Int where it is whole, else a Decimal of up to 34 digits. AWS's page of operators says that Int / Int
 * is an Int, its page of SET shows 43 * 5 / 9 as 23.89; a quotient that keeps its fraction agrees with every example
 * that the documentation computes. By zero: Undefined.
 */
export function divide(a: Numeric, b: Numeric): Numeric | undefined {
  if (b === 0) return undefined;
  if (typeof a === "number" && typeof b === "number") {
    const both = aligned(a, b);
    if (both && both.a % both.b === 0) return both.a / both.b + 0;
    if (both) {
      const quotient = both.a / both.b;
      const k = places(quotient);
      // exact only if quotient * divisor gives the dividend back, in whole numbers that a double holds
      const product = k < 0 ? Infinity : scaled(quotient, k) * both.b;
      const dividend = k < 0 ? 0 : both.a * (powersOfTen[k] as number);
      if (Number.isSafeInteger(product) && product === dividend) return quotient;
    }
  }
  return exact("div", a, b);
}

/** The remainder has the dividend's sign, as Java's. By zero: Undefined. */
export function remainder(a: Numeric, b: Numeric): Numeric | undefined {
  if (b === 0) return undefined;
  if (typeof a === "number" && typeof b === "number") {
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) return (a % b) + 0;
    const both = aligned(a, b);
    const result = both && unscaled(both.a % both.b, both.k);
    if (result !== undefined) return result + 0;
  }
  return exact("mod", a, b);
}

/** Below zero, zero or above zero, as a is less than, equal to or greater than b. */
export function compareNumbers(a: Numeric, b: Numeric): number {
  if (typeof a === "number" && typeof b === "number") return a < b ? -1 : a > b ? 1 : 0;
  return new Decimal(a).cmp(b);
}

export type Rounding = "floor" | "ceil" | "trunc" | "half up";

const decimalRounding = { "ceil": 2, "floor": 3, "trunc": 1, "half up": 4 } as const;

/** To a whole number; "half up" takes the half away from zero. */
export function rounded(value: Numeric, rounding: Rounding): Numeric | undefined {
  if (typeof value !== "number") return normalised(value.toDecimalPlaces(0, decimalRounding[rounding]));
  if (Number.isInteger(value)) return value;
  if (rounding === "floor") return Math.floor(value) + 0;
  if (rounding === "ceil") return Math.ceil(value) + 0;
  const whole = Math.trunc(value) + 0;
  if (rounding === "trunc") return whole;
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

/** The value cut to a number of decimal places. */
export function truncated(value: Numeric, decimals: number): Numeric | undefined {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  return normalised(new Decimal(value).toDecimalPlaces(decimals, decimalRounding.trunc));
}

export function negate(value: Numeric): Numeric {
  return typeof value === "number" ? 0 - value : value.neg();
}

export function toBigInt(value: Numeric): bigint {
  return BigInt(new Decimal(value).toFixed());
}

export function fromBigInt(value: bigint): Numeric | undefined {
  return normalised(new Decimal(value.toString()));
}
