import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Dashboard as DashboardSection, Environment } from "../../environments/index.ts";
import { lakePlace } from "../inference/dataset-refresh.ts";
import type { Notifications } from "../inference/notifications.ts";
import type { Timetable } from "../inference/timetable.ts";
import type { DataLake } from "../lake/data-lake.ts";
import { stableJson } from "../naming/stable-json.ts";
import { environmentTags } from "../naming/tags.ts";
import { ServiceRole } from "../policy/service-role.ts";
import { type DataSetPlan, dataSetPlans } from "./data-sets/plans.ts";
import { columnTypes } from "./definition/data-set.ts";
import { DefinitionError } from "./definition/definition-error.ts";
import { Digest } from "./digest.ts";
import { Embedding } from "./embedding.ts";
import { dashboardId, dataSetId, dataSourceId, themeId } from "./names.ts";
import { type ThemeName, themeNames } from "./palette.ts";
import { dataSourcePermissions } from "./permissions.ts";
import { permissionsOn, type Shared } from "./principals.ts";
import { dashboardDefinition } from "./sheets/index.ts";
import { themePlan } from "./theme.ts";

export interface DashboardArgs {
  /** The environment: its cities and meter types, by the names that people know. */
  environment: Environment;
  /** Of it, who sees the dashboard, and how. */
  dashboard: DashboardSection;
  /** Our account. It has a subscription to QuickSight, Enterprise edition, which this program leaves alone. */
  accountId: pulumi.Input<string>;
  /** Where the datasets' tables are. */
  lake: DataLake;
  /** Where it is told that a digest could not be sent. */
  notifications: Notifications;
  /** Where the digest's schedule stands. */
  timetable: Timetable;
}

/** Cloud Control API reference, CreateResource, DesiredState. */
const longestState = 262_144;

/**
 * What people look at: QuickSight's data source and data sets over the lake, its themes, and the dashboard; where the
 * environment wants them, the way into a page of the team's and the digest by e-mail.
 *
 * The dashboard is a resource of Cloud Control: the provider's own has no definition.
 */
export class Dashboard extends pulumi.ComponentResource {
  /** Id of the dashboard in QuickSight. */
  readonly dashboardId: pulumi.Output<string>;
  /** Where people find it. */
  readonly url: pulumi.Output<string>;
  /** The way into a page of the team's; undefined where no page may embed it. */
  readonly embedding: Embedding | undefined;
  /** The letter each morning; undefined where nobody is to get it. */
  readonly digest: Digest | undefined;

  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metercast:dashboard:Dashboard", name, { environment: args.environment.name }, opts);
    const { environment, dashboard, lake } = args;
    const accountId = pulumi.output(args.accountId);
    const child = { parent: this };
    const id = dashboardId(environment.name);
    const identityRegion = dashboard.identityRegion ?? environment.region;

    const dataSource = createDataSource();
    const arns = dataSetPlans(environment, dashboard.refresh).map((plan) => [plan, createDataSet(plan).arn] as const);
    const themes = new Map(themeNames.map((theme) => [theme, createTheme(theme)]));
    const resource = createDashboard();
    this.embedding = createEmbedding();
    this.digest = createDigest();

    this.dashboardId = resource.desiredState.apply(() => id);
    this.url = pulumi.interpolate`https://${environment.region}.quicksight.aws.amazon.com/sn/dashboards/${this.dashboardId}`;
    this.registerOutputs({ dashboardId: this.dashboardId, url: this.url });

    function permissions(shared: Shared) {
      return accountId.apply((account) =>
        permissionsOn(shared, { region: identityRegion, accountId: account }, dashboard),
      );
    }

    function createDataSource() {
      const role = new ServiceRole(
        `${name}-source-role`,
        {
          environment: environment.name,
          part: "dashboard-source",
          service: "quicksight",
          accountId,
          statements: lakePlace(environment, accountId, lake).apply(dataSourcePermissions),
        },
        child,
      );
      return new aws.quicksight.DataSource(
        name,
        {
          dataSourceId: dataSourceId(environment.name),
          name: dataSourceId(environment.name),
          type: "ATHENA",
          parameters: { athena: { workGroup: lake.workgroupName, roleArn: role.arn } },
          sslProperties: { disableSsl: false },
          permissions: permissions("dataSource"),
        },
        // QuickSight asks Athena as soon as the data source is made.
        { ...child, dependsOn: [role, lake] },
      );
    }

