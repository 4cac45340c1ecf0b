/**
 * Lambda's limit of a response is 6 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 * Firehose repeats an invocation whose response is longer, gets the same again, and then gives up the whole batch.
 */
export const responseLimit = 6_000_000;

const emptyRecord = '{"recordId":"","result":"Dropped","data":""},'.length;

/** Keeps count of what a response has room for. */
export class ResponseRoom {
  #left = responseLimit;

  /** Bytes of base64 data that the next record may have. */
  forData(recordId: string): number {
    return this.#left - emptyRecord - recordId.length;
  }

  /** Counts a record's answer. */
  take(recordId: string, data: string): void {
    this.#left -= emptyRecord + recordId.length + data.length;
  }
}
