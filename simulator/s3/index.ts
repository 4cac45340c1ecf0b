/**
 * S3 on this machine: the objects of the declared buckets, which are files of the data folder, by S3's REST API.
 */

export { putDeclaredObjects } from "./declared-objects.ts";
export { S3Endpoint, isS3Request } from "./endpoint.ts";
export { S3Error } from "./errors.ts";
export { keysOf } from "./listing.ts";
export { ObjectStore } from "./object-store.ts";