    function createDataSet({ dataSet, sql, mode }: DataSetPlan) {
      const incremental = mode.import === "SPICE" && mode.refresh !== "full" ? mode.refresh : undefined;
      return new aws.quicksight.DataSet(
        `${name}-${dataSet.identifier}`,
        {
          dataSetId: dataSetId(environment.name, dataSet),
          name: dataSetId(environment.name, dataSet),
          importMode: mode.import,
          physicalTableMaps: [
            {
              physicalTableMapId: "rows",
              customSql: {
                dataSourceArn: dataSource.arn,
                name: dataSet.identifier,
                sqlQuery: sql,
                columns: Object.entries(dataSet.columns).map(([column, kind]) => ({
                  name: column,
                  type: columnTypes[kind],
                })),
              },
            },
          ],
          // AWS makes one where there is none, and the next preview would remove it.
          logicalTableMaps: [
            { logicalTableMapId: "table", alias: dataSet.identifier, source: { physicalTableId: "rows" } },
          ],
          ...(incremental === undefined
            ? {}
            : {
                refreshProperties: {
                  refreshConfiguration: {
                    incrementalRefresh: {
                      lookbackWindow: { columnName: incremental.since, size: incremental.days, sizeUnit: "DAY" },
                    },
                  },
                },
              }),
          permissions: permissions("dataSet"),
        },
        child,
      );
    }

    function createTheme(theme: ThemeName) {
      const { baseThemeId, configuration } = themePlan(theme);
      return new aws.quicksight.Theme(
        `${name}-${theme}`,
        {
          themeId: themeId(environment.name, theme),
          name: themeId(environment.name, theme),
          baseThemeId,
          configuration,
          permissions: permissions("theme"),
        },
        child,
      );
    }

    function createDashboard() {
      const setArns = pulumi.all(
        arns.map(([{ dataSet }, arn]) => arn.apply((text) => [dataSet.identifier, text] as const)),
      );
      const desiredState = pulumi
        .all([accountId, setArns, themes.get(dashboard.theme)?.arn, permissions("dashboard")])
        .apply(([account, sets, themeArn, granted]) => {
          const known = new Map(sets);
          const state = stableJson({
            AwsAccountId: account,
            DashboardId: id,
            Name: `metercast ${environment.name}`,
            ThemeArn: themeArn,
            Permissions: granted.map(({ principal, actions }) => ({ Principal: principal, Actions: actions })),
            DashboardPublishOptions: {
              AdHocFilteringOption: { AvailabilityStatus: "ENABLED" },
              ExportToCSVOption: { AvailabilityStatus: "ENABLED" },
              SheetControlsOption: { VisibilityState: "EXPANDED" },
              VisualMenuOption: { AvailabilityStatus: "ENABLED" },
            },
            ValidationStrategy: { Mode: "STRICT" },
            Definition: dashboardDefinition(
              environment,
              dashboard.theme,
              ({ identifier }) => known.get(identifier) ?? "",
            ),
            Tags: Object.entries(environmentTags(environment)).map(([Key, Value]) => ({ Key, Value })),
          });
          if (state.length > longestState) {
            throw new DefinitionError(
              `the dashboard is ${state.length} characters of JSON, and Cloud Control takes ${longestState}: take visuals out of it`,
            );
          }
          return state;
        });
      return new aws.cloudcontrol.Resource(name, { typeName: "AWS::QuickSight::Dashboard", desiredState }, child);
    }

    function createEmbedding(): Embedding | undefined {
      if (dashboard.embedDomains.length === 0) return undefined;
      return new Embedding(
        `${name}-embedding`,
        {
          environment: environment.name,
          dashboard,
          accountId,
          identityRegion,
          dashboardId: id,
          logRetentionDays: environment.ingestion.logRetentionDays,
        },
        child,
      );
    }

    function createDigest(): Digest | undefined {
      const { digest } = dashboard;
      if (digest === undefined) return undefined;
      const { notifications, timetable } = args;
      return new Digest(`${name}-digest`, { environment, digest, accountId, lake, notifications, timetable }, child);
    }
  }
}
