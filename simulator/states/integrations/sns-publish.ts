import { randomUUID } from "node:crypto";
import { NotificationRefusal, type Notifications } from "../../notifications/notifications.ts";
import { calls } from "../../permissions/index.ts";
import type { Json, JsonObject } from "../json.ts";
import { StateError } from "../state-error.ts";
import type { Integration, TaskContext } from "./integration.ts";

/**
 * `arn:aws:states:::sns:publish`: a message that is no text is published as its JSON (Step Functions developer guide,
 * "Publish messages to an Amazon SNS topic with Step Functions").
 */
export function snsPublish(notifications: Notifications): Integration {
  return {
    resource: "arn:aws:states:::sns:publish",
    parameters: ["Message", "Subject", "TopicArn"],
    required: ["Message", "TopicArn"],
    start: (parameters, task) => Promise.try(() => publish(notifications, parameters, task)),
  };
}

function publish(
  notifications: Notifications,
  { Message: message = "", Subject: subject, TopicArn: topicArn }: JsonObject,
  task: TaskContext,
): Json {
  if (typeof topicArn !== "string") throw invalid("TopicArn");
  if (subject !== undefined && typeof subject !== "string") throw invalid("Subject");
  task.authorize(calls.publishesMessage, { topicArn }, "SNS.AuthorizationErrorException");
  const text = typeof message === "string" ? message : JSON.stringify(message);
  try {
    const { id } = notifications.publish(topicArn, text, subject);
    return {
      MessageId: id,
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: randomUUID() },
    };
  } catch (error) {
    if (!(error instanceof NotificationRefusal)) throw error;
    throw new StateError(`SNS.${error.type}`, error.message);
  }
}

function invalid(parameter: string): StateError {
  return new StateError("SNS.InvalidParameterException", `Invalid parameter: ${parameter}`);
}
