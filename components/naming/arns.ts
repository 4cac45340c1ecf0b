/** The AWS partition of a region: China and GovCloud have their own. */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) {
    return "aws-cn";
  }
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Where resources stand: enough to form their ARNs. */
export interface Place {
  region: string;
  accountId: string;
}

/** `arn:<partition>:<service>:<region>:<account>:<resource>`. */
export function arnOf(place: Place, service: string, resource: string): string {
  return `arn:${partitionOf(place.region)}:${service}:${place.region}:${place.accountId}:${resource}`;
}
