import type { ServiceNode, Services } from "../../api.ts";

export const box = { height: 44, gap: 14 };

/** A node with its place, in pixels. */
export interface Placed {
  node: ServiceNode;
  x: number;
  y: number;
  width: number;
}

export interface ServiceLayout {
  placed: Placed[];
  height: number;
}

/** Columns from left to right, each centred. */
export function beside(services: Services, width: number): ServiceLayout {
  const columns = columnsOf(services);
  const size = Math.min(190, (width / Math.max(1, columns.length)) * 0.66);
  const height = Math.max(...columns.map(heightOf), box.height) + 8;
  const placed = columns.flatMap((column, index) => {
    const top = (height - heightOf(column)) / 2;
    // the first and the last column end where the panel does
    const x = columns.length === 1 ? 0 : ((width - size) * index) / (columns.length - 1);
    return column.map((node, place) => ({ node, x, y: top + place * (box.height + box.gap), width: size }));
  });
  return { placed, height };
}

/** Columns one below the other, two boxes beside one another. */
export function below(services: Services, width: number): ServiceLayout {
  const size = (width - box.gap) / 2;
  let y = 4;
  const placed = columnsOf(services).flatMap((column) => {
    const row = column.map((node, place) => ({
      node,
      x: column.length === 1 ? (width - size) / 2 : (place % 2) * (size + box.gap),
      y: y + Math.floor(place / 2) * (box.height + box.gap),
      width: size,
    }));
    y += Math.ceil(column.length / 2) * (box.height + box.gap) + 22;
    return row;
  });
  return { placed, height: y };
}

function heightOf(column: readonly ServiceNode[]): number {
  return column.length * (box.height + box.gap) - box.gap;
}

/**
 * Nodes by column, in an order in which few arrows cross: each stands at the mean height of those that it is joined to in
 * the columns before it, then of all (barycentres, as Sugiyama's method has them).
 */
function columnsOf({ nodes, arrows }: Services): ServiceNode[][] {
  const groups = Map.groupBy(nodes, ({ column }) => column);
  const columns = [...groups.keys()].toSorted((a, b) => a - b).map((column) => groups.get(column) ?? []);
  const column = new Map(nodes.map((node) => [node.id, node.column]));
  const joined = Map.groupBy(
    arrows.flatMap(({ from, to }) => [
      { one: from, other: to },
      { one: to, other: from },
    ]),
    ({ one }) => one,
  );
  const height = new Map<string, number>();
  const place = (one: readonly ServiceNode[]) =>
    one.forEach(({ id }, index) => height.set(id, (index + 0.5) / one.length));
  columns.forEach(place);
  for (const isWhole of [false, true, true]) {
    for (const [index, one] of columns.entries()) {
      const mean = new Map(
        one.map(({ id, column: own }) => {
          const others = (joined.get(id) ?? []).filter(({ other }) => isWhole || (column.get(other) ?? own) < own);
          const heights = others.flatMap(({ other }) => height.get(other) ?? []);
          const sum = heights.reduce((all, each) => all + each, 0);
          return [id, heights.length === 0 ? (height.get(id) ?? 0) : sum / heights.length];
        }),
      );
      columns[index] = one.toSorted((a, b) => (mean.get(a.id) ?? 0) - (mean.get(b.id) ?? 0));
      place(columns[index]);
    }
  }
  return columns;
}

/** A cubic Bézier curve: its beginning, two handles, its end. */
export type Course = readonly [Point, Point, Point, Point];

export interface Point {
  x: number;
  y: number;
}

export function courseOf(from: Placed, to: Placed, isBelow: boolean): Course {
  const middle = (one: Placed) => ({ x: one.x + one.width / 2, y: one.y + box.height / 2 });
  const [a, b] = [middle(from), middle(to)];
  const side = (isBelow ? b.y > a.y : b.x > a.x) ? 1 : -1;
  const start = isBelow ? { x: a.x, y: a.y + (side * box.height) / 2 } : { x: a.x + (side * from.width) / 2, y: a.y };
  const end = isBelow ? { x: b.x, y: b.y - (side * box.height) / 2 } : { x: b.x - (side * to.width) / 2, y: b.y };
  const bend = isBelow ? (end.y - start.y) / 2 : (end.x - start.x) / 2;
  return isBelow
    ? [start, { x: start.x, y: start.y + bend }, { x: end.x, y: end.y - bend }, end]
    : [start, { x: start.x + bend, y: start.y }, { x: end.x - bend, y: end.y }, end];
}

const letter = { width: 6.4, height: 13 };

interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/**
 * Where each label stands on its arrow: where it covers no box and no other label.
 *
 * @returns by index; undefined where there is no such place
 */
export function labelPlaces(
  labels: readonly { text: string; course: Course }[],
  placed: readonly Placed[],
): (Point | undefined)[] {
  const taken: Area[] = placed.map(({ x, y, width }) => ({
    left: x,
    right: x + width,
    top: y,
    bottom: y + box.height,
  }));
  return labels.map(({ text, course }) => {
    for (let step = 0; step <= 40; step++) {
      // from the middle outwards, to either side in turn
      const place = along(course, 0.5 + (step % 2 === 0 ? 1 : -1) * 0.0225 * Math.ceil(step / 2));
      const half = (text.length * letter.width) / 2;
      const area = {
        left: place.x - half,
        right: place.x + half,
        top: place.y - letter.height / 2,
        bottom: place.y + letter.height / 2,
      };
      if (taken.some((one) => overlap(one, area))) continue;
      taken.push(area);
      return place;
    }
    return undefined;
  });
}

function overlap(a: Area, b: Area): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function along([a, b, c, d]: Course, share: number): Point {
  const rest = 1 - share;
  const mix = (key: keyof Point) =>
    rest ** 3 * a[key] + 3 * rest ** 2 * share * b[key] + 3 * rest * share ** 2 * c[key] + share ** 3 * d[key];
  return { x: mix("x"), y: mix("y") };
}

/** What the names of most nodes begin with, such as "metercast-dev-": it tells nothing, and takes the room, as an account's number does. */
export function commonStart(names: readonly string[]): (name: string) => string {
  const starts = Map.groupBy(
    names.flatMap((name) => /^[^-_]+[-_][^-_]+[-_]/.exec(name)?.[0].replaceAll("_", "-") ?? []),
    (start) => start,
  );
  const [most, those] = [...starts].toSorted(([, a], [, b]) => b.length - a.length)[0] ?? ["", []];
  if (those.length * 2 < names.length) return (name) => name;
  return (name) =>
    name.replaceAll("_", "-").startsWith(most) ? name.slice(most.length).replace(/^\d{12}-/, "") : name;
}
