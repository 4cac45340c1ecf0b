import type { FirehoseTransformationEvent } from "aws-lambda";
import type { DeliveryStream, Destination } from "../declared/index.ts";
import { InvocationError, type FunctionHost } from "../lambda/function-host.ts";
import { assumeRole, calls, PermissionError, refusedOf, streamCaller, type Permissions } from "../permissions/index.ts";
import type { DeliveryLog, LoggedError } from "./delivery-log.ts";

/**
 * Codes and texts of "Monitor Firehose using CloudWatch Logs", Firehose developer guide; of the Glue error only the
 * text, which Firehose gives when a stream is made, is documented.
 */
const refusals = {
  assumeRole: {
    errorCode: "Lambda.AssumeRoleAccessDenied",
    message:
      "Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role.",
  },
  invoke: {
    errorCode: "Lambda.InvokeAccessDenied",
    message: "Access was denied. Ensure that the access policy allows access to the Lambda function.",
  },
  schema: {
    errorCode: "DataFormatConversion.AccessDenied",
    message:
      "Access was denied when calling Glue. Please ensure that the role specified in the data format conversion configuration has the necessary permissions.",
  },
  write: {
    errorCode: "S3.AccessDenied",
    message:
      "Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role, and the access policy allows access to the S3 bucket.",
  },
} as const satisfies Record<string, LoggedError>;

/** What a delivery stream may do with its roles, and what becomes of what it may not. */
export class StreamAccess {
  readonly #stream: DeliveryStream;
  readonly #permissions: Permissions;
  readonly #log: DeliveryLog;
  #schema: { refusal: LoggedError | undefined } | undefined;

  constructor(stream: DeliveryStream, permissions: Permissions, log: DeliveryLog) {
    this.#stream = stream;
    this.#permissions = permissions;
    this.#log = log;
  }

  /**
   * @param functionArn as the stream declares it, with its version
   * @throws InvocationError
   */
  async invoke(functionArn: string, host: FunctionHost, event: FirehoseTransformationEvent): Promise<unknown> {
    const caller = streamCaller(this.#stream, this.#stream.destination.roleArn);
    const refused = this.#permissions.refusal(calls.streamInvokesFunction, caller, { functionArn });
    if (refused) {
      const { errorCode, message } = refused.action === assumeRole.action ? refusals.assumeRole : refusals.invoke;
      throw new InvocationError(errorCode, message);
    }
    return host.invoke(event);
  }

  /** Why the stream may not read the table that it converts by; undefined when it may. */
  get schemaRefusal(): LoggedError | undefined {
    this.#schema ??= { refusal: this.#refusesSchema() ? refusals.schema : undefined };
    return this.#schema.refusal;
  }

  /**
   * Firehose repeats a delivery that S3 refuses until the role allows it or a day has passed; here it is an error at
   * once.
   *
   * @throws PermissionError
   */
  write(destination: Destination, key: string): void {
    const { bucket, roleArn } = destination;
    const caller = streamCaller(this.#stream, roleArn);
    const refused =
      this.#permissions.refusal(calls.streamFindsBucket, caller, { bucket }) ??
      this.#permissions.refusal(calls.streamWritesObject, caller, { bucket, key });
    if (!refused) return;
    this.#log.write(destination, refusals.write);
    throw new PermissionError(
      `The delivery stream ${this.#stream.name} cannot deliver: ${refusedOf(refused)}. Allow it and start again: every acknowledged message is kept.`,
    );
  }

  #refusesSchema(): boolean {
    const { conversion } = this.#stream;
    if (!conversion) return false;
    const caller = streamCaller(this.#stream, conversion.roleArn);
    return this.#permissions.refusal(calls.streamReadsSchema, caller, conversion) !== undefined;
  }
}
