import { compileStatement, type Message } from "../index.ts";

/** A message with a payload of text, bytes or JSON. */
export function message(payload: unknown, properties: Partial<Message> = {}): Message {
  const bytes =
    payload instanceof Uint8Array
      ? payload
      : Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
  return { topic: "metercast/dev/London/meter/steam", received: 1_700_000_000_000, ...properties, payload: bytes };
}

/** What an action gets, as text. */
export function output(sql: string, payload: unknown = {}, properties: Partial<Message> = {}): string | undefined {
  const result = compileStatement(sql).evaluate(message(payload, properties));
  return result instanceof Uint8Array ? Buffer.from(result).toString() : result;
}

/** The JSON text of an expression's value; the empty text for Undefined. */
export function value(expression: string, payload: unknown = {}): string | undefined {
  return output(`SELECT VALUE (${expression})`, payload);
}
