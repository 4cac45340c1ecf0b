import type { Status } from "../../api.ts";
import { element, fill } from "../dom.ts";
import { countText, durationText } from "../format.ts";
import { momentText, panel, zoneName } from "./panel.ts";

/** The newest messages that were refused, each with what its client sent. */
export class RejectedPanel {
  readonly #body = element("div", { class: "rejected-body" });
  readonly element = panel("rejected", "Rejected, the newest first", this.#body);

  draw({ rejected }: Status): void {
    if (rejected.length === 0) {
      return fill(this.#body, element("p", { class: "message" }, "Nothing was rejected."));
    }
    const open = new Set([...this.#body.querySelectorAll("details[open]")].map((one) => one.getAttribute("data-key")));
    const now = Date.now();
    fill(
      this.#body,
      ...rejected.map(({ pipeline, reason, topic, client, received, original, cut }) => {
        const key = JSON.stringify([received, reason, original]);
        return element(
          "details",
          { "data-key": key, "open": open.has(key) },
          element(
            "summary",
            {},
            element("b", {}, reason),
            element(
              "span",
              { class: "note" },
              [pipeline, topic, received === null ? undefined : momentText(received, now)].filter(Boolean).join(" · "),
            ),
          ),
          element("pre", { tabindex: 0 }, original === "" ? "(an empty message)" : original),
          element(
            "p",
            { class: "note" },
            [
              client === null ? undefined : `Sent by ${client}.`,
              cut > 0 ? `${countText(cut)} more bytes are not shown.` : undefined,
            ]
              .filter(Boolean)
              .join(" "),
          ),
        );
      }),
    );
  }
}

/** What was told to people, and what will run by itself. */
export class NotificationsPanel {
  readonly #body = element("ul", { class: "notification-list" });
  readonly element = panel("notifications", "Notifications", this.#body);

  draw({ notifications }: Status): void {
    const now = Date.now();
    fill(
      this.#body,
      ...(notifications.length === 0
        ? [element("li", { class: "message" }, "Nobody was notified: no run has failed, no forecast has drifted.")]
        : notifications.map(({ at, topic, subject, message }) =>
            element(
              "li",
              {},
              element(
                "p",
                {},
                element("b", {}, subject ?? topic),
                " ",
                element("span", { class: "note" }, momentText(at, now)),
              ),
              element("p", { class: "notification" }, message),
            ),
          )),
    );
  }
}

export class SchedulesPanel {
  readonly #body = element("div", {
    "class": "table-scroll",
    "tabindex": 0,
    "role": "region",
    "aria-label": "Schedules: table",
  });
  readonly element = panel("schedules", "Schedules", this.#body);

  draw({ schedules }: Status): void {
    if (schedules.length === 0) return fill(this.#body, element("p", { class: "message" }, "No schedule is declared."));
    const now = Date.now();
    fill(
      this.#body,
      element(
        "table",
        {},
        element("caption", { class: "unseen" }, "Schedules"),
        element(
          "thead",
          {},
          element(
            "tr",
            {},
            ...["Name", "When", `Next, ${zoneName()}`].map((name) => element("th", { scope: "col" }, name)),
          ),
        ),
        element(
          "tbody",
          {},
          ...schedules.map(({ name, expression, timeZone, enabled, next }) =>
            element(
              "tr",
              {},
              element("td", {}, name),
              element("td", {}, element("code", {}, expression), ` ${timeZone}`),
              element("td", {}, nextText(enabled, next, now)),
            ),
          ),
        ),
      ),
    );
  }
}

function nextText(enabled: boolean, next: number | undefined, now: number): string {
  if (!enabled) return "off";
  return next === undefined ? "not any more" : `${momentText(next, now)}, in ${durationText(next - now)}`;
}
