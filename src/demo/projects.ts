import { ORG } from "./vendors/github/names.ts";
import { SERVICES, TEAMS } from "./world/catalogue.ts";

interface Kept {
  name: string;
  owner: string;
  cloudAccount?: string;
  railwayProject?: string;
  budget?: { amount: number; currency: string; period: "month" };
}

/** What Harbourline works on, as somebody there would have put it on record: a project for each of these teams. */
const KEPT: Readonly<Record<string, Kept>> = {
  gate: { name: "Gate", owner: "Mara Tamm", railwayProject: "haulier-portal" },
  depot: { name: "Depot", owner: "Noor Petrov" },
  billing: { name: "Billing", owner: "Freya Rasmussen" },
  data: {
    name: "Harbour Data",
    owner: "Kenji Janssen",
    cloudAccount: "data-platform",
    railwayProject: "reports",
    budget: { amount: 30_000, currency: "USD", period: "month" },
  },
};

export const DEMO_PROJECTS = TEAMS.flatMap(({ id, mission, project }) => {
  const kept = KEPT[id];
  if (!kept || !project) return [];
  const services = SERVICES.filter(({ team }) => team === id);
  return [
    {
      ...kept,
      description: mission,
      repositories: services.map(({ repository }) => `${ORG}/${repository}`),
      jiraProject: project,
      services: services.map(({ name }) => name),
      techStack: [...new Set(services.map(({ language }) => language))],
    },
  ];
});
