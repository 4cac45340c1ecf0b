import type { City } from "../../page/api.ts";
import type { PageFiles } from "../../page/bundle.ts";
import type { AthenaService } from "../athena/index.ts";
import type { DataFolder } from "../data-folder.ts";
import type { DataSet, Declared } from "../declared/index.ts";
import type { Notification } from "../notifications/notifications.ts";
import type { ScheduleTime } from "../scheduler/scheduler.ts";
import type { ExecutionEvent, Executions } from "../states/index.ts";
import { Rates, type Traffic } from "../traffic.ts";
import type { Dashboards } from "./dashboards.ts";
import { PageListeners } from "./page-events.ts";
import { PageServer } from "./page-server.ts";
import { PageStatus, type PageQuestions } from "./page-status.ts";
import { serviceMap } from "./services.ts";

/** What the page shows beside what is declared. */
export interface PageOptions {
  /** 0: any that is free. */
  port: number;
  /** They are built while the simulator starts. */
  files: Promise<PageFiles>;
  /** Name of the environment. */
  environment: string;
  cities: City[];
  questions: PageQuestions;
}

export interface PageParts {
  declared: Declared;
  folder: DataFolder;
  dashboards: Dashboards;
  athena: AthenaService;
  executions: Executions;
  notifications: () => Notification[];
  schedules: () => ScheduleTime[];
  traffic: Traffic;
}

/** How often rates are looked at, and an execution that goes on is told of, in milliseconds. */
const sampleInterval = 5000;
const executionInterval = 500;

/** The page on this machine, and what it is told of by itself. */
export class Page {
  readonly #server: PageServer;
  readonly #listeners = new PageListeners();
  readonly #dashboards: Dashboards;
  readonly #timer: NodeJS.Timeout;
  readonly #due = new Map<string, NodeJS.Timeout>();
  readonly #port: number;

  constructor({ port, files, environment, cities, questions }: PageOptions, parts: PageParts) {
    const { declared, folder, dashboards, athena, executions, notifications, schedules, traffic } = parts;
    this.#port = port;
    this.#dashboards = dashboards;
    const rates = new Rates(traffic, Date.now());
    const status = new PageStatus({
      questions,
      folder,
      query: (sql) => athena.query(sql),
      executions,
      notifications,
      schedules,
      services: serviceMap(declared),
      rates,
      changed: () => this.#listeners.tell("status", {}),
    });
    this.#server = new PageServer(
      {
        environment,
        cities,
        files,
        dashboards,
        status: () => status.get(),
        execution: (arn) => status.execution(arn),
      },
      this.#listeners,
    );
    this.#timer = setInterval(() => {
      if (rates.sample(Date.now())) this.#listeners.tell("status", {});
    }, sampleInterval);
    this.#timer.unref();
  }

  /** @returns the port @throws PortError */
  listen(): Promise<number> {
    return this.#server.listen(this.#port);
  }

  /** Tells of a data set that was imported, or could not be. */
  imported(dataSet: DataSet): void {
    for (const shown of this.#dashboards.showing(dataSet)) this.#listeners.tell("imported", shown);
  }

  /** Tells of an execution: at its start and its end at once, and some times a second between. */
  happened(arn: string, event: ExecutionEvent): void {
    const { kind, machine } = event;
    const due = this.#due.get(arn);
    if (kind === "ended") {
      clearTimeout(due);
      this.#due.delete(arn);
      this.#listeners.tell("execution", { arn, machine, status: event.status });
      this.#listeners.tell("status", {});
      return;
    }
    if (due !== undefined || this.#listeners.count === 0) return;
    const timer = setTimeout(
      () => {
        this.#due.delete(arn);
        this.#listeners.tell("execution", { arn, machine, status: "RUNNING" });
      },
      kind === "started" ? 0 : executionInterval,
    );
    timer.unref();
    this.#due.set(arn, timer);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const timer of this.#due.values()) clearTimeout(timer);
    await this.#server.close();
  }
}
