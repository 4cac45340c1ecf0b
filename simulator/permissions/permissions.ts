import type { Graph } from "@metercast/graph";
import type { Caller } from "./callers.ts";
import { assumeRole, contextOf, type Call, type Place, type ServicePrincipal } from "./calls.ts";
import { evaluate, type Verdict } from "./evaluate.ts";
import { readPolicies, type DeclaredPolicies } from "./roles.ts";
import { unneeded } from "./unneeded.ts";

/** What a role's policies say to one action that a call needs. Plain data, so that it can pass between threads. */
export interface Decision {
  /** Who asks: the role's name, or the service that wants to take the role. */
  principal: string;
  action: string;
  /** ARN. */
  resource: string;
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
    const refused = this.roleRefusal(call.by, caller);
    if (refused) return refused;
    const neededBy = `${caller.title}, ${call.purpose}`;
    const decisions = call.resources(target, this.#place).flatMap((resource) =>
      call.actions.map((action) => {
        const verdict = this.allows(caller.roleArn, action, resource);
        return this.#decide(nameOf(caller.roleArn), action, resource, neededBy, verdict, caller);
      }),
    );
    return decisions.find(({ allowed, unneeded: reason }) => !allowed && reason === undefined);
  }

  /** Why a service may not take the role of the resource that it works for; undefined when it may. */
  roleRefusal(by: ServicePrincipal, caller: Caller): Decision | undefined {
    const decision = this.#decide(by, assumeRole.action, caller.roleArn, caller.title, this.#trusts(by, caller));
    return decision.allowed ? undefined : decision;
  }

  /** What a role's policies and those of the resource say to an action. */
  allows(roleArn: string, action: string, resource: string): Verdict {
    const role = this.#policies.roles.get(roleArn);
    if (!role) return { allowed: false };
    return evaluate([...role.statements, ...this.#policies.resourceStatements], {
      action,
      resource,
      principal: roleArn,
      context: contextOf(roleArn, this.#place),
    });
  }

  #trusts(by: ServicePrincipal, caller: Caller): Verdict {
    const role = this.#policies.roles.get(caller.roleArn);
    if (!role) return { allowed: false };
    return evaluate(role.trust, {
      action: assumeRole.action,
      resource: role.arn,
      principal: by,
      context: assumeRole.context(by, caller.arn, this.#place),
    });
  }

  #decide(
    principal: string,
    action: string,
    resource: string,
    neededBy: string,
    verdict: Verdict,
    caller?: Caller,
  ): Decision {
    const decision: Decision = {
      principal,
      action,
      resource,
      neededBy,
      allowed: verdict.allowed,
      unneeded: unneeded.get(action),
      message: answerOf(verdict, action, resource, caller ? sessionArn(caller, this.#place) : principal),
    };
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
