import { hasRole, type User } from "../core/message.ts";
import type { Asker, Sight } from "../records/record-store.ts";

/** What somebody sees of projects: a key of one that one, admins all, others those without members and those that name their id or e-mail address. */
export function sightOf({ id, email, roles, project }: Pick<User, "id" | "email" | "roles" | "project">): Sight {
  if (project) return { only: project.id };
  if (hasRole(roles, "admin")) return "all";
  return [id, ...(email ? [email] : [])].map((name) => name.toLowerCase());
}

export function askerOf(user: User): Asker {
  return { id: user.id, sight: sightOf(user) };
}
