import { fromInstant } from "../core/civil-date.ts";
import { ROLES } from "../core/message.ts";
import type { App } from "./app.ts";
import { readArguments } from "./arguments.ts";
import { type Command, type World, WrongUse } from "./command.ts";

const DAY_MS = 86_400_000;

export const key: Command = {
  name: "key",
  usage: `create --role ${ROLES.join("|")} [--name NAME] [--days N] | list | revoke ID`,
  summary: "Make, list and revoke keys to the API",
  details: ["The key is printed once, as the last word; only a hash of it is kept."],
  async run(args, world) {
    const { values, positionals } = readArguments(args, { role: { type: "string" }, name: { type: "string" }, days: { type: "string" } });
    const [action = "", id] = positionals;
    const work = { create: () => create(values), list: () => list, revoke: () => revoke(id) }[action];
    if (!work) throw new WrongUse("Say create, list or revoke.");
    const prepared = work();
    const app = await world.open({});
    try {
      return await prepared(app, world);
    } finally {
      await app.close();
    }
  },
};

type Work = (app: App, world: World) => Promise<number>;

function create(values: { role?: string; name?: string; days?: string }): Work {
  const role = ROLES.find((r) => r === values.role);
  if (!role) throw new WrongUse(`--role must be one of ${ROLES.join(", ")}.`);
  const days = values.days === undefined ? undefined : Number(values.days);
  if (days !== undefined && !(days > 0)) throw new WrongUse("--days must be a number above 0.");
  return async (app, world) => {
    const expiry = days === undefined ? {} : { expiresAt: new Date(app.now().getTime() + days * DAY_MS) };
    const created = await app.keys.createKey({ name: values.name ?? "unnamed", role, ...expiry });
    world.out(`Key ${created.id} for ${role}. It is shown this once:\n${created.secret}`);
    return 0;
  };
}

async function list(app: App, world: World): Promise<number> {
  for (const k of await app.keys.listKeys()) {
    const ends = k.revokedAt ? "  revoked" : k.expiresAt ? `  until ${fromInstant(k.expiresAt)}` : "";
    world.out(`${k.id}  ${k.role.padEnd(7)}  ${k.name}  created ${fromInstant(k.createdAt)}${ends}`);
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

export const migrate: Command = {
  name: "migrate",
  usage: "",
  summary: "Bring the database to this version; serve does it by itself",
  async run(args, world) {
    readArguments(args, {});
    const app = await world.open({});
    await app.close();
    world.out("The database is up to date.");
    return 0;
  },
};
