import { toIndex } from "./conversions.ts";
import type { SqlFunction } from "./functions.ts";
import type { Value } from "./value.ts";

/** The account id of AWS's documentation. */
const documentationAccount = "123456789012";

/** The nth level of a topic, counted from 1. */
function level(topic: string, n: Value): Value {
  const index = toIndex(n);
  return index === undefined || index < 1 ? undefined : topic.split("/")[index - 1];
}

/** What is known of the message and of the rule. */
export const contextFunctions = {
  accountid: { arity: [0, 0], needsMessage: true, call: ({ message }) => message.accountId ?? documentationAccount },
  clientid: {
    arity: [0, 0],
    needsMessage: true,
    call: ({ message }) => (message.protocol === "http" ? "n/a" : (message.clientId ?? "n/a")),
  },
  newuuid: { arity: [0, 0], needsMessage: true, call: (frame) => frame.uuid() },
  principal: { arity: [0, 0], needsMessage: true, call: ({ message }) => message.principal },
  rand: { arity: [0, 0], needsMessage: true, call: (frame) => frame.random() },
  sourceip: { arity: [0, 0], needsMessage: true, call: ({ message }) => message.sourceIp },
  sql_version: { arity: [0, 0], call: () => "2016-03-23" },
  timestamp: { arity: [0, 0], needsMessage: true, call: ({ message }) => message.received },
  topic: {
    arity: [0, 1],
    needsMessage: true,
    call: ({ message }, ...args) => (args.length === 0 ? message.topic : level(message.topic, args[0])),
  },
  traceid: {
    arity: [0, 0],
    needsMessage: true,
    call: ({ message }) => (message.protocol === "http" ? undefined : message.traceId),
  },
  /** Headers of MQTT 5; a message of MQTT 3.1.1, which is all that is spoken here, has none. */
  get_mqtt_property: { arity: [1, 1], needsMessage: true, call: () => undefined },
  get_user_properties: { arity: [1, 1], needsMessage: true, call: () => undefined },
} satisfies Record<string, SqlFunction>;
