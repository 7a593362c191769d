import { ConfigError } from "../errors.ts";
import { readArguments } from "./arguments.ts";
import { type Command, WrongUse } from "./command.ts";

/** The database, to this version or to another place. */
export const migrate: Command = {
  name: "migrate",
  usage: "[--to URL]",
  summary: "Bring the database to this version, which serve does by itself, or copy it to another one",
  details: [
    "--to URL  copies everything into an empty database: postgres://… to move there, sqlite:FILE for a backup; all of it or nothing",
    "Stop the server before a move. DATABASE_URL then names the new one. The index of documents is not copied; it is made again.",
  ],
  async run(args, world) {
    const { values } = readArguments(args, { to: { type: "string" } });
    if (values.to !== undefined && !/^(sqlite:.|postgres(ql)?:\/\/)/i.test(values.to))
      throw new WrongUse("--to must be sqlite:FILE or postgres://user@host:port/name.");
    const app = await world.open({});
    try {
      if (values.to === undefined) world.out("The database is up to date.");
      else {
        const copied = await app.copyTo(values.to).catch(asTarget);
        for (const { table, rows } of copied) if (rows > 0) world.out(`${table}: ${rows}`);
        world.out("Copied. Set DATABASE_URL to the new database before the next start.");
      }
      return 0;
    } finally {
      await app.close();
    }
  },
};

/** What is wrong with the address is told of --to, not of the setting. */
function asTarget(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  throw new ConfigError(error.problems.map((problem) => problem.replaceAll("DATABASE_URL", "--to")));
}
