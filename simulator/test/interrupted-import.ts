/** Imports a data set again and again, in a process of its own, for a test that kills it: node interrupted-import.ts FOLDER */
import { DataFolder } from "../data-folder.ts";
import { dataSetOf } from "../declared/dashboard/index.ts";
import { Spice } from "../quicksight/spice.ts";
import { dataSetResource, numbered, selecting } from "./shown-data.ts";

const [folder = ""] = process.argv.slice(2);
const dataSet = dataSetOf(dataSetResource(numbered));
let number = 0;
const select = selecting(() => `SELECT ${++number} AS "import", range AS place FROM range(20000)`);
const spice = new Spice(DataFolder.open(folder, { create: true }), [dataSet], select, () => {});
await spice.open(dataSet, { imports: false });
for (;;) {
  await spice.import(dataSet, `import-${number}`);
  process.send?.(number);
}
