import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkedName } from "../naming/names.ts";
import type { ViewPlan } from "./tables.ts";
import { prestoView } from "./views.ts";

export interface GlueViewArgs {
  /** Name of the Glue database: where the view stands and its tables are looked up. */
  database: pulumi.Input<string>;
  /** Its columns and its SQL. */
  view: ViewPlan;
}

/** A view that Athena reads from the Glue catalog. It holds no data, so that nothing protects it. */
export class GlueView extends pulumi.ComponentResource {
  /** Name of the view. */
  readonly viewName: pulumi.Output<string>;

  constructor(name: string, args: GlueViewArgs, opts?: pulumi.ComponentResourceOptions) {
    const { view } = args;
    super("metercast:lake:GlueView", name, { view: view.name }, opts);

    const catalogTable = new aws.glue.CatalogTable(
      name,
      {
        name: checkedName("aws:glue/catalogTable:CatalogTable", view.name),
        databaseName: args.database,
        description: view.description,
        tableType: "VIRTUAL_VIEW",
        parameters: { presto_view: "true", comment: "Presto View" },
        viewOriginalText: pulumi.output(args.database).apply((schema) => prestoView(schema, view.sql, view.columns)),
        viewExpandedText: "/* Presto View */",
        storageDescriptor: {
          columns: [...view.columns],
          // Athena answers HIVE_METASTORE_ERROR for a view whose SerDe is missing; an empty one is enough.
          serDeInfo: {},
        },
      },
      { parent: this },
    );

    this.viewName = catalogTable.name;
    this.registerOutputs({ viewName: this.viewName });
  }
}
