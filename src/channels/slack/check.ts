import { formatNumber } from "../../core/format.ts";
import type { CheckResult } from "../../core/integration.ts";
import { listWords } from "../../core/text.ts";
import type { ChannelOptions } from "../index.ts";
import { fieldsOf, text } from "./parse.ts";
import { missingScopes } from "./scopes.ts";
import type { SlackSettings } from "./settings.ts";

/** What stands in the way of a working Slack, for doctor. Which events are subscribed to cannot be asked with a bot token. */

type Where = Pick<ChannelOptions, "now" | "publicUrl" | "loopback">;

const SLACK = "https://slack.com/api/";
const ANSWER_MS = 10_000;
const UNREACHED = "Check that this machine reaches slack.com.";
/** Signatures older than five minutes are refused; clocks that differ by less do no harm yet. */
const SKEW_S = { told: 60, refused: 300 } as const;

/** Never throws. What needs the token is left out when the token does not work. */
export async function checkSlack(settings: SlackSettings, where: Where): Promise<CheckResult[]> {
  const base = settings.SLACK_API_URL ?? SLACK;
  const answer = await call(base, "auth.test", settings.SLACK_BOT_TOKEN);
  const token = tokenResult(answer, settings.SLACK_APP_TOKEN ? "a socket" : "HTTP");
  const reached = settings.SLACK_APP_TOKEN ? await socketResult(base, settings.SLACK_APP_TOKEN) : await addressResult(where);
  const rest = answer && token.state === "ok" ? scopeResults(answer) : [];
  return [token, ...rest, ...(answer ? clockResult(answer, where.now()) : []), reached];
}

/** All of it in one line each for the state, the message and the fix. */
export function summaryOf(results: readonly CheckResult[]): CheckResult {
  const [first] = results;
  const problems = results.filter(({ state }) => state !== "ok");
  if (problems.length === 0) return { name: "slack", state: "ok", message: first?.message ?? "" };
  return {
    name: "slack",
    state: problems.some(({ state }) => state === "failed") ? "failed" : "warning",
    message: [...(first?.state === "ok" ? [`${first.message}.`] : []), ...problems.map(({ message }) => message)].join(" "),
    fix: problems.flatMap(({ fix }) => fix ?? []).join(" "),
  };
}

interface Answer {
  ok: boolean;
  error: string;
  body: Readonly<Record<string, unknown>>;
  headers: Headers;
}

/** The SDK hides the headers, and two of the questions are about those. undefined: no answer, or not Slack's. */
async function call(base: string, method: string, token: string): Promise<Answer | undefined> {
  try {
    const response = await fetch(new URL(method, base.endsWith("/") ? base : `${base}/`), {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/x-www-form-urlencoded" },
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const body = fieldsOf(await response.json());
    return response.ok ? { ok: body.ok === true, error: text(body.error), body, headers: response.headers } : undefined;
  } catch {
    return undefined;
  }
}

function tokenResult(answer: Answer | undefined, transport: string): CheckResult {
  if (!answer) return { name: "slack", state: "failed", message: "Slack does not answer.", fix: UNREACHED };
  const { user, team } = answer.body;
  if (answer.ok)
    return { name: "slack", state: "ok", message: `${text(user) || "bot"} in ${text(team) || "a workspace"}, over ${transport}` };
  return {
    name: "slack",
    state: "failed",
    message: `Slack refused the token (${answer.error}).`,
    fix: "Copy the bot token of the app again into SLACK_BOT_TOKEN, and reinstall the app if its scopes changed.",
  };
}

function scopeResults({ headers }: Answer): CheckResult[] {
  const granted = headers.get("x-oauth-scopes");
  if (granted === null) return [];
  const { needed, useful } = missingScopes(granted.split(",").map((scope) => scope.trim()));
  const name = "slack: scopes";
  const fix = (scopes: readonly string[]) =>
    `Add ${listWords(scopes, 20)} under OAuth & Permissions (or create the app from \`firstmate manifest slack\`), and reinstall the app.`;
  const results: CheckResult[] = [
    ...(needed.length
      ? [
          {
            name,
            state: "failed" as const,
            message: `Scopes are missing; without them I cannot: ${reasons(needed)}.`,
            fix: fix(scopesOf(needed)),
          },
        ]
      : []),
    ...(useful.length
      ? [
          {
            name,
            state: "warning" as const,
            message: `Without the optional scopes I cannot: ${reasons(useful)}.`,
            fix: fix(scopesOf(useful)),
          },
        ]
      : []),
  ];
  return results.length ? results : [{ name, state: "ok", message: "All scopes are granted." }];
}

function scopesOf(missing: readonly { scope: string }[]): string[] {
  return missing.map(({ scope }) => scope);
}

function reasons(missing: readonly { why: string }[]): string {
  return [...new Set(missing.map(({ why }) => why))].join("; ");
}

function clockResult({ headers }: Answer, now: Date): CheckResult[] {
  const theirs = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(theirs)) return [];
  const seconds = Math.round((now.getTime() - theirs) / 1000);
  const size = Math.abs(seconds);
  const name = "slack: clock";
  if (size < SKEW_S.told) return [{ name, state: "ok", message: "This machine's clock agrees with Slack's." }];
  return [
    {
      name,
      state: size < SKEW_S.refused ? "warning" : "failed",
      message: `This machine's clock is ${formatNumber(size)} seconds ${seconds > 0 ? "ahead of" : "behind"} Slack's${size < SKEW_S.refused ? "" : ", so signed deliveries are refused"}.`,
      fix: "Set the clock, for example by turning on NTP.",
    },
  ];
}

async function socketResult(base: string, appToken: string): Promise<CheckResult> {
  const name = "slack: socket";
  const answer = await call(base, "apps.connections.open", appToken);
  if (answer?.ok) return { name, state: "ok", message: "SLACK_APP_TOKEN opens a socket." };
  return {
    name,
    state: "failed",
    message: answer ? `Slack refused SLACK_APP_TOKEN (${answer.error}).` : "Slack gave no address for a socket.",
    fix: answer ? "Make an app-level token with connections:write, set it as SLACK_APP_TOKEN, and turn socket mode on." : UNREACHED,
  };
}

/** Asked without a signature, our own door says 401: then it is us that is reached. */
async function addressResult({ publicUrl, loopback }: Where): Promise<CheckResult> {
  const name = "slack: address";
  if (!publicUrl) {
    if (!loopback) return { name, state: "ok", message: "PUBLIC_URL is not set, so the address Slack delivers to was not tried." };
    return {
      name,
      state: "warning",
      message: "Only this machine can reach me, and PUBLIC_URL is not set.",
      fix: "Set PUBLIC_URL to the https address that leads here, or use socket mode (SLACK_APP_TOKEN), which needs none.",
    };
  }
  const address = new URL("/slack/events", publicUrl).href;
  const status = await fetch(address, { method: "POST", body: "{}", redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS) }).then(
    (response) => response.status,
    () => 0,
  );
  if (status === 401) return { name, state: "ok", message: `${address} leads here, and takes only what Slack signed.` };
  return {
    name,
    state: "warning",
    message: status ? `${address} answers ${status}, not as this program does.` : `${address} does not answer.`,
    fix: "Start firstmate serve, lead that address to it, and give the same address to Slack as its request URL.",
  };
}
