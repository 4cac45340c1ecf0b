import type { Context } from "./calls.ts";
import { operators } from "./conditions.ts";
import { fitsAction, fitsArn } from "./pattern.ts";
import type { Condition, Statement } from "./policy-document.ts";

/** What a principal asks for. */
export interface Request {
  action: string;
  /** ARN. */
  resource: string;
  /** Who asks: a service ("firehose.amazonaws.com") or the ARN of a role. */
  principal: string;
  context: Context;
}

/** How policies decide: a statement that denies wins over any that allows; without one that allows nothing is allowed. */
export interface Verdict {
  allowed: boolean;
  /** The statement that denies, where one does. */
  denial?: Statement;
}

/**
 * Decides a request by the policies of its identity and of its resource, both of one account (IAM user guide, "Policy
 * evaluation logic").
 */
export function evaluate(statements: readonly Statement[], request: Request): Verdict {
  const fitting = statements.filter((statement) => concerns(statement, request));
  const denial = fitting.find(({ effect }) => effect === "Deny");
  if (denial) return { allowed: false, denial };
  return { allowed: fitting.length > 0 };
}

function concerns(statement: Statement, { action, resource, principal, context }: Request): boolean {
  return (
    isAbout(statement, principal) &&
    statement.actions.some((pattern) => fitsAction(pattern, action)) &&
    (statement.resources?.some((pattern) => fitsArn(pattern, resource)) ?? true) &&
    statement.conditions.every((condition) => holds(condition, context))
  );
}

function isAbout({ principals }: Statement, principal: string): boolean {
  if (principals === undefined || principals === "anyone") return true;
  return principals.services.includes(principal) || principals.arns.includes(principal);
}

/**
 * A key that the request does not have makes a condition false, but one of ForAllValues true (IAM user guide, "Condition
 * operators" and "Set operators for multivalued context keys").
 */
function holds({ operator, key, values }: Condition, context: Context): boolean {
  const value = context[key];
  if (value === undefined) return operator.startsWith("ForAllValues:");
  return values.some((expected) => operators[operator](value, expected));
}
