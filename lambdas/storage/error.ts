import type { Location } from "./location.ts";
import { formatLocation } from "./location.ts";

/** An object, or a bucket's list, that S3 did not give or take after the client's own retries. */
export class StorageError extends Error {
  readonly location: Location;
  /** S3's name for it, such as AccessDenied; NoSuchKey where there is no such object. */
  readonly code: string;

  constructor(action: string, location: Location, code: string, detail: string, cause?: unknown) {
    super(
      `Cannot ${action} ${formatLocation(location)}: ${code}${detail === "" ? "" : ` (${detail})`}.${advice(code)}`,
      {
        cause,
      },
    );
    this.name = "StorageError";
    this.location = location;
    this.code = code;
  }
}

function advice(code: string): string {
  if (code === "AccessDenied") {
    return " The function's role must allow this on the bucket; without s3:ListBucket a missing object is denied too.";
  }
  if (code === "NoSuchKey") return " There is no such object: it was never written, or its time is over.";
  return "";
}
