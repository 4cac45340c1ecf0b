import { filesOf } from "../publish/manifest.ts";
import { dateOf } from "../run/days.ts";
import { manifestKey } from "../run/layout.ts";
import { parseLocation, type Storage } from "../storage/index.ts";

/** The current files of a dataset's day, one after the other: days can be large. */
export async function* filesOfDay(
  storage: Pick<Storage, "find" | "get">,
  bucket: string,
  dataset: string,
  day: number,
): AsyncGenerator<{ name: string; bytes: Uint8Array }> {
  const manifest = await storage.find({ bucket, key: manifestKey(dataset, dateOf(day)) });
  for (const name of filesOf(manifest?.bytes ?? new Uint8Array(0))) {
    yield { name, bytes: (await storage.get(parseLocation(name))).bytes };
  }
}
