/** Whether a text fits an IAM pattern: `*` stands for any characters, `?` for one. */
export function fits(pattern: string, text: string): boolean {
  const expression = pattern.replace(/[*?]|[^*?]+/g, (part) => {
    if (part === "*") return ".*";
    return part === "?" ? "." : RegExp.escape(part);
  });
  return new RegExp(`^${expression}$`, "s").test(text);
}

/** IAM compares the names of actions whatever their case (IAM user guide, "JSON policy elements: Action"). */
export function fitsAction(pattern: string, action: string): boolean {
  return fits(pattern.toLowerCase(), action.toLowerCase());
}

/**
 * Whether an ARN fits a pattern, field by field: a wildcard does not reach over a colon that separates fields, but the
 * last field may have colons of its own. Fields that the pattern leaves out stand for any (IAM user guide, "JSON policy
 * elements: Resource").
 */
export function fitsArn(pattern: string, arn: string): boolean {
  if (pattern === "*") return true;
  const patterns = fieldsOf(pattern);
  return fieldsOf(arn).every((field, at) => fits(patterns[at] ?? "*", field));
}

/** arn, partition, service, region, account, resource. */
function fieldsOf(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
