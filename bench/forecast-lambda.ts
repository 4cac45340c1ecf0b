/** One of the two Lambdas of a forecast for one city, in a process of its own: started by forecast.ts, tells its memory. */
import { makeFeatures } from "../lambdas/features/make-features.ts";
import { compilePredict } from "../lambdas/predict/predict.ts";
import { itemOf, readJob } from "./fleet.ts";
import { FolderStorage } from "./folder-storage.ts";

const [, , folder = "", city = "", lambda = ""] = process.argv;
const job = readJob(folder);
const storage = new FolderStorage(folder);
const { bucket } = job.config;
const event = itemOf(job, city);
const { rows } =
  lambda === "features"
    ? await makeFeatures(event, job.config, storage)
    : await compilePredict(
        { bucket, model: "model" },
        storage,
      )({
        run: event.run,
        key: `features/${event.run.id}/${event.item.id}.parquet`,
      });
process.send?.({ rows, megabytes: process.resourceUsage().maxRSS / 1024 });
