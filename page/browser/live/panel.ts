import { type Child, element } from "../dom.ts";

/** A part of the live sheet. */
export function panel(name: string, title: string, ...children: Child[]): HTMLElement {
  const id = `live-${name}`;
  return element(
    "section",
    { "class": `visual panel ${name}-panel`, "aria-labelledby": id },
    element("header", {}, element("h2", { id }, title)),
    ...children,
  );
}

/** A moment by the reader's own clock, with its day where that is another. */
export function momentText(milliseconds: number, now: number): string {
  const date = new Date(milliseconds);
  const time = date.toLocaleTimeString("en-US", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString("en-US", { month: "short", day: "numeric" })}, ${time}`;
}

/** The name of the reader's time zone: "UTC", "GMT+1". */
export function zoneName(): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZoneName: "short" }).formatToParts(Date.now());
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}
