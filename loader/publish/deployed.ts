import type { DeployedTargetOptions } from "./deployed-target.ts";
import type { Target } from "./target.ts";

/**
 * A deployed environment: its IoT data plane, paced to the service's limits, and its bucket. AWS's client and signer are loaded here, so
 * that a load to this machine does not wait for them.
 * @throws PublishError when it cannot be reached, or there are no credentials or certificates
 */
export async function deployedTarget(options: DeployedTargetOptions): Promise<Target> {
  const { openDeployed } = await import("./deployed-target.ts");
  return openDeployed(options);
}
