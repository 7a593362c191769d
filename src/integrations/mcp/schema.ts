import { z } from "zod";

const text = z.string().min(1).max(4_096);
const allow = z
  .array(z.string().min(1).max(128))
  .max(100)
  .default([])
  .describe("Tools that may be used although they do not say that they only read.");

const program = z.strictObject({
  command: text.describe("The program that is the server, started without a shell."),
  args: z.array(z.string().max(4_096)).max(100).default([]),
  env: z.record(z.string(), z.string()).default({}).describe("Added to PATH, HOME and the like; nothing else of ours is passed on."),
  allow,
});
const address = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }),
    headers: z.record(z.string(), z.string()).default({}).describe("Sent with every request: the authorization."),
    allowHttp: z.stringbool().or(z.boolean()).default(false).describe("http to other hosts than this machine too."),
    allow,
  })
  .refine(({ url, allowHttp }) => allowHttp || isSafe(new URL(url)), {
    message: "must be https, or http on this machine; “allowHttp: true” permits it elsewhere",
    path: ["url"],
  });

export const server = z.union([program, address]);
export type ServerSettings = z.output<typeof server>;

export const servers = z.record(
  z.string().regex(/^[a-z][a-z0-9]{0,19}(?:_[a-z0-9]+)*$/, "a name is small letters, digits and single _, at most 20"),
  server,
);

/** The text of the setting, as settings. */
export function parseServers(value: string, refuse: (message: string) => void): Readonly<Record<string, ServerSettings>> {
  let given: unknown;
  try {
    given = JSON.parse(value);
  } catch {
    refuse("must be JSON: {name: {command, args, env} or {url, headers}}");
    return {};
  }
  const result = servers.safeParse(given);
  if (result.success) return result.data;
  for (const issue of result.error.issues) refuse(`${issue.path.join(".") || "it"}: ${said(issue)}`);
  return {};
}

function said(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_union") return "needs a command (with args, env) or a url (with headers), and nothing else but allow";
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? issue.message;
  return issue.message;
}

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
