import type { Definition } from "./lead-time.ts";

/**
 * Share of deployments that led to a failure, as a ratio. devlake: incidents laid to deployments / deployments, so it can exceed 1.
 * four_keys and middleware: deployments with at least one incident laid to them / deployments. null without a deployment.
 * `incidents` holds, per incident, the id of its deployment.
 */
export function changeFailureRate(deployments: readonly string[], incidents: readonly string[], definition: Definition): number | null {
  const ids = new Set(deployments);
  if (ids.size === 0) return null;
  const laid = incidents.filter((id) => ids.has(id));
  return (definition === "devlake" ? laid.length : new Set(laid).size) / ids.size;
}
