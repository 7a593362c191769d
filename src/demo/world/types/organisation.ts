import type { CivilDate } from "../../../core/fact.ts";

export interface Team {
  /** "gate" */
  id: string;
  /** "Gate & Trucking" */
  name: string;
  kind: "engineering" | "business";
  mission: string;
  /** Key of its Jira project; null when it plans elsewhere. */
  project: string | null;
}

export interface Person {
  /** "mara.lindqvist"; unique for ever, also as a GitHub login with a hyphen for the dot. */
  login: string;
  name: string;
  email: string;
  team: string;
  role:
    | "engineer"
    | "lead"
    | "manager"
    | "designer"
    | "product"
    | "support"
    | "sales"
    | "success"
    | "finance"
    | "people"
    | "executive"
    | "bot";
  title: string;
  /** IANA. */
  timeZone: string;
  joined: CivilDate;
  /** First day on which the person is no longer here; null while employed. */
  left: CivilDate | null;
}

export interface Repository {
  /** "gate-api" */
  name: string;
  /** Stable number. */
  number: number;
  team: string;
  /** The service it holds; null for infrastructure and libraries. */
  service: string | null;
  description: string;
  language: string;
  /** Bytes by language. */
  languages: Readonly<Record<string, number>>;
  topics: readonly string[];
  defaultBranch: string;
  createdOn: CivilDate;
  /** How merges reach production. */
  cadence: "each merge" | "daily" | "weekly" | "none";
}

export interface Service {
  /** "gate-api", same as its repository. */
  name: string;
  title: string;
  team: string;
  repository: string;
  tier: 1 | 2 | 3;
  kind: "api" | "worker" | "web" | "mobile";
  host: "aws" | "railway";
  language: string;
  dependsOn: readonly string[];
  /** Requests per hour at a working day's peak; milliseconds; share of failed requests. */
  baseline: { requests: number; p50: number; p95: number; errorRate: number };
  /** Apdex threshold in milliseconds. */
  apdexThreshold: number;
}
