import { changeMarks, marksAfter, readDatasetNotes, readMarks, type Marks } from "../run/marks.ts";
import { RunError } from "../run/run-error.ts";
import type { Storage } from "../storage/index.ts";
import type { PublishConfig } from "./config.ts";
import type { Marked, MarkEvent, Published, PublishEvent } from "./events.ts";
import { publishItem } from "./publish-item.ts";
import { retire } from "./retire.ts";

/** Answers a step of the run. @throws RunError, StorageError; their names are shown by the state machine */
export function compilePublish(
  config: PublishConfig,
  storage: Pick<Storage, "find" | "get" | "put" | "list" | "delete" | "copy">,
): (event: PublishEvent | MarkEvent) => Promise<Published | Marked> {
  return async (event) => {
    switch (event.step) {
      case "publish":
        return publishItem(storage, config.bucket, event);
      case "mark":
        return mark(config, storage, event);
      default:
        throw new RunError(
          "InvalidInput",
          `There is no step ${JSON.stringify((event as { step?: unknown }).step)} of publishing; there are publish and mark.`,
        );
    }
  };
}

/** Once a day versions are retired: it takes a look at every file that is kept. */
async function mark(
  { bucket, datasets }: PublishConfig,
  storage: Pick<Storage, "find" | "get" | "put" | "list" | "delete">,
  { run }: MarkEvent,
): Promise<Marked> {
  const { marks: made } = await readDatasetNotes(storage, bucket, run.id);
  let marks: Marks =
    made === undefined
      ? await readMarks(storage, bucket)
      : await changeMarks(storage, bucket, (found) => marksAfter(found, made));
  const today = run.startedAt.slice(0, 10);
  let removed = 0;
  if (marks.retiredOn === undefined || marks.retiredOn < today) {
    for (const dataset of datasets) removed += await retire(storage, bucket, dataset, Date.parse(run.startedAt));
    marks = await changeMarks(storage, bucket, (found) => ({ ...found, retiredOn: today }));
  }
  return {
    ...(marks.arrivedThrough === undefined ? {} : { arrivedThrough: marks.arrivedThrough }),
    pending: marks.pending.map(({ from, to }) => ({ from, to })),
    retired: removed,
  };
}
