import { crc32, deflateSync, inflateSync } from "node:zlib";

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const mostColors = 256;

interface Pixels {
  width: number;
  height: number;
  /** Red, green and blue of each pixel. */
  bytes: Uint8Array;
}

/**
 * The same picture in 256 colours, a third as long: of a page's plain surfaces nothing is lost, of the edges of its letters
 * nothing that can be seen. (PNG, W3C Recommendation, colour type 3.)
 *
 * @param png with 8 bits of red, green, blue and maybe alpha, not interlaced, as a browser takes it
 */
export function withPalette(png: Buffer): Buffer {
  const { width, height, bytes } = pixelsOf(png);
  const counts = new Map<number, number>();
  for (let place = 0; place < bytes.length; place += 3) {
    const color = colorAt(bytes, place);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const { palette, indices } = paletteOf(counts);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows[y * (width + 1) + 1 + x] = indices.get(colorAt(bytes, (y * width + x) * 3)) ?? 0;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("PLTE", Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]))),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function colorAt(bytes: Uint8Array, place: number): number {
  return ((bytes[place] ?? 0) << 16) | ((bytes[place + 1] ?? 0) << 8) | (bytes[place + 2] ?? 0);
}

/** By median cut (Heckbert 1982): the box with the widest channel is halved at the median, until there are enough. */
function paletteOf(counts: ReadonlyMap<number, number>): { palette: number[]; indices: Map<number, number> } {
  const boxes = [[...counts.keys()]];
  while (boxes.length < mostColors) {
    const ranked = boxes
      .map((box, index) => ({ index, ...widest(box, counts) }))
      .toSorted((a, b) => b.weight - a.weight);
    const first = ranked[0];
    const box = first && boxes[first.index];
    if (!first || !box || first.weight === 0) break;
    box.sort((a, b) => channel(a, first.shift) - channel(b, first.shift));
    const all = box.reduce((sum, color) => sum + (counts.get(color) ?? 0), 0);
    let [passed, middle] = [0, 0];
    while (middle < box.length - 1 && passed + (counts.get(box[middle] ?? 0) ?? 0) <= all / 2) {
      passed += counts.get(box[middle++] ?? 0) ?? 0;
    }
    boxes.push(box.splice(Math.max(1, middle)));
  }
  const indices = new Map(boxes.flatMap((box, index) => box.map((color): [number, number] => [color, index])));
  return { palette: boxes.map((box) => meanOf(box, counts)), indices };
}

/** The channel in which the colours of a box differ most, and how much it matters. */
function widest(box: readonly number[], counts: ReadonlyMap<number, number>): { shift: number; weight: number } {
  const pixels = box.reduce((sum, color) => sum + (counts.get(color) ?? 0), 0);
  const ranges = [16, 8, 0].map((shift) => {
    const values = box.map((color) => channel(color, shift));
    const [least, most] = values.reduce(
      ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
      [255, 0],
    );
    return { shift, weight: Math.max(0, most - least) * Math.sqrt(pixels) };
  });
  return ranges.reduce((best, one) => (one.weight > best.weight ? one : best));
}

function channel(color: number, shift: number): number {
  return (color >> shift) & 255;
}

/** The most frequent colour of a box where it outweighs the others, so that plain surfaces keep theirs; else the mean. */
function meanOf(box: readonly number[], counts: ReadonlyMap<number, number>): number {
  const weights = box.map((color) => counts.get(color) ?? 0);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const most = Math.max(...weights);
  if (most * 2 > all) return box[weights.indexOf(most)] ?? 0;
  return [16, 8, 0].reduce((mean, shift) => {
    const sum = box.reduce((part, color, index) => part + channel(color, shift) * (weights[index] ?? 0), 0);
    return mean | (Math.round(sum / all) << shift);
  }, 0);
}

function pixelsOf(png: Buffer): Pixels {
  const parts: Buffer[] = [];
  let [width, height, channels] = [0, 0, 0];
  for (let place = signature.length; place < png.length;) {
    const length = png.readUInt32BE(place);
    const name = png.toString("latin1", place + 4, place + 8);
    const body = png.subarray(place + 8, place + 8 + length);
    if (name === "IHDR") {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      channels = body[9] === 6 ? 4 : 3;
    } else if (name === "IDAT") parts.push(body);
    place += length + 12;
  }
  const rows = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const bytes = new Uint8Array(width * height * 3);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const row = Uint8Array.from(rows.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    unfilter(row, above, rows[y * (stride + 1)] ?? 0, channels);
    for (let x = 0; x < width; x++) {
      for (let one = 0; one < 3; one++) bytes[(y * width + x) * 3 + one] = row[x * channels + one] ?? 0;
    }
    above = row;
  }
  return { width, height, bytes };
}

/** Each byte was written as its difference from those beside and above it (PNG, section 9). */
function unfilter(row: Uint8Array, above: Uint8Array, filter: number, channels: number): void {
  for (let place = 0; place < row.length; place++) {
    const left = row[place - channels] ?? 0;
    const up = above[place] ?? 0;
    const corner = place < channels ? 0 : (above[place - channels] ?? 0);
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
    row[place] = (row[place] ?? 0) + guess;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function chunk(name: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length, 0);
  head.write(name, 4, "latin1");
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), body])), 0);
  return Buffer.concat([head, body, tail]);
}
