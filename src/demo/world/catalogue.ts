import { numberOf } from "./chance.ts";
import type { Repository, Service, Team } from "./types.ts";

/** Teams, services and repositories. They stay the same; people come and go. */

export const TEAMS: readonly Team[] = [
  {
    id: "gate",
    name: "Gate & Trucking",
    kind: "engineering",
    mission: "Trucks book a slot and pass the gate without waiting.",
    project: "GATE",
  },
  { id: "berth", name: "Berth Planning", kind: "engineering", mission: "Every vessel has a berth when it arrives.", project: "BERTH" },
  {
    id: "depot",
    name: "Depot & Warehouse",
    kind: "engineering",
    mission: "What stands in the warehouse is what the screen says.",
    project: "DEPOT",
  },
  { id: "view", name: "Harbour View", kind: "engineering", mission: "Live video of the quay, wherever you are.", project: "VIEW" },
  {
    id: "billing",
    name: "Billing & Web",
    kind: "engineering",
    mission: "One web application and an invoice nobody disputes.",
    project: "BILL",
  },
  {
    id: "assistant",
    name: "Assistant",
    kind: "engineering",
    mission: "Ask the port a question; read a document in a second.",
    project: "AST",
  },
  {
    id: "data",
    name: "Data Platform",
    kind: "engineering",
    mission: "Positions, events and reports that arrive on time.",
    project: "DATA",
  },
  {
    id: "platform",
    name: "Platform & Reliability",
    kind: "engineering",
    mission: "A paved road, a calm pager and a fair bill.",
    project: "PLAT",
  },
  { id: "support", name: "Customer Support", kind: "business", mission: "An answer the same day.", project: "SUP" },
  { id: "success", name: "Customer Success", kind: "business", mission: "Customers who renew because it works.", project: null },
  { id: "sales", name: "Sales & Marketing", kind: "business", mission: "New ports, fairly sold.", project: null },
  { id: "office", name: "Finance & People", kind: "business", mission: "Paid on time, heard in time.", project: null },
  { id: "lead", name: "Leadership", kind: "business", mission: "Say no kindly.", project: null },
];

type Numbers = [requests: number, p50: number, p95: number, errorRate: number];

function service(
  name: string,
  title: string,
  team: string,
  tier: 1 | 2 | 3,
  kind: Service["kind"],
  language: string,
  dependsOn: readonly string[],
  [requests, p50, p95, errorRate]: Numbers,
  host: Service["host"] = "aws",
): Service {
  const apdexThreshold = Math.round((p50 * 2.5) / 50) * 50 || 50;
  const baseline = { requests, p50, p95, errorRate };
  return { name, title, team, repository: name, tier, kind, host, language, dependsOn, baseline, apdexThreshold };
}

