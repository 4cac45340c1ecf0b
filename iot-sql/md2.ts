/**
 * The permutation S of MD2, RFC 1319 section 3.2: a shuffle of 0..255 by the digits of pi. The digits come from the
 * spigot below (they are what the table of the RFC was made from), the shuffle is Fisher-Yates with draws from them.
 */
function substitutions(): Uint8Array {
  const table = Uint8Array.from({ length: 256 }, (_, index) => index);
  const digits = piDigits(722);
  let position = 0;
  const draw = (limit: number): number => {
    let base = 10;
    let value = digits[position++] ?? 0;
    if (limit > 10) {
      base = 100;
      value = value * 10 + (digits[position++] ?? 0);
    }
    if (limit > 100) {
      base = 1000;
      value = value * 10 + (digits[position++] ?? 0);
    }
    return value < limit * Math.floor(base / limit) ? value % limit : draw(limit);
  };
  for (let size = 2; size <= 256; size++) {
    const other = draw(size);
    const kept = table[other] ?? 0;
    table[other] = table[size - 1] ?? 0;
    table[size - 1] = kept;
  }
  return table;
}

/** The first decimal digits of pi, 3 included, by Gibbons' unbounded spigot. */
function piDigits(count: number): number[] {
  const digits: number[] = [];
  let [q, r, t, k, n, l] = [1n, 0n, 1n, 1n, 3n, 3n];
  while (digits.length < count) {
    if (4n * q + r - t < n * t) {
      digits.push(Number(n));
      [q, r, n] = [q * 10n, 10n * (r - n * t), (10n * (3n * q + r)) / t - 10n * n];
    } else {
      [q, r, t, k, n, l] = [q * k, (2n * q + r) * l, t * l, k + 1n, (q * (7n * k) + 2n + r * l) / (t * l), l + 2n];
    }
  }
  return digits;
}

let table: Uint8Array | undefined;

/** The MD2 digest of RFC 1319, which neither node:crypto nor a maintained package offers any more. */
export function md2(message: Uint8Array): Buffer {
  table ??= substitutions();
  const s = table;
  const pad = 16 - (message.length % 16);
  const padded = Buffer.alloc(message.length + pad + 16, pad);
  padded.set(message);
  const checksum = padded.subarray(message.length + pad).fill(0);
  for (let block = 0, last = 0; block < message.length + pad; block += 16) {
    for (let j = 0; j < 16; j++) {
      last = (checksum[j] ?? 0) ^ (s[(padded[block + j] ?? 0) ^ last] ?? 0);
      checksum[j] = last;
    }
  }
  const state = Buffer.alloc(48);
  for (let block = 0; block < padded.length; block += 16) {
    for (let j = 0; j < 16; j++) {
      state[16 + j] = padded[block + j] ?? 0;
      state[32 + j] = (state[16 + j] ?? 0) ^ (state[j] ?? 0);
    }
    for (let round = 0, t = 0; round < 18; round++) {
      for (let k = 0; k < 48; k++) {
        t = (state[k] ?? 0) ^ (s[t] ?? 0);
        state[k] = t;
      }
      t = (t + round) & 0xff;
    }
  }
  return state.subarray(0, 16);
}
