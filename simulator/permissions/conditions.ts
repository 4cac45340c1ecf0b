import { fits, fitsArn } from "./pattern.ts";

/**
 * The condition operators that are known here (IAM user guide, "IAM JSON policy elements: Condition operators"); each
 * says whether the request's value passes for one value of the policy.
 */
export const operators = {
  StringEquals: (value: string, expected: string) => value === expected,
  StringLike: (value: string, pattern: string) => fits(pattern, value),
  ArnEquals: (value: string, pattern: string) => fitsArn(pattern, value),
  ArnLike: (value: string, pattern: string) => fitsArn(pattern, value),
  Bool: (value: string, expected: string) => value.toLowerCase() === expected.toLowerCase(),
};

/** Name of a condition operator. */
export type Operator = keyof typeof operators;
