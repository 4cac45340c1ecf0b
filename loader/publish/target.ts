import { LoadError } from "../errors.ts";

/** Where messages and objects go: a stack's broker and bucket, in the cloud or on this machine. */
export interface Target {
  /** Publishes that may be under way at a time; more would only wait. */
  readonly window: number;
  /** Resolves when the message was acknowledged (QoS 1). @throws PublishError when the target gives up */
  publish(topic: string, payload: Uint8Array | string): Promise<void>;
  /** Puts an object into the environment's bucket. */
  putObject(key: string, body: Uint8Array): Promise<void>;
  /** Closes the connections after what is under way was acknowledged. */
  close(): Promise<void>;
}

/** Messages could not be delivered. The message says where to and what to do. */
export class PublishError extends LoadError {
  override name = "PublishError";
}
