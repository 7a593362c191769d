import type { CoreSettings } from "../config/settings.ts";

/** The secret of each webhook source that is turned on. */
export function webhookSecrets(core: CoreSettings) {
  const all = {
    dynatrace: core.WEBHOOK_DYNATRACE_SECRET,
    newrelic: core.WEBHOOK_NEWRELIC_SECRET,
    alertmanager: core.WEBHOOK_ALERTMANAGER_SECRET,
    github: core.WEBHOOK_GITHUB_SECRET,
    sns: core.WEBHOOK_SNS_SECRET,
    generic: core.WEBHOOK_GENERIC_SECRET,
  };
  return Object.fromEntries(Object.entries(all).filter(([, secret]) => secret !== undefined)) as { [source in keyof typeof all]?: string };
}

export function takesWebhooks(core: CoreSettings): boolean {
  return Object.keys(webhookSecrets(core)).length > 0;
}
