import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { read, withoutLocalMeaning } from "./read.ts";

const image = z.strictObject({
  repositoryUrl: z.string(),
  context: z.string(),
  dockerfile: z.string().optional(),
  platform: withoutLocalMeaning, // nothing is built here: its program runs as this machine runs it
  imageTag: withoutLocalMeaning, // an image is found by its address
  imageName: withoutLocalMeaning, // as the tag
  registryId: withoutLocalMeaning, // there is one registry
  cacheFrom: withoutLocalMeaning, // nothing is built here
});

/** An image that is built from a folder. */
export interface Image {
  /** Its address: "<account>.dkr.ecr.<region>.amazonaws.com/<repository>@sha256:<digest>". */
  uri: string;
  /** Folder of its context, and its Dockerfile: paths from the program's folder. */
  context: string;
  dockerfile: string;
}

export function imageOf(resource: Resource): Image {
  const { context, dockerfile = `${context}/Dockerfile` } = read(image, resource);
  return { uri: String(resource.outputs["imageUri"]), context, dockerfile };
}
