import { fromInstant } from "../core/civil-date.ts";
import { ROLES } from "../core/message.ts";
import type { App } from "./app.ts";
import { readArguments } from "./arguments.ts";
import { type Command, type World, WrongUse } from "./command.ts";

const DAY_MS = 86_400_000;
const MOST_DAYS = 36_500;

export const key: Command = {
  name: "key",
  usage: `create --role ${ROLES.join("|")} [--project NAME] | --agent ID [--name NAME] [--days N] | list | revoke ID  [--demo]`,
  summary: "Make, list and revoke keys to the API",
  details: [
    "The key is printed once, as the last word; only a hash of it is kept.",
    "--agent ID  the key has no role: it only sends the events of this AI agent",
    "--project NAME  nothing but this project and what belongs to it is there for the key; for a viewer or an analyst",
    "--days N  the key is refused after so many days; without it, never by age",
    "--demo    keys to the demo, whose database is its own",
  ],
  async run(args, world) {
    const { values, positionals } = readArguments(args, {
      role: { type: "string" },
      agent: { type: "string" },
      project: { type: "string" },
      name: { type: "string" },
      days: { type: "string" },
      demo: { type: "boolean" },
    });
    const [action = "", id] = positionals;
    const work = new Map([
      ["create", () => create(values)],
      ["list", () => list],
      ["revoke", () => revoke(id)],
    ]).get(action);
    if (!work) throw new WrongUse("Say create, list or revoke.");
    const prepared = work();
    const app = await world.open({ demo: values.demo ?? false });
    try {
      return await prepared(app, world);
    } finally {
      await app.close();
    }
  },
};

type Work = (app: App, world: World) => Promise<number>;

function create(values: { role?: string; agent?: string; project?: string; name?: string; days?: string }): Work {
  const { agent, project } = values;
  if (agent !== undefined && (values.role !== undefined || agent.trim() === ""))
    throw new WrongUse("A key has a --role, or sends the events of one --agent ID.");
  const role = agent === undefined ? ROLES.find((r) => r === values.role) : "viewer";
  if (!role) throw new WrongUse(`--role must be one of ${ROLES.join(", ")}.`);
  if (project !== undefined && (project.trim() === "" || agent !== undefined || role === "admin"))
    throw new WrongUse("--project goes with --role viewer or analyst, and names a project.");
  const days = values.days === undefined ? undefined : Number(values.days);
  if (days !== undefined && !(days > 0 && days <= MOST_DAYS))
    throw new WrongUse(`--days must be a number above 0 and at most ${MOST_DAYS}.`);
  return async (app, world) => {
    const expiry = days === undefined ? {} : { expiresAt: new Date(app.now().getTime() + days * DAY_MS) };
    const created = await app.keys.createKey({
      name: values.name ?? "unnamed",
      role,
      ...expiry,
      ...(agent === undefined ? {} : { agent }),
      ...(project === undefined ? {} : { project }),
    });
    const whose = agent === undefined ? `${role}${project === undefined ? "" : ` of project ${project}`}` : `the agent ${agent}`;
    world.out(`Key ${created.id} for ${whose}. It is shown this once:\n${created.secret}`);
    return 0;
  };
}

async function list(app: App, world: World): Promise<number> {
  const all = await app.keys.listKeys();
  if (all.length === 0) world.out("There are no keys.");
  for (const k of all) {
    const ends = k.revokedAt ? "  revoked" : k.expiresAt ? `  until ${fromInstant(k.expiresAt)}` : "";
    world.out(
      `${k.id}  ${(k.agent === null ? k.role : `agent ${k.agent}`).padEnd(7)}  ${k.name}${k.project === null ? "" : `  of project ${k.project}`}  created ${fromInstant(k.createdAt)}${ends}`,
    );
  }
  return 0;
}

function revoke(id: string | undefined): Work {
  if (!id) throw new WrongUse("Which key? `firstmate key list` shows the ids.");
  return async (app, world) => {
    const revoked = await app.keys.revokeKey(id);
    if (revoked) world.out("Revoked.");
    else world.err("There is no such key. `firstmate key list` shows the ids.");
    return revoked ? 0 : 1;
  };
}
