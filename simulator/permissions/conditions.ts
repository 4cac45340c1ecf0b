import { fits, fitsArn } from "./pattern.ts";

/**
 * The condition operators that are known here (IAM user guide, "IAM JSON policy elements: Condition operators"); each
 * says whether the request's value passes for one value of the policy.
 */
export const operators = {
  "StringEquals": (value: string, expected: string) => value === expected,
  "StringLike": (value: string, pattern: string) => fits(pattern, value),
  "ArnEquals": (value: string, pattern: string) => fitsArn(pattern, value),
  "ArnLike": (value: string, pattern: string) => fitsArn(pattern, value),
  "Bool": (value: string, expected: string) => value.toLowerCase() === expected.toLowerCase(),
  // of a key with several values, each of them; none at all pass, too
  "ForAllValues:StringEquals": (value: string, expected: string) => value === expected,
};

/**
 * Condition keys of requests that nothing on this machine makes, each with the request: no request has a value of them.
 */
export const keysOfOtherRequests: ReadonlyMap<string, string> = new Map([
  ["lambda:functionurlauthtype", "a call of a function's URL"],
  ["lambda:invokedviafunctionurl", "a call of a function's URL"],
  ["quicksight:allowedembeddingdomains", "the URL of an embedded dashboard"],
]);

/** Name of a condition operator. */
export type Operator = keyof typeof operators;
