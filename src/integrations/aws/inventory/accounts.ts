import { fromInstant } from "../../../core/civil-date.ts";
import { VendorError } from "../../../errors.ts";
import { type AwsClient, accountOf } from "../client.ts";
import { ACCOUNT, REGION } from "../costs/dimensions.ts";
import type { Explorer, Meter } from "../costs/explorer.ts";
import { recentMonths } from "../costs/windows.ts";
import { callerAnswer } from "../schema.ts";

export interface Account {
  /** Twelve digits. */
  id: string;
  /** As Cost Explorer calls it, else its number. */
  name: string;
  /** The role to take in it; absent for the keys' own. */
  role?: string;
}

/** An account and the regions to look at there. */
export interface Estate {
  account: Account;
  regions: readonly string[];
}

const HOUR_MS = 3_600_000;
const SINGLE_REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

/** Who the keys are. Throws VendorError. */
export async function whoWeAre(client: AwsClient, signal: AbortSignal) {
  const ask = (inner: AbortSignal) =>
    client.ask(
      {
        service: "sts",
        place: { region: client.settings.AWS_REGION },
        action: "sts:GetCallerIdentity",
        command: "GetCallerIdentity",
        input: {},
      },
      callerAnswer,
      inner,
    );
  return (await client.http.cached("caller", ask, signal, { ttlMs: HOUR_MS, operation: "GetCallerIdentity" })).value;
}

/** The accounts that can be looked into, and where there is something: the regions named in the settings, else those with costs. */
export async function readEstates(
  client: AwsClient,
  explorer: Explorer,
  meter: Meter,
  signal: AbortSignal,
): Promise<{ estates: Estate[]; note?: string }> {
  const { AWS_REGIONS: named, AWS_REGION: home, AWS_ROLE_ARNS: roles } = client.settings;
  const [{ Account: own }, dear] = await Promise.all([whoWeAre(client, signal), placesWithCosts(client, explorer, meter, signal)]);
  const ids = new Map<string, string | undefined>([[own, undefined]]);
  for (const role of roles) if (!ids.has(accountOf(role))) ids.set(accountOf(role), role);
  const estates = [...ids].map(([id, role]) => {
    const account = { id, name: explorer.names.get(id) ?? id, ...(role ? { role } : {}) };
    const found = dear?.get(id) ?? new Set();
    const regions = named.length > 0 ? named : [...new Set([home, ...found])].sort();
    return { account, regions };
  });
  const blind = dear === undefined && named.length === 0;
  return blind
    ? { estates, note: `Only ${home} was looked at, because ce:GetCostAndUsage is not allowed; set AWS_REGIONS to name others.` }
    : { estates };
}

/** Account → regions; undefined when costs may not be seen. */
async function placesWithCosts(
  client: AwsClient,
  explorer: Explorer,
  meter: Meter,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlySet<string>> | undefined> {
  const period = recentMonths(fromInstant(client.now()));
  try {
    const question = { metric: "UnblendedCost", dimensions: [ACCOUNT, REGION], period, granularity: "MONTHLY" as const };
    const { value } = await explorer.table(question, { ttlMs: 6 * HOUR_MS }, meter, signal);
    const places = new Map<string, Set<string>>();
    for (const { values } of value.groups) {
      const [account = "", region = ""] = values;
      if (SINGLE_REGION.test(region)) places.set(account, (places.get(account) ?? new Set()).add(region));
    }
    return places;
  } catch (error) {
    if (!(error instanceof VendorError) || signal.aborted) throw error;
    // Where the regions are named, what costs something is only a name for an account.
    const isRefused = error.status === 403 || error.status === 400;
    if (isRefused || client.settings.AWS_REGIONS.length > 0) return undefined;
    throw error;
  }
}
