import type { PageEvents } from "../../api.ts";
import { element, fill, withCode } from "../dom.ts";
import { askStatus } from "../server.ts";
import { EndsPanel } from "./ends.ts";
import { ExecutionsPanel } from "./executions.ts";
import { NotificationsPanel, RejectedPanel, SchedulesPanel } from "./messages.ts";
import { ServicesPanel } from "./services.ts";

/** At most so often the status is asked for, however much happens. */
const leastMilliseconds = 1000;

/** What the pipeline does now. */
export class LiveView {
  readonly element: HTMLElement;
  readonly #state = element("p", { class: "sheet-state", role: "status" });
  readonly #services = new ServicesPanel();
  readonly #executions = new ExecutionsPanel();
  readonly #panels = [
    this.#services,
    new EndsPanel(),
    this.#executions,
    new RejectedPanel(),
    new NotificationsPanel(),
    new SchedulesPanel(),
  ];
  #asked = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  /** @param hasDashboard whether the environment declares one */
  constructor(hasDashboard: boolean) {
    this.element = element(
      "div",
      { class: "sheet" },
      element(
        "div",
        { class: "sheet-head" },
        element("h1", { tabindex: -1 }, "What is the pipeline doing now?"),
        element(
          "p",
          { class: "sheet-description" },
          ...withCode(
            hasDashboard
              ? "Everything that was accepted has one end. Counts, rates of the last minute and runs renew themselves."
              : "This environment declares no dashboard (`dashboard: none`): this is how its pipeline stands.",
          ),
        ),
      ),
      this.#state,
      element("div", { class: "live" }, ...this.#panels.map((panel) => panel.element)),
    );
    this.#ask();
  }

  /** Asks anew, soon. */
  refresh(): void {
    if (this.#waiting !== undefined) return;
    this.#waiting = setTimeout(() => this.#ask(), Math.max(0, this.#asked + leastMilliseconds - Date.now()));
  }

  execution({ arn }: PageEvents["execution"]): void {
    this.#executions.happened(arn);
    this.refresh();
  }

  /** Its colours are the styles'. */
  recolor(): void {
    // nothing is drawn in colours of its own
  }

  dispose(): void {
    clearTimeout(this.#waiting);
    this.#services.dispose();
  }

  #ask(): void {
    this.#waiting = undefined;
    this.#asked = Date.now();
    void askStatus().then(
      (status) => {
        for (const panel of this.#panels) panel.draw(status);
        fill(this.#state);
      },
      (error: unknown) => fill(this.#state, error instanceof Error ? error.message : String(error)),
    );
  }
}
