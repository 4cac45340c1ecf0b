import type { ServiceArrow, Services } from "../../api.ts";
import { drawing, element, fill } from "../dom.ts";
import { countText, tickText } from "../format.ts";
import { panel } from "./panel.ts";
import {
  below,
  beside,
  box,
  commonStart,
  type Course,
  courseOf,
  labelPlaces,
  type Placed,
  type Point,
} from "./service-layout.ts";

/** A width below which columns stand one below the other. */
const narrow = 720;

/** What is declared, and what passes between it. */
export class ServicesPanel {
  readonly #surface = element("div", { class: "services-surface" });
  readonly #list = element("ul", {});
  readonly element = panel(
    "services",
    "What is declared, and what passes",
    element("p", { class: "subtitle" }, "numbers: of the last minute"),
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
    const { nodes, arrows } = this.#services;
    const isBelow = width < narrow;
    const { placed, height } = (isBelow ? below : beside)(this.#services, width);
    const places = new Map(placed.map((one) => [one.node.id, one]));
    const shown = arrows.flatMap((arrow) => {
      const [from, to] = [places.get(arrow.from), places.get(arrow.to)];
      return from && to ? [{ arrow, course: courseOf(from, to, isBelow) }] : [];
    });
    const rates = shown.flatMap(({ arrow: { perMinute = 0 }, course }) =>
      perMinute > 0 ? [{ text: tickText(Number(perMinute.toPrecision(3)), false), course }] : [],
    );
    const labels = labelPlaces(rates, placed);
    const short = commonStart(nodes.map(({ name }) => name));
    const label = `${nodes.length} services and ${shown.length} ways between them: the list below has them in words`;
    fill(
      this.#surface,
      drawing(
        "svg",
        { "viewBox": `0 0 ${width} ${height}`, width, height, "role": "img", "aria-label": label },
        drawing("defs", {}, headElement("head"), headElement("busy-head")),
        ...shown.map(({ arrow, course }) => arrowElement(arrow, course)),
        ...placed.map((one) => nodeElement(one, short)),
        ...rates.map(({ text }, index) => rateElement(text, labels[index])),
      ),
    );
  }
}

function nodeElement({ node: { service, name }, x, y, width }: Placed, short: (name: string) => string): SVGElement {
  const letters = Math.floor((width - 20) / 6.6);
  const text = short(name);
  const fitting = text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}…` : text;
  return drawing(
    "g",
    { class: "service", transform: `translate(${x} ${y})` },
    drawing("title", {}, `${service}: ${name}`),
    drawing("rect", { width, height: box.height, rx: 6 }),
    drawing("text", { x: 10, y: 17, class: "service-kind" }, service),
    drawing("text", { x: 10, y: 34, class: "service-name" }, fitting),
  );
}

function arrowElement({ perMinute = 0 }: ServiceArrow, course: Course): SVGElement {
  const [start, ...others] = course.map(({ x, y }) => `${x} ${y}`);
  const isBusy = perMinute > 0;
  return drawing("path", {
    "d": `M${start} C${others.join(" ")}`,
    "class": isBusy ? "arrow busy" : "arrow",
    "marker-end": isBusy ? "url(#busy-head)" : "url(#head)",
  });
}

function headElement(id: string): SVGElement {
  return drawing(
    "marker",
    {
      id,
      class: id,
      viewBox: "0 0 8 8",
      refX: 7,
      refY: 4,
      markerUnits: "userSpaceOnUse",
      markerWidth: 8,
      markerHeight: 8,
      orient: "auto",
    },
    drawing("path", { d: "M0 0.5 L8 4 L0 7.5 z" }),
  );
}

function rateElement(text: string, place: Point | undefined): SVGElement | undefined {
  return place && drawing("text", { "class": "rate", "x": place.x, "y": place.y + 4, "text-anchor": "middle" }, text);
}

function rateText({ perMinute, what }: ServiceArrow): string | undefined {
  return perMinute === undefined ? undefined : `${countText(perMinute)} ${what} in the last minute`;
}
