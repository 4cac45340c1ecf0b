import type { Graph } from "@metercast/graph";
import { DataFolder, DataFolderError, finish, openCatalog, type Catalog } from "@metercast/simulator";

/** What a data folder holds, ready to be queried. */
export interface Stored {
  folder: DataFolder;
  graph: Graph;
  catalog: Catalog;
}

/** Opens the files of a data folder with every message that was acknowledged before the call. @throws DataFolderError */
export async function openFiles(data: string): Promise<Pick<Stored, "folder" | "graph">> {
  const folder = DataFolder.open(data, { create: false });
  await finish(folder);
  const graph = folder.storedGraph();
  if (graph) return { folder, graph };
  throw new DataFolderError(
    `${folder.path} is no data folder of a simulator: run \`npm start\` first, or name it with --data.`,
  );
}

/** Opens a data folder with every message that was acknowledged before the call. @throws DataFolderError */
export async function openStored(data: string): Promise<Stored> {
  const { folder, graph } = await openFiles(data);
  return { folder, graph, catalog: await openCatalog({ graph, bucketFolder: (bucket) => folder.bucket(bucket) }) };
}
