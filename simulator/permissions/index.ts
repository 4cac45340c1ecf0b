/**
 * IAM as far as resources call one another: which declared policies allow a call, and the sentence that refuses it.
 */

export {
  dataSourceCaller,
  functionCaller,
  jobCaller,
  machineCaller,
  ruleCaller,
  scheduleCaller,
  signedCaller,
  streamCaller,
  type Caller,
} from "./callers.ts";
export { assumeRole, calls, type Call, type Place } from "./calls.ts";
export { PermissionError } from "./permission-error.ts";
export { Permissions, refusedOf, sentenceOf, type Decision } from "./permissions.ts";
