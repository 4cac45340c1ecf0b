/**
 * A statement in two pieces. The state machine puts the number of the attempt between them: Athena writes an UNLOAD into
 * an empty folder only, and one that failed leaves files behind.
 */
export interface Statement {
  before: string;
  after: string;
}

/**
 * The rows of a SELECT as Parquet in `s3://<bucket>/<folder>-<attempt>/`; by day, in a folder `dt=...` for each value of
 * its last column, of which Athena writes 100 at most
 * (https://docs.aws.amazon.com/athena/latest/ug/unload.html, considerations and limitations).
 *
 * @param folder Without slashes at its ends.
 */
export function unload(sql: string, bucket: string, folder: string, stored: "by day" | "whole"): Statement {
  const partitions = stored === "by day" ? ", partitioned_by = ARRAY['dt']" : "";
  return {
    before: `UNLOAD (\n${sql}\n) TO 's3://${bucket}/${folder.replaceAll("'", "''")}-`,
    after: `/' WITH (format = 'PARQUET', compression = 'SNAPPY'${partitions})`,
  };
}

/** A SELECT whose result Athena writes as CSV to the workgroup's location; the attempt's number is a comment. */
export function select(sql: string): Statement {
  return { before: `${sql}\n-- attempt `, after: "" };
}
