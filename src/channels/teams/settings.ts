import { z } from "zod";
import { ConfigError } from "../../errors.ts";

export const teamsSettings = z.object({
  MICROSOFT_APP_ID: z.string().min(1).optional().describe("App (client) id of the bot's registration."),
  MICROSOFT_APP_PASSWORD: z.string().min(1).optional().describe("Client secret of the registration.").meta({ secret: true }),
  MICROSOFT_APP_TENANT_ID: z.string().min(1).optional().describe("Tenant the bot belongs to; others are refused."),
  TEAMS_ANONYMOUS: z
    .enum(["true", "false"])
    .optional()
    .describe("true answers /api/messages without tokens, for tools on this machine only; never in production."),
});

export type TeamsSettings = z.output<typeof teamsSettings>;

export type TeamsIdentity = { kind: "app"; id: string; password: string; tenant: string } | { kind: "anonymous" };

/** Who the bot is in Teams. Throws ConfigError: the SDK turns authentication off for an empty app id, so half a setting is none. */
export function teamsIdentity(settings: TeamsSettings, place: { loopback: boolean; production: boolean }): TeamsIdentity {
  const names = ["MICROSOFT_APP_ID", "MICROSOFT_APP_PASSWORD", "MICROSOFT_APP_TENANT_ID"] as const;
  const missing = names.filter((name) => settings[name] === undefined);
  if (settings.TEAMS_ANONYMOUS === "true") {
    const problems = [
      ...(place.production ? ["TEAMS_ANONYMOUS: never with NODE_ENV=production. Remove it and set the three MICROSOFT_ variables."] : []),
      ...(place.loopback ? [] : ["TEAMS_ANONYMOUS: only with HOST on loopback. Remove it, or set HOST=127.0.0.1."]),
    ];
    if (problems.length > 0) throw new ConfigError(problems);
    if (missing.length === names.length) return { kind: "anonymous" };
  }
  const { MICROSOFT_APP_ID: id, MICROSOFT_APP_PASSWORD: password, MICROSOFT_APP_TENANT_ID: tenant } = settings;
  if (!id || !password || !tenant)
    throw new ConfigError([
      `Teams is half set up: ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} missing. Set all three, or none.`,
    ]);
  return { kind: "app", id, password, tenant };
}
