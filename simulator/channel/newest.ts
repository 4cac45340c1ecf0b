import type { DataFolder } from "../data-folder.ts";
import type { DeliveryStream } from "../declared/index.ts";
import type { StreamRecord } from "../delivery/transform.ts";
import { channelObjects, recordsOf } from "./objects.ts";

/**
 * The newest records of a stream's channel, the newest first.
 *
 * @throws DataFolderError
 */
export async function newestRecords(
  folder: DataFolder,
  stream: DeliveryStream,
  count: number,
): Promise<StreamRecord[]> {
  const newest: StreamRecord[] = [];
  for (const object of channelObjects(folder, stream).toReversed()) {
    const missing = count - newest.length;
    if (missing <= 0) break;
    const last: StreamRecord[] = [];
    for await (const record of recordsOf(object)) {
      last.push(record);
      if (last.length >= 2 * missing) last.splice(0, last.length - missing);
    }
    newest.push(...last.slice(-missing).reverse());
  }
  return newest;
}
