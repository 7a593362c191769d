import { type ApiContext, apiRoutes } from "../src/api/index.ts";
import { projectAnswers } from "../src/app/project-answers.ts";
import type { Route } from "../src/core/http.ts";
import { hasRole, ROLES, type Role } from "../src/core/message.ts";
import type { Tool } from "../src/core/tool.ts";
import { type McpDoor, mcpRoutes } from "../src/mcp/index.ts";

/** Who may do what, door by door: written from the definitions, and walked whole against the real program by a test. */

/** Who knocks. A session, by access token or by the console's cookie, has the role of its key or person. */
export const CALLERS = ["nobody", "local viewer", "key of an agent", "viewer of a project", "analyst of a project", ...ROLES] as const;
export type Caller = (typeof CALLERS)[number];

export interface RouteRight {
  method: Route["method"];
  path: string;
  access: Route["access"];
  /** What each caller meets before the request itself is looked at. */
  cells: Readonly<Record<Caller, "yes" | "own proof" | 401 | 403>>;
}

/** Routes of the API and of MCP; what they close over is not used until they are called. */
export function routeRights(): RouteRight[] {
  const nothing = { projectAnswers: projectAnswers(), tools: [] } as unknown as ApiContext & McpDoor;
  return [...apiRoutes(nothing), ...mcpRoutes(nothing)].map((route) => ({
    method: route.method,
    path: route.path,
    access: route.access,
    cells: Object.fromEntries(CALLERS.map((caller) => [caller, rightOf(route, caller)])) as RouteRight["cells"],
  }));
}

function rightOf({ access, keyed, agentKeys, projectKeys }: Route, caller: Caller): "yes" | "own proof" | 401 | 403 {
  if (access === "open") return "yes";
  if (access === "own") return "own proof";
  if (caller === "nobody") return 401;
  if (caller === "local viewer") return keyed ? 401 : access === "viewer" ? "yes" : 403;
  if (caller === "key of an agent") return agentKeys ? "yes" : 403;
  if (caller === "viewer of a project" || caller === "analyst of a project")
    return projectKeys && hasRole([caller === "viewer of a project" ? "viewer" : "analyst"], access) ? "yes" : 403;
  return hasRole([caller], access) ? "yes" : 403;
}

export const STANDINGS = ["project without members", "member", "not a member"] as const;
export type ProjectStanding = (typeof STANDINGS)[number];

export interface ProjectOperation {
  door: "REST" | "chat" | "MCP";
  operation: string;
  /** The least role. */
  role: Role;
}

/** What one project's people may do with it. */
export const PROJECT_OPERATIONS: readonly ProjectOperation[] = [
  { door: "REST", operation: "read it", role: "viewer" },
  { door: "REST", operation: "find it in the list", role: "viewer" },
  { door: "REST", operation: "change it", role: "analyst" },
  { door: "REST", operation: "read its metrics", role: "viewer" },
  { door: "REST", operation: "read its brief", role: "viewer" },
  { door: "REST", operation: "read what belongs to it", role: "viewer" },
  { door: "REST", operation: "change what belongs to it", role: "analyst" },
  { door: "REST", operation: "find it by the tool list_projects", role: "viewer" },
  { door: "chat", operation: "find it by asking for all projects", role: "viewer" },
  { door: "chat", operation: "find it by asking for its name", role: "viewer" },
  { door: "MCP", operation: "read it as a resource", role: "viewer" },
  { door: "MCP", operation: "find it by a tool", role: "viewer" },
];

export function projectRight({ role: needed }: ProjectOperation, role: Role, standing: ProjectStanding): "yes" | "role" | "unseen" {
  if (!hasRole([role], needed)) return "role";
  return role === "admin" || standing !== "not a member" ? "yes" : "unseen";
}

/** What keys of one project may do: with that project as their role says, whoever its members are; with any other nothing. */
export const PROJECT_KEYS = ["its own project", "another project", "another project without members"] as const;
/** Admins have no key of one project. */
export const KEY_ROLES = ["viewer", "analyst"] as const;
export type ProjectKeyStanding = (typeof PROJECT_KEYS)[number];

export function projectKeyRight({ role: needed }: ProjectOperation, role: Role, standing: ProjectKeyStanding): "yes" | "role" | "unseen" {
  if (!hasRole([role], needed)) return "role";
  return standing === "its own project" ? "yes" : "unseen";
}

const SHOWN = { yes: "yes", role: "403", unseen: "as if it were not there" } as const;

export function authorizationReference(generated: string, tools: readonly Tool[]): string {
  const routes = routeRights().map(({ method, path, cells }) =>
    row([`\`${method} ${path}\``, ...CALLERS.map((caller) => String(cells[caller]))]),
  );
  const projects = PROJECT_OPERATIONS.flatMap((operation) =>
    STANDINGS.map((standing) =>
      row([operation.door, operation.operation, standing, ...ROLES.map((role) => SHOWN[projectRight(operation, role, standing)])]),
    ),
  );
  const projectKeys = PROJECT_OPERATIONS.flatMap((operation) =>
    PROJECT_KEYS.map((standing) =>
      row([operation.door, operation.operation, standing, ...KEY_ROLES.map((role) => SHOWN[projectKeyRight(operation, role, standing)])]),
    ),
  );
  const toolRows = tools.map((tool) => row([`\`${tool.name}\``, tool.effect, ...ROLES.map((role) => toolRight(tool, role))]));
  return `# Who may do what

${generated}

A request is nobody's, or comes with a key, an access token or the console's cookie. \`src/identity/access.ts\` decides for everything that comes over HTTP; chats, MCP and REST share the least role of each tool; what is seen of projects is \`src/identity/sight.ts\`. The local viewer is a request without a key on one's own machine. A key of an agent only sends that agent's events. A key of a project sees that project and what belongs to it, and nothing else: figures of sources are narrowed to it, and what cannot be narrowed is not there.

## Routes
${table(["route", ...CALLERS], routes)}

“own proof”: the route checks a signature, a one-time link or a token of its own.

## Projects
A project names its members; one that names none is everybody's. Its owner counts as a member.

${table(["door", "operation", "project", ...ROLES], projects)}

With a key of one project:

${table(["door", "operation", "asked of", ...KEY_ROLES], projectKeys)}

## Tools
The same through chat, REST and MCP. A tool that writes only proposes; it happens when a person approves it, which MCP does not offer.

${table(["tool", "effect", ...ROLES], toolRows)}
`;
}

function toolRight({ role: needed, effect }: Tool, role: Role): string {
  if (!hasRole([role], needed)) return "as if it were not there";
  return effect === "write" ? "after approval" : "yes";
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [row(head), `|${head.map(() => "---").join("|")}|`, ...rows].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
