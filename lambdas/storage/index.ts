/** Objects in S3. */

export { StorageError } from "./error.ts";
export { formatLocation, parseLocation } from "./location.ts";
export type { Location } from "./location.ts";
export { Storage } from "./storage.ts";
export type { ListedObject, PutOptions, StoredObject } from "./storage.ts";
