import type { CheckResult } from "../../core/integration.ts";
import type { TeamsIdentity } from "./settings.ts";

export interface CheckOptions {
  /** Where tokens for the bot are made, without the path of the protocol's version. */
  login: string;
  scope: string;
  publicUrl: string | undefined;
  now(): Date;
}

const DEADLINE_MS = 8_000;
/** Teams' tokens are taken five minutes early or late. */
const MOST_SKEW_MS = 5 * 60_000;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What Microsoft's numbers mean for who sets up the bot. */
const REFUSALS: readonly (readonly [RegExp, string, string])[] = [
  [/AADSTS7000215/, "the client secret is wrong", "Copy the secret's value, not its id, into MICROSOFT_APP_PASSWORD."],
  [/AADSTS7000222/, "the client secret has expired", "Make a new client secret in the app registration and set MICROSOFT_APP_PASSWORD."],
  [/AADSTS700016/, "the app is unknown in this tenant", "Check MICROSOFT_APP_ID, and that the registration is in MICROSOFT_APP_TENANT_ID."],
  [/AADSTS(90002|900023)/, "there is no such tenant", "Copy the Directory (tenant) ID of the registration into MICROSOFT_APP_TENANT_ID."],
  [
    /AADSTS(7000112|700027)/,
    "the app is disabled or its credential was refused",
    "Enable the app registration, or make a new client secret.",
  ],
];

/** Whether Teams can reach the bot and the bot Teams, point by point. Never throws. */
export async function checkTeams(identity: TeamsIdentity, options: CheckOptions): Promise<readonly CheckResult[]> {
  if (identity.kind === "anonymous")
    return [
      {
        name: "teams",
        state: "warning",
        message: "anonymous: answers tools on this machine without tokens",
        fix: "For real use set MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD and MICROSOFT_APP_TENANT_ID, and remove TEAMS_ANONYMOUS.",
      },
    ];
  return [...checkIds(identity), ...(await checkToken(identity, options)), checkAddress(options.publicUrl)];
}

type App = Extract<TeamsIdentity, { kind: "app" }>;

function checkIds({ id, tenant }: App): CheckResult[] {
  const name = "teams: identity";
  if (!ID.test(id))
    return [
      {
        name,
        state: "failed",
        message: "MICROSOFT_APP_ID is no application id",
        fix: "Copy the Application (client) ID of the registration.",
      },
    ];
  // Activities name their tenant by its id: a domain would be equal to none.
  if (!ID.test(tenant))
    return [
      {
        name,
        state: "failed",
        message: "MICROSOFT_APP_TENANT_ID is no tenant id",
        fix: "Copy the Directory (tenant) ID of the registration.",
      },
    ];
  return [{ name, state: "ok", message: `app ${id} of tenant ${tenant}` }];
}

/** Asks for a token as the bot does before it posts; its Date header tells how far the clocks are apart. */
async function checkToken({ id, password }: App, { login, scope, now }: CheckOptions): Promise<CheckResult[]> {
  const name = "teams: token";
  try {
    const response = await fetch(`${login.replace(/\/$/, "")}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: password, scope: `${scope}/.default` }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const clock = checkClock(response.headers.get("date"), now());
    if (response.ok) {
      await response.body?.cancel();
      return [{ name, state: "ok", message: "Microsoft gives the bot its token" }, ...clock];
    }
    return [{ name, state: "failed", ...refusalOf(response.status, await response.text()) }, ...clock];
  } catch {
    return [
      {
        name,
        state: "failed",
        message: "Microsoft's login does not answer",
        fix: `Let this machine reach ${new URL(login).host} over https.`,
      },
    ];
  }
}

/** Microsoft's own words stay out: they name the registration. */
function refusalOf(status: number, body: string): { message: string; fix: string } {
  const known = REFUSALS.find(([number]) => number.test(body));
  if (known) return { message: `Microsoft refused the bot: ${known[1]}`, fix: known[2] };
  if (status >= 500 || status === 429) return { message: `Microsoft's login answered ${status}`, fix: "Try again in a minute." };
  return {
    message: `Microsoft refused the bot (${status})`,
    fix: "Check MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD and MICROSOFT_APP_TENANT_ID against the app registration.",
  };
}

function checkClock(date: string | null, now: Date): CheckResult[] {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) return [];
  const minutes = Math.round(Math.abs(now.getTime() - theirs) / 60_000);
  if (Math.abs(now.getTime() - theirs) < MOST_SKEW_MS) return [{ name: "teams: clock", state: "ok", message: "agrees with Microsoft's" }];
  const side = now.getTime() > theirs ? "ahead of" : "behind";
  return [
    {
      name: "teams: clock",
      state: "failed",
      message: `this machine is ${minutes} minutes ${side} Microsoft, so tokens are refused`,
      fix: "Set the clock: turn on NTP (timedatectl set-ntp true).",
    },
  ];
}

function checkAddress(publicUrl: string | undefined): CheckResult {
  const name = "teams: address";
  if (publicUrl === undefined || publicUrl === "")
    return {
      name,
      state: "warning",
      message: "PUBLIC_URL is not set, so it is not known where Teams delivers, and large charts come as messages of their own",
      fix: "Set PUBLIC_URL to the https address whose /api/messages is the bot's messaging endpoint.",
    };
  if (!URL.canParse(publicUrl) || new URL(publicUrl).protocol !== "https:")
    return {
      name,
      state: "failed",
      message: "PUBLIC_URL is no https address, and Teams delivers to no other",
      fix: "Set PUBLIC_URL to https://…",
    };
  return { name, state: "ok", message: `the messaging endpoint is ${new URL("/api/messages", publicUrl).href}` };
}

/** The worst of them, in one line. */
export function summary(results: readonly CheckResult[]): CheckResult {
  const order = ["failed", "warning", "off", "ok"];
  const worst = results.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))[0];
  if (!worst || worst.state === "ok")
    return { name: "teams", state: "ok", message: results.map(({ message }) => message).join("; ") || "set up" };
  return { ...worst, name: "teams" };
}
