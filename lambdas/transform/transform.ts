import type { FirehoseTransformationEvent } from "aws-lambda";
import { ResponseRoom } from "../response.ts";
import { compileAnswers } from "./answer.ts";
import type { Transformed } from "./answer.ts";
import type { TransformConfig } from "./config.ts";
import { decodeRecord } from "./message.ts";
import { compileStages } from "./stages.ts";

export type { Transformed } from "./answer.ts";

/**
 * A pipeline without functions of the team's: checks each reading or observation of a batch, applies the activities and
 * writes the rows of the landing table, one record after the other.
 *
 * @throws Error for a pipeline with lambda activities: those take compileStagedTransform
 */
export function compileTransform(config: TransformConfig): (event: FirehoseTransformationEvent) => Transformed {
  const [stage, ...further] = compileStages(config);
  if (stage === undefined || further.length > 0) {
    throw new Error("The pipeline has a lambda activity: it needs the bundle that can invoke functions.");
  }
  const { endingOf } = stage;
  const answer = compileAnswers(config);
  return (event) => {
    const batch = { room: new ResponseRoom(), leftOut: [] };
    const records = event.records.map((record) => {
      const message = decodeRecord(record);
      const { elements, received } = message;
      return answer(
        { recordId: record.recordId, message, elements, endingOf: (element) => endingOf(element, received) },
        batch,
      );
    });
    return { records, leftOut: batch.leftOut };
  };
}
