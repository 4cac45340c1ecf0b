import type { ExecutedState, ExecutionHistory, ExecutionSummary, Status } from "../../api.ts";
import { element, fill } from "../dom.ts";
import { durationText } from "../format.ts";
import { askExecution } from "../server.ts";
import { momentText, panel, zoneName } from "./panel.ts";

const words = {
  RUNNING: "running",
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  TIMED_OUT: "timed out",
  ABORTED: "aborted",
} as const;

/** Runs, and of the chosen one what each state did. */
export class ExecutionsPanel {
  readonly #list = element("ul", { class: "execution-list" });
  readonly #states = element("div", { class: "states" });
  readonly element = panel(
    "executions",
    "Runs, state by state",
    element("div", { class: "executions-body" }, this.#list, this.#states),
  );
  #executions: ExecutionSummary[] = [];
  /** Undefined: the newest. */
  #chosen: string | undefined;
  #asked = "";

  draw({ executions }: Pick<Status, "executions">): void {
    this.#executions = executions;
    this.#drawList();
    if (executions.length === 0) {
      fill(this.#states);
      return;
    }
    const current = this.#current();
    if (current && JSON.stringify(current) !== this.#asked) this.#ask(current);
  }

  /** Something has happened in an execution. */
  happened(arn: string): void {
    const current = this.#current();
    if (current?.arn === arn) this.#ask(current);
  }

  #current(): ExecutionSummary | undefined {
    return this.#executions.find(({ arn }) => arn === this.#chosen) ?? this.#executions[0];
  }

  #drawList(): void {
    const focused = this.#list.contains(document.activeElement);
    const current = this.#current();
    const items = this.#executions.map((execution) => {
      const isCurrent = execution === current;
      return element(
        "li",
        {},
        element(
          "button",
          {
            "type": "button",
            "class": "execution",
            "aria-pressed": String(isCurrent),
            "on": {
              click: () => {
                this.#chosen = execution.arn;
                this.#drawList();
                this.#ask(execution);
              },
            },
          },
          element("span", { class: `status ${execution.status.toLowerCase()}` }, words[execution.status]),
          element("span", { class: "execution-machine" }, execution.machine),
          element("span", { class: "note" }, `${momentText(execution.started, Date.now())}${tookText(execution)}`),
        ),
      );
    });
    fill(
      this.#list,
      ...(items.length > 0
        ? items
        : [
            element(
              "li",
              { class: "message" },
              "Nothing has run yet. ",
              element("code", {}, "metercast run"),
              " starts a run; the schedule does so by itself.",
            ),
          ]),
    );
    if (focused) this.#list.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
  }

  #ask(execution: ExecutionSummary): void {
    this.#asked = JSON.stringify(execution);
    void askExecution(execution.arn).then(
      (history) => {
        if (this.#current()?.arn === history.execution.arn) this.#drawStates(history);
      },
      (error: unknown) =>
        fill(
          this.#states,
          element("p", { class: "message failed" }, error instanceof Error ? error.message : String(error)),
        ),
    );
  }

  #drawStates({ execution, states }: ExecutionHistory): void {
    const longest = Math.max(1, ...states.map(tookOf));
    const scrolled = this.#states.querySelector(".state-list")?.scrollTop ?? 0;
    fill(
      this.#states,
      element("h3", {}, execution.name),
      element(
        "p",
        { class: "note" },
        `${execution.machine}, ${words[execution.status]}, started ${momentText(execution.started, Date.now())} ${zoneName()}${tookText(execution)}`,
      ),
      execution.error !== undefined &&
        element("p", { class: "failure" }, element("b", {}, execution.error), ` ${execution.cause ?? ""}`),
      element(
        "ol",
        { "class": "state-list", "tabindex": 0, "aria-label": `States of ${execution.name}` },
        ...states.map((state) => stateElement(state, longest)),
      ),
    );
    this.#states.querySelector(".state-list")?.scrollTo(0, scrolled);
  }
}

function stateElement(state: ExecutedState, longest: number): HTMLElement {
  const { name, type, status, depth, error, cause, retries } = state;
  const took = tookOf(state);
  const bar = element("span", { "class": `took-bar ${status}`, "aria-hidden": "true" });
  bar.style.setProperty("--share", String(Math.max(0.01, Math.sqrt(took / longest))));
  const item = element(
    "li",
    { class: `state ${status}` },
    element("span", { class: "mark", title: status }, { running: "◌", succeeded: "✓", failed: "✕" }[status]),
    element("span", { class: "unseen" }, status),
    element("span", { class: "state-name" }, name),
    element("span", { class: "note" }, type),
    bar,
    element("span", { class: "took" }, status === "running" ? "running" : durationText(took)),
    retries > 0 && element("span", { class: "note" }, `${retries} ${retries === 1 ? "retry" : "retries"}`),
    error !== undefined && element("p", { class: "failure" }, element("b", {}, error), ` ${cause ?? ""}`),
  );
  item.style.setProperty("--depth", String(depth));
  return item;
}

function tookOf({ entered, exited }: ExecutedState): number {
  return (exited ?? Date.now()) - entered;
}

function tookText({ started, stopped }: ExecutionSummary): string {
  return stopped === undefined ? "" : `, ${durationText(stopped - started)}`;
}
