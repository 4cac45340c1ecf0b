import type { Dashboard } from "../../environments/index.ts";
import type { Place } from "../naming/arns.ts";
import { arnOf } from "../naming/arns.ts";

/** The namespace of an account that has made no others. */
const namespace = "default";

/** Who may do what with something in QuickSight. */
export interface Permission {
  principal: string;
  actions: string[];
}

/**
 * What may be done with each kind: the sets of actions that QuickSight knows as "viewer" (user guide, "Sharing data sources,
 * data sets, dashboards"; API reference, ResourcePermission). Nobody may change what this program declares: the next
 * deployment would undo it.
 */
const viewerActions = {
  dataSource: ["DescribeDataSource", "DescribeDataSourcePermissions", "PassDataSource"],
  dataSet: ["DescribeDataSet", "DescribeDataSetPermissions", "PassDataSet", "DescribeIngestion", "ListIngestions"],
  theme: ["DescribeTheme", "DescribeThemeAlias", "ListThemeAliases", "ListThemeVersions"],
  dashboard: ["DescribeDashboard", "ListDashboardVersions", "QueryDashboard"],
} as const;

export type Shared = keyof typeof viewerActions;

/** The ARN of `group/NAME` or `user/NAME`. */
function principalArn(identities: Place, name: string): string {
  const [kind = "", ...rest] = name.split("/");
  return arnOf(identities, "quicksight", `${kind}/${namespace}/${rest.join("/")}`);
}

/** What the ARNs of all registered users begin with. */
export function userArnPrefix(identities: Place): string {
  return arnOf(identities, "quicksight", `user/${namespace}/`);
}

/**
 * Authors see all of it, viewers the dashboard.
 *
 * @param identities Where the account's users and groups are kept.
 */
export function permissionsOn(
  shared: Shared,
  identities: Place,
  dashboard: Pick<Dashboard, "authors" | "viewers">,
): Permission[] {
  const names = shared === "dashboard" ? [...dashboard.authors, ...dashboard.viewers] : dashboard.authors;
  return names.map((name) => ({
    principal: principalArn(identities, name),
    actions: viewerActions[shared].map((action) => `quicksight:${action}`),
  }));
}
