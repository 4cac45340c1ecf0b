/** What an element may hold. Text is text: nothing is ever read as HTML. */
export type Child = Node | string | undefined | false;

type Attribute = string | number | boolean | undefined;
type Attributes = Record<string, Attribute>;
type Listeners = { [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void };

interface ElementOptions {
  on?: Listeners;
  [attribute: string]: Attribute | Listeners;
}

/** An element of HTML. An attribute that is undefined or false is left out, one that is true has no value. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { on = {}, ...attributes }: ElementOptions = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  setAttributes(made, attributes as Attributes);
  for (const [name, listener] of Object.entries(on)) made.addEventListener(name, listener as EventListener);
  made.append(...kept(children));
  return made;
}

/** An element of SVG. */
export function drawing<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(made, attributes);
  made.append(...kept(children));
  return made;
}

/** Text in which what stands between `backticks` is to be typed. */
export function withCode(text: string): Child[] {
  return text.split("`").map((part, index) => (index % 2 === 0 ? part : element("code", {}, part)));
}

/** Puts other children into an element. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...kept(children));
}

function kept(children: Child[]): (Node | string)[] {
  return children.filter((child) => child !== undefined && child !== false);
}

function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    target.setAttribute(name, value === true ? "" : String(value));
  }
}
