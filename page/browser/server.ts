import type { DashboardDefinition } from "../../components/dashboard/definition/schema.ts";
import type {
  ControlValues,
  Dashboard as AnyDashboard,
  Dashboards as AnyDashboards,
  ExecutionHistory,
  Failure,
  Status,
  ValuesRequest,
  VisualData,
  VisualRequest,
} from "../api.ts";

export type Dashboard = AnyDashboard<DashboardDefinition>;
export type Dashboards = AnyDashboards<DashboardDefinition>;

/** What the simulator answered instead of what was asked for, or that it did not answer; in a sentence for a reader. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  /** Undefined where there was no answer. */
  readonly status: number | undefined;

  constructor(status: number | undefined, message: string) {
    super(message);
    this.status = status;
  }
}

/** The status of an answer that is to come: nothing was imported yet. */
export const notYet = 202;

export function askDashboards(): Promise<Dashboards> {
  return ask<Dashboards>("/api/dashboard");
}

export function askVisual(request: VisualRequest, signal: AbortSignal): Promise<VisualData> {
  return ask<VisualData>("/api/visual", { ...posted(request), signal });
}

export function askValues(request: ValuesRequest): Promise<ControlValues> {
  return ask<ControlValues>("/api/values", posted(request));
}

export function askStatus(): Promise<Status> {
  return ask<Status>("/api/status");
}

export function askExecution(arn: string): Promise<ExecutionHistory> {
  return ask<ExecutionHistory>(`/api/execution?arn=${encodeURIComponent(arn)}`);
}

/** Where all rows of a visual are a file. */
export function fileAddress(request: VisualRequest): string {
  return `/api/visual.csv?request=${encodeURIComponent(JSON.stringify(request))}`;
}

function posted(request: object): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(request) };
}

async function ask<Answer>(address: string, options: RequestInit = {}): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ServerError(undefined, "The simulator does not answer: it was stopped, or is starting.");
  }
  const answer = (await response.json()) as Answer | Failure;
  if (response.ok && response.status !== notYet) return answer as Answer;
  throw new ServerError(response.status, (answer as Failure).error);
}
