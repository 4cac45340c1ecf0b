import type { Graph } from "@metercast/graph";
import type { Caller } from "./callers.ts";
import { assumeRole, contextOf, type Call, type Context, type Place } from "./calls.ts";
import { evaluate, type Verdict } from "./evaluate.ts";
import { readPolicies, type DeclaredPolicies } from "./roles.ts";

/** What a role's policies say to one action that a call needs. Plain data, so that it can pass between threads. */
export interface Decision {
  /** Who asks: the role's name, or the service that wants to take the role. */
  principal: string;
  action: string;
  /** ARN. */
  resource: string;
  /** Condition keys that the call has beside those that every call has. */
  context: Context;
  /** Who needs it for what: "the delivery stream readings, to convert its records". */
  neededBy: string;
  allowed: boolean;
  /** Why nothing on this machine needs the action, for one that AWS's guides ask for. */
  unneeded: string | undefined;
  /** What AWS answers where it is not allowed. */
  message: string;
}

/**
 * What the declared roles allow. Every call from one resource to another asks here before it is made.
 *
 * A decision depends on nothing but the graph: a caller on a fast path asks once and remembers.
 */
export class Permissions {
  readonly #policies: DeclaredPolicies;
  readonly #place: Place;
  readonly #decided: (decision: Decision) => void;
  readonly #told = new Set<string>();

  /**
   * @param decided Called once for each decision, allowed or not.
   * @throws DeclarationError for a policy that is not known here
   */
  constructor(graph: Graph, decided: (decision: Decision) => void) {
    this.#policies = readPolicies(graph);
    this.#place = { region: graph.region, accountId: graph.accountId };
    this.#decided = decided;
  }

  /** Why a call is refused; undefined when the caller's role can be taken and allows all of it. */
  refusal<Target>(call: Call<Target>, caller: Caller, target: Target): Decision | undefined {
    const refused = this.roleRefusal(caller);
    if (refused) return refused;
    const context = call.context?.(target) ?? {};
    const decisions = call.resources(target, this.#place).flatMap((resource) =>
      call.actions.map((action) =>
        this.#decide({
          principal: nameOf(caller.roleArn),
          action,
          resource,
          context,
          neededBy: `${caller.title}, ${call.purpose}`,
          unneeded: call.unneeded?.[action],
          verdict: this.allows(caller.roleArn, action, resource, context),
          session: sessionArn(caller, this.#place),
        }),
      ),
    );
    return decisions.find(({ allowed, unneeded }) => !allowed && unneeded === undefined);
  }

  /** Why a service may not take the role of the resource that it works for; undefined when it may. */
  roleRefusal(caller: Caller): Decision | undefined {
    const decision = this.#decide({
      principal: caller.by,
      action: assumeRole.action,
      resource: caller.roleArn,
      context: {},
      neededBy: caller.title,
      unneeded: undefined,
      verdict: this.#trusts(caller),
      session: sessionArn(caller, this.#place),
    });
    return decision.allowed ? undefined : decision;
  }

  /**
   * What a role's policies and those of the resource say to an action.
   *
   * @param context condition keys of the call beside those that every call has
   */
  allows(roleArn: string, action: string, resource: string, context: Context = {}): Verdict {
    const role = this.#policies.roles.get(roleArn);
    if (!role) return { allowed: false };
    return evaluate([...role.statements, ...this.#policies.resourceStatements], {
      action,
      resource,
      principal: roleArn,
      context: { ...contextOf(roleArn, this.#place), ...context },
    });
  }

  #trusts({ by, arn, roleArn }: Caller): Verdict {
    const role = this.#policies.roles.get(roleArn);
    if (!role) return { allowed: false };
    return evaluate(role.trust, {
      action: assumeRole.action,
      resource: role.arn,
      principal: by,
      context: assumeRole.context(by, arn, this.#place),
    });
  }

  #decide({ verdict, session, ...asked }: Asked): Decision {
    const { action, resource } = asked;
    const message = answerOf(verdict, action, resource, session);
    const decision: Decision = { ...asked, allowed: verdict.allowed, message };
    this.#tell(decision);
    return decision;
  }

  /** Objects are without number; what is told of one is told of its folder. */
  #tell(decision: Decision): void {
    const resource = decision.resource.replace(/^(arn:aws:s3:::.*\/)[^/]*$/, "$1*");
    const key = JSON.stringify([decision.principal, decision.action, resource, decision.neededBy, decision.allowed]);
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#decided(decision);
  }
}

/** What a decision is made of. */
interface Asked extends Omit<Decision, "allowed" | "message"> {
  verdict: Verdict;
  /** ARN of the session in which the caller has its role. */
  session: string;
}

/** What was refused, and for whom, in a sentence for a person who has to allow it. */
export function sentenceOf(decision: Decision): string {
  const { neededBy, unneeded: reason } = decision;
  return `${refusedOf(decision)} (needed by ${neededBy}${reason === undefined ? "" : `; here it goes on: ${reason}`})`;
}

/** What was refused: role, action, resource. */
export function refusedOf({ principal, action, resource }: Decision): string {
  const who = action === assumeRole.action ? principal : `role ${principal}`;
  return `${who} may not ${action} on ${resource}`;
}

/** The words of AWS's services (IAM user guide, "Troubleshoot access denied error messages"). */
function answerOf({ denial }: Verdict, action: string, resource: string, principal: string): string {
  const because = denial
    ? `with an explicit deny in ${denial.principals ? "a resource-based" : "an identity-based"} policy`
    : `because no ${action === assumeRole.action ? "resource" : "identity"}-based policy allows the ${action} action`;
  return `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ${because}`;
}

/** A service has a role in a session, which is what AWS's messages name. */
function sessionArn({ roleArn, name }: Caller, { accountId }: Place): string {
  return `arn:aws:sts::${accountId}:assumed-role/${nameOf(roleArn)}/${name}`;
}

function nameOf(roleArn: string): string {
  return roleArn.split("/").at(-1) ?? roleArn;
}
