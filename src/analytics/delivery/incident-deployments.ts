import { byEnd, type Deployment } from "./deployment.ts";

export interface Failure {
  id: string;
  created: Date;
  resolved?: Date | undefined;
  service?: string | undefined;
  /** The deployment named as its cause by people or tools. */
  deployment?: string | undefined;
}

/**
 * The deployment an incident is laid to: the one it names, else the last that ended before it began (DevLake's rule). An incident
 * before the first deployment has none. "Began after", not "caused by": the rule knows only the order.
 * Source: apache/incubator-devlake, backend/plugins/dora/tasks/incident_deploy_connector.go.
 */
export function incidentDeployments(incidents: readonly Failure[], deployments: readonly Deployment[]): Map<string, Deployment> {
  const ordered = byEnd(deployments);
  const found = new Map<string, Deployment>();
  for (const { id, created, service, deployment } of incidents) {
    const named = deployment === undefined ? undefined : ordered.find((d) => d.id === deployment);
    const before = ordered.findLast(
      (d) => d.finished < created && (service === undefined || d.service === undefined || d.service === service),
    );
    const chosen = named ?? before;
    if (chosen) found.set(id, chosen);
  }
  return found;
}
