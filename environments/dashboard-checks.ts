import { checkUnique } from "./city-checks.ts";
import type { Finding } from "./finding.ts";
import { isMap, valueAt } from "./path.ts";
import type { Path } from "./path.ts";
import { runsPerDay } from "./runs-per-day.ts";

const error = (path: Path, message: string): Finding => ({ path, message, severity: "error" });

/**
 * Refreshes of a data set within 24 hours that QuickSight makes when it is asked to (API reference, CreateIngestion), and
 * how many of them runs of the schedule may take: the rest is for runs that somebody starts.
 */
const refreshes = {
  full: { most: 32, scheduled: 30 },
  incremental: { most: 100, scheduled: 96 },
} as const;

/** The schedule of an inference section that says none. */
const usualSchedule = "rate(1 hour)";

/** What the dashboard must be to the rest of a document. Passes over what has the wrong shape. */
export function checkDashboard(data: unknown): Finding[] {
  const section = valueAt(data, ["dashboard"]);
  if (!isMap(section)) return [];
  return [
    ...checkUnique(data, "dashboard.authors.*", "author"),
    ...checkUnique(data, "dashboard.viewers.*", "viewer"),
    ...checkUnique(data, "dashboard.digest.recipients.*", "recipient"),
    ...authorsAmongViewers(section),
    ...refreshFindings(data, section["refresh"] === "incremental" ? "incremental" : "full"),
  ];
}

/** QuickSight takes one permission for a principal. */
function authorsAmongViewers({ authors, viewers }: Record<string, unknown>): Finding[] {
  if (!Array.isArray(authors) || !Array.isArray(viewers)) return [];
  return viewers.flatMap((viewer: unknown, index) =>
    typeof viewer === "string" && authors.includes(viewer)
      ? [
          error(
            ["dashboard", "viewers", index],
            `${viewer} is an author, too, who sees the dashboard anyway: remove it here`,
          ),
        ]
      : [],
  );
}

function refreshFindings(data: unknown, refresh: keyof typeof refreshes): Finding[] {
  const inference = valueAt(data, ["inference"]);
  if (inference === "none") {
    return [
      error(
        ["dashboard"],
        "the dashboard shows predictions, and inference is none: write dashboard: none, or let the environment predict",
      ),
    ];
  }
  const written = valueAt(data, ["inference", "schedule"]);
  const schedule = typeof written === "string" ? written : usualSchedule;
  const runs = runsPerDay(schedule);
  const { most, scheduled } = refreshes[refresh];
  if (runs === undefined || runs <= scheduled) return [];
  const instead =
    refresh === "full" && runs <= refreshes.incremental.scheduled ? ", or write dashboard.refresh: incremental" : "";
  return [
    error(
      ["inference", "schedule"],
      `${schedule} is ${runs} runs a day, each of which refreshes the dashboard, and QuickSight makes ${most} ${refresh} refreshes ` +
        `a day: let it run ${scheduled} times a day at most${instead}`,
    ),
  ];
}
