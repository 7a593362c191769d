import { ACCOUNTS } from "../../world/costs.ts";

/** How the company is known at AWS. */

export const ACCESS_KEY = "demo-aws-key";
export const SECRET_KEY = "demo-aws-secret";
/** The account that pays for all and whose key is given out. */
export const MANAGEMENT = accountNamed("shared-services");
const ROLE = "firstmate";

/** Roles of the other accounts, as the settings name them. */
export const ROLES = ACCOUNTS.filter(({ id }) => id !== MANAGEMENT).map(({ id }) => roleOf(id));

function roleOf(account: string): string {
  return `arn:aws:iam::${account}:role/${ROLE}`;
}

export function accountNamed(name: string): string {
  return ACCOUNTS.find((account) => account.name === name)?.id ?? name;
}

export function accountName(id: string): string {
  return ACCOUNTS.find((account) => account.id === id)?.name ?? id;
}

/** Services the bill calls otherwise than Cost Explorer does. */
const SERVICE_NAMES: Readonly<Record<string, string>> = {
  "Amazon Elastic Compute Cloud": "Amazon Elastic Compute Cloud - Compute",
};

export function serviceName(service: string): string {
  return SERVICE_NAMES[service] ?? service;
}
