import { capitals, tags } from "./capitals.ts";
import { converted, type Counterpart, type Field, type Fields } from "./mapping.ts";

const permissions: Field = { to: "Permissions", fields: capitals("principal", "actions") };

const columns: Field = { to: "Columns", fields: capitals("name", "type") };

/** A list whose elements say their own key there. */
function keyed(key: string, to: string, fields: Fields): Field {
  const convert = converted(fields, to);
  return {
    to,
    convert: (value) =>
      Object.fromEntries(
        (value as Record<string, unknown>[]).map(({ [key]: name, ...rest }) => [String(name), convert(rest)]),
      ),
  };
}

/** What a dashboard is made of; the dashboard itself is declared as CloudFormation has it. */
export const dashboardCounterparts: Readonly<Record<string, Counterpart>> = {
  "aws:quicksight/dataSource:DataSource": {
    type: "AWS::QuickSight::DataSource",
    fields: {
      tags,
      permissions,
      ...capitals("dataSourceId", "name", "type"),
      parameters: {
        to: "DataSourceParameters",
        fields: { athena: { to: "AthenaParameters", fields: capitals("workGroup", "roleArn") } },
      },
      sslProperties: { to: "SslProperties", fields: capitals("disableSsl") },
    },
  },
  "aws:quicksight/dataSet:DataSet": {
    type: "AWS::QuickSight::DataSet",
    fields: {
      tags,
      permissions,
      ...capitals("dataSetId", "name", "importMode"),
      physicalTableMaps: keyed("physicalTableMapId", "PhysicalTableMap", {
        customSql: { to: "CustomSql", fields: { ...capitals("dataSourceArn", "name", "sqlQuery"), columns } },
      }),
      logicalTableMaps: keyed("logicalTableMapId", "LogicalTableMap", {
        ...capitals("alias"),
        source: { to: "Source", fields: capitals("physicalTableId") },
      }),
      refreshProperties: {
        to: "DataSetRefreshProperties",
        fields: {
          refreshConfiguration: {
            to: "RefreshConfiguration",
            fields: {
              incrementalRefresh: {
                to: "IncrementalRefresh",
                fields: {
                  lookbackWindow: { to: "LookbackWindow", fields: capitals("columnName", "size", "sizeUnit") },
                },
              },
            },
          },
        },
      },
    },
  },
  "aws:quicksight/theme:Theme": {
    type: "AWS::QuickSight::Theme",
    also: { AwsAccountId: "123456789012" },
    fields: {
      tags,
      permissions,
      ...capitals("themeId", "name", "baseThemeId"),
      configuration: {
        to: "Configuration",
        fields: {
          dataColorPalette: {
            to: "DataColorPalette",
            fields: { ...capitals("colors", "emptyFillColor"), minMaxGradients: { to: "MinMaxGradient" } },
          },
          uiColorPalette: {
            to: "UIColorPalette",
            fields: capitals(
              ...["primaryBackground", "primaryForeground", "secondaryBackground", "secondaryForeground"],
              ...["accent", "accentForeground", "danger", "dangerForeground", "warning", "warningForeground"],
              ...["success", "successForeground", "dimension", "dimensionForeground", "measure", "measureForeground"],
            ),
          },
          sheet: {
            to: "Sheet",
            fields: {
              tile: { to: "Tile", fields: { border: { to: "Border", fields: capitals("show") } } },
              tileLayout: {
                to: "TileLayout",
                fields: {
                  gutter: { to: "Gutter", fields: capitals("show") },
                  margin: { to: "Margin", fields: capitals("show") },
                },
              },
            },
          },
          typography: {
            to: "Typography",
            fields: { fontFamilies: { to: "FontFamilies", fields: capitals("fontFamily") } },
          },
        },
      },
    },
  },
  "aws:lambda/functionUrl:FunctionUrl": {
    type: "AWS::Lambda::Url",
    fields: {
      ...capitals("invokeMode"),
      functionName: { to: "TargetFunctionArn" },
      authorizationType: { to: "AuthType" },
    },
  },
  "aws:sesv2/emailIdentity:EmailIdentity": {
    type: "AWS::SES::EmailIdentity",
    fields: { tags, ...capitals("emailIdentity") },
  },
};