export const SERVICES: readonly Service[] = [
  service("gate-api", "Gate bookings", "gate", 1, "api", "Go", ["identity"], [148_000, 38, 165, 0.0021]),
  service(
    "haulier-portal",
    "Haulier portal",
    "gate",
    2,
    "web",
    "TypeScript",
    ["gate-api", "identity"],
    [41_000, 120, 610, 0.0034],
    "railway",
  ),
  service("berth-planner", "Berth planner", "berth", 1, "api", "Kotlin", ["vessel-feed", "identity"], [62_000, 95, 480, 0.0018]),
  service("vessel-feed", "Vessel positions", "berth", 2, "worker", "Python", ["ingest-pipeline"], [210_000, 22, 90, 0.0042]),
  service("depot-api", "Warehouse stock", "depot", 1, "api", "Java", ["identity"], [119_000, 55, 260, 0.0025]),
  service("depot-scanner", "Warehouse scanner", "depot", 2, "mobile", "Kotlin", ["depot-api"], [84_000, 140, 720, 0.0061]),
  service("view-ingest", "Video ingest", "view", 1, "worker", "Rust", [], [36_000, 18, 70, 0.0015]),
  service("view-player", "Video player", "view", 2, "web", "TypeScript", ["view-ingest", "identity"], [52_000, 160, 840, 0.0058]),
  service("billing-engine", "Billing engine", "billing", 1, "worker", "Kotlin", ["depot-api", "gate-api"], [9_000, 210, 1_150, 0.0012]),
  service(
    "web-app",
    "Web application",
    "billing",
    1,
    "web",
    "TypeScript",
    ["berth-planner", "depot-api", "gate-api", "identity"],
    [171_000, 110, 540, 0.0029],
  ),
  service("assistant-api", "Assistant", "assistant", 2, "api", "Python", ["identity", "reporting"], [14_000, 1_450, 6_200, 0.0083]),
  service("ingest-pipeline", "Event ingest", "data", 2, "worker", "Python", [], [390_000, 12, 48, 0.0031]),
  service("reporting", "Reports", "data", 3, "api", "Python", ["ingest-pipeline"], [7_000, 640, 3_900, 0.0049], "railway"),
  service("identity", "Identity", "platform", 1, "api", "Go", [], [205_000, 14, 62, 0.0009]),
];

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  "gate-api": "Slot bookings and gate moves for hauliers and terminals",
  "haulier-portal": "Where hauliers book, change and pay for a slot",
  "berth-planner": "Plans berths from arrivals, tides and cranes",
  "vessel-feed": "Vessel positions and arrival times from many senders",
  "depot-api": "Stock, reservations and moves in the warehouse",
  "depot-scanner": "Handheld scanner application for the warehouse floor",
  "view-ingest": "Takes camera streams in and makes renditions",
  "view-player": "Plays live video of the quay in browsers and on phones",
  "billing-engine": "Storage fees, invoices and credit notes",
  "web-app": "The one web application of Harbourline",
  "assistant-api": "Answers questions and reads shipping documents",
  "ingest-pipeline": "Takes in events of all services and files them",
  reporting: "Scheduled reports and exports",
  identity: "Sign-in, sessions and rights",
  infrastructure: "Accounts, networks, databases and clusters as code",
};

const CADENCE: Readonly<Record<string, Repository["cadence"]>> = {
  "depot-scanner": "weekly",
  "billing-engine": "daily",
  "berth-planner": "daily",
  "view-ingest": "daily",
  infrastructure: "none",
};

const SECOND_LANGUAGE: Readonly<Record<string, string>> = {
  Go: "Makefile",
  TypeScript: "CSS",
  Kotlin: "Java",
  Python: "SQL",
  Java: "Groovy",
  Rust: "C",
  HCL: "Shell",
};

function repository(name: string, team: string, language: string, index: number, holds: string | null): Repository {
  const size = 180_000 + ((index * 7_919) % 13) * 96_000;
  return {
    name,
    number: (numberOf(`repository ${name}`) % 800_000_000) + 100_000_000,
    team,
    service: holds,
    description: DESCRIPTIONS[name] ?? name,
    language,
    languages: { [language]: size, [SECOND_LANGUAGE[language] ?? "Shell"]: Math.round(size / 9), Dockerfile: 2_100 },
    topics: [team, holds ? "service" : "terraform", "harbourline"],
    defaultBranch: "main",
    createdOn: `20${19 + (index % 4)}-0${1 + (index % 9)}-1${index % 10}`,
    cadence: CADENCE[name] ?? "each merge",
  };
}

export const REPOSITORIES: readonly Repository[] = [
  ...SERVICES.map((s, i) => repository(s.name, s.team, s.language, i, s.name)),
  repository("infrastructure", "platform", "HCL", SERVICES.length, null),
];

const SERVICE_BY_NAME = new Map(SERVICES.map((s) => [s.name, s]));

export function serviceNamed(name: string): Service {
  const found = SERVICE_BY_NAME.get(name);
  if (!found) throw new Error(`no service ${name}`);
  return found;
}
