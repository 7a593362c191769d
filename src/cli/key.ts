import { ROLES, type Role } from "../core/message.ts";
import { readArguments } from "./arguments.ts";
import { type Command, WrongUse } from "./command.ts";

export const key: Command = {
  name: "key",
  usage: `create --role ${ROLES.join("|")} [--name NAME] [--days N] | list | revoke ID`,
  summary: "Make, list and revoke keys to the API",
  details: ["The key is printed once, as the last word; only a hash of it is kept."],
  async run(args, world) {
    const { values, positionals } = readArguments(args, { role: { type: "string" }, name: { type: "string" }, days: { type: "string" } });
    const [action, id] = positionals;
    if (!["create", "list", "revoke"].includes(action ?? "")) throw new WrongUse("Say create, list or revoke.");
    const role = ROLES.find((r) => r === values.role);
    if (action === "create" && !role) throw new WrongUse(`--role must be one of ${ROLES.join(", ")}.`);
    if (action === "revoke" && !id) throw new WrongUse("Which key? `firstmate key list` shows the ids.");
    const expires = values.days === undefined ? undefined : Number(values.days);
    if (expires !== undefined && !(expires > 0)) throw new WrongUse("--days must be a number above 0.");
    const app = await world.open({});
    try {
      if (action === "create") {
        const created = await app.keys.createKey({
          name: values.name ?? "unnamed",
          role: role as Role,
          ...(expires ? { expiresAt: new Date(app.now().getTime() + expires * 86_400_000) } : {}),
        });
        world.out(`Key ${created.id} for ${role}. It is shown this once:\n${created.secret}`);
        return 0;
      }
      if (action === "list") {
        for (const k of await app.keys.listKeys())
          world.out(
            `${k.id}  ${k.role.padEnd(7)}  ${k.name}  created ${k.createdAt.toISOString().slice(0, 10)}${k.revokedAt ? "  revoked" : k.expiresAt ? `  until ${k.expiresAt.toISOString().slice(0, 10)}` : ""}`,
          );
        return 0;
      }
      const revoked = await app.keys.revokeKey(id ?? "");
      if (revoked) world.out("Revoked.");
      else world.err("There is no such key. `firstmate key list` shows the ids.");
      return revoked ? 0 : 1;
    } finally {
      await app.close();
    }
  },
};

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
