import type { ServiceArrow, ServiceNode, Services } from "../../api.ts";
import { drawing, element, fill } from "../dom.ts";
import { countText } from "../format.ts";
import { panel } from "./panel.ts";

const box = { height: 44, gap: 14 };
/** A width below which columns stand one below the other. */
const narrow = 720;

interface Placed {
  node: ServiceNode;
  x: number;
  y: number;
  width: number;
}

/** What is declared, and what passes between it. */
export class ServicesPanel {
  readonly #surface = element("div", { class: "services-surface" });
  readonly #list = element("ul", {});
  readonly element = panel(
    "services",
    "What is declared, and what passes",
    this.#surface,
    element("details", {}, element("summary", {}, "As a list"), this.#list),
  );
  readonly #resizing = new ResizeObserver(() => this.#paint());
  #services: Services = { nodes: [], arrows: [] };
  #drawn = "";

  constructor() {
    this.#resizing.observe(this.#surface);
  }

  draw({ services }: { services: Services }): void {
    this.#services = services;
    this.#paint();
    const names = new Map(services.nodes.map(({ id, service, name }) => [id, `${service} ${name}`]));
    fill(
      this.#list,
      ...services.arrows.map((arrow) =>
        element(
          "li",
          {},
          `${names.get(arrow.from) ?? arrow.from} → ${names.get(arrow.to) ?? arrow.to}: ${rateText(arrow) ?? arrow.what}`,
        ),
      ),
    );
  }

  dispose(): void {
    this.#resizing.disconnect();
  }

  #paint(): void {
    const width = Math.floor(this.#surface.clientWidth);
    const drawn = JSON.stringify([width, this.#services]);
    if (width < 50 || drawn === this.#drawn) return;
    this.#drawn = drawn;
    const { placed, height } =
      width < narrow ? below(this.#services.nodes, width) : beside(this.#services.nodes, width);
    const places = new Map(placed.map((one) => [one.node.id, one]));
    const shown = this.#services.arrows.flatMap((arrow) => {
      const [from, to] = [places.get(arrow.from), places.get(arrow.to)];
      return from && to ? [{ arrow, from, to }] : [];
    });
    fill(
      this.#surface,
      drawing(
        "svg",
        {
          "viewBox": `0 0 ${width} ${height}`,
          width,
          height,
          "role": "img",
          "aria-label": `${placed.length} services and ${shown.length} ways between them; as a list below`,
        },
        drawing(
          "defs",
          {},
          drawing(
            "marker",
            {
              id: "head",
              viewBox: "0 0 8 8",
              refX: 7,
              refY: 4,
              markerWidth: 7,
              markerHeight: 7,
              orient: "auto-start-reverse",
            },
            drawing("path", { d: "M0 0.5 L8 4 L0 7.5 z", class: "arrow-head" }),
          ),
        ),
        ...shown.map(({ arrow, from, to }) => arrowElement(arrow, from, to, width < narrow)),
        ...placed.map(nodeElement),
        ...shown.map(({ arrow, from, to }) => rateElement(arrow, from, to, width < narrow)),
      ),
    );
  }
}

/** Columns from left to right, each centred. */
function beside(nodes: readonly ServiceNode[], width: number): { placed: Placed[]; height: number } {
  const columns = byColumn(nodes);
  const step = width / Math.max(1, columns.length);
  const size = Math.min(190, step * 0.66);
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
function below(nodes: readonly ServiceNode[], width: number): { placed: Placed[]; height: number } {
  const size = (width - box.gap) / 2;
  let y = 4;
  const placed = byColumn(nodes).flatMap((column) => {
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

function byColumn(nodes: readonly ServiceNode[]): ServiceNode[][] {
  const columns = Map.groupBy(nodes, ({ column }) => column);
  return [...columns.keys()].toSorted((a, b) => a - b).map((column) => columns.get(column) ?? []);
}

function heightOf(column: readonly ServiceNode[]): number {
  return column.length * (box.height + box.gap) - box.gap;
}

function nodeElement({ node: { service, name }, x, y, width }: Placed): SVGElement {
  const letters = Math.floor((width - 20) / 6.6);
  const short = name.length > letters ? `${name.slice(0, Math.max(1, letters - 1))}…` : name;
  return drawing(
    "g",
    { class: "service", transform: `translate(${x} ${y})` },
    drawing("title", {}, `${service}: ${name}`),
    drawing("rect", { width, height: box.height, rx: 6 }),
    drawing("text", { x: 10, y: 17, class: "service-kind" }, service),
    drawing("text", { x: 10, y: 34, class: "service-name" }, short),
  );
}

function arrowElement(arrow: ServiceArrow, from: Placed, to: Placed, isBelow: boolean): SVGElement {
  const [a, b] = endsOf(from, to, isBelow);
  const bend = isBelow ? (b.y - a.y) / 2 : (b.x - a.x) / 2;
  const path = isBelow
    ? `M${a.x} ${a.y} C${a.x} ${a.y + bend} ${b.x} ${b.y - bend} ${b.x} ${b.y}`
    : `M${a.x} ${a.y} C${a.x + bend} ${a.y} ${b.x - bend} ${b.y} ${b.x} ${b.y}`;
  const isBusy = (arrow.perMinute ?? 0) > 0;
  return drawing("path", { "d": path, "class": isBusy ? "arrow busy" : "arrow", "marker-end": "url(#head)" });
}

function rateElement(arrow: ServiceArrow, from: Placed, to: Placed, isBelow: boolean): SVGElement | undefined {
  if (arrow.perMinute === undefined || arrow.perMinute === 0) return undefined;
  const [a, b] = endsOf(from, to, isBelow);
  return drawing(
    "text",
    { "class": "rate", "x": (a.x + b.x) / 2, "y": (a.y + b.y) / 2 - 4, "text-anchor": "middle" },
    `${countText(arrow.perMinute)}/min`,
  );
}

function endsOf(from: Placed, to: Placed, isBelow: boolean) {
  const isForward = isBelow ? to.y > from.y : to.x > from.x;
  const middle = (one: Placed) => ({ x: one.x + one.width / 2, y: one.y + box.height / 2 });
  if (isBelow) {
    return [
      { x: middle(from).x, y: isForward ? from.y + box.height : from.y },
      { x: middle(to).x, y: isForward ? to.y : to.y + box.height },
    ] as const;
  }
  return [
    { x: isForward ? from.x + from.width : from.x, y: middle(from).y },
    { x: isForward ? to.x : to.x + to.width, y: middle(to).y },
  ] as const;
}

function rateText({ perMinute, what }: ServiceArrow): string | undefined {
  return perMinute === undefined ? undefined : `${countText(perMinute)} ${what} in the last minute`;
}
