import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkedName } from "../naming/names.ts";
import type { TablePlan } from "./tables.ts";
import { formatClasses, tableParameters } from "./tables.ts";

export interface GlueTableArgs {
  /** Name of the Glue database. */
  database: pulumi.Input<string>;
  /** Name of the bucket. */
  bucket: pulumi.Input<string>;
  /** Its columns, format and folder. */
  table: TablePlan;
  /**
   * Whether deleting it takes an extra step: without its table a delivery stream has nothing to convert by, and all that
   * arrives goes to the error prefix.
   *
   * @default false
   */
  protect?: boolean;
}

/** A table of the Glue catalog over a folder of the lake. */
export class GlueTable extends pulumi.ComponentResource {
  /** Name of the table. */
  readonly tableName: pulumi.Output<string>;
  /** Name of its database. */
  readonly databaseName: pulumi.Output<string>;
  /** Its columns, format and folder as plain data. */
  readonly plan: TablePlan;

  constructor(name: string, args: GlueTableArgs, opts?: pulumi.ComponentResourceOptions) {
    const { table } = args;
    super("metercast:lake:GlueTable", name, { table: table.name }, opts);
    const classes = formatClasses[table.format];
    const location = pulumi.interpolate`s3://${args.bucket}/${table.folder}`;

    const catalogTable = new aws.glue.CatalogTable(
      name,
      {
        name: checkedName("aws:glue/catalogTable:CatalogTable", table.name),
        databaseName: args.database,
        description: table.description,
        tableType: "EXTERNAL_TABLE",
        parameters: location.apply((folder) => tableParameters(table, folder)),
        partitionKeys: table.partitions.map(({ column }) => column),
        storageDescriptor: {
          location: pulumi.interpolate`${location}/`,
          inputFormat: classes.inputFormat,
          outputFormat: classes.outputFormat,
          serDeInfo: { serializationLibrary: classes.serializationLibrary },
          columns: [...table.columns],
        },
      },
      { parent: this, protect: args.protect ?? false },
    );

    this.plan = table;
    this.tableName = catalogTable.name;
    this.databaseName = catalogTable.databaseName;
    this.registerOutputs({ tableName: this.tableName, databaseName: this.databaseName });
  }
}
