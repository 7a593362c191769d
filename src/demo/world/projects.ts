import { TEAMS } from "./catalogue.ts";
import type { Frame } from "./frame.ts";
import { BOT } from "./people.ts";
import { WORK_WORDS } from "./text/work.ts";
import type { Project } from "./types.ts";

/** The projects of the tracker: one for each team that plans in sprints, one for support, one for incidents. */
export const PROJECTS_OF_SPRINTS = TEAMS.filter((t) => t.kind === "engineering");

export function projects(frame: Frame): Project[] {
  const software = PROJECTS_OF_SPRINTS.map(
    (team, i): Project => ({
      key: team.project ?? "",
      number: 10_001 + i,
      name: team.name,
      team: team.id,
      kind: "software",
      description: team.mission,
      lead: frame.staff.of(team.id, ["manager", "lead"], frame.now)[0]?.login ?? BOT.login,
      components: WORK_WORDS[team.id]?.components ?? [],
    }),
  );
  const lead = (team: string) => frame.staff.of(team, ["manager"], frame.now)[0]?.login ?? BOT.login;
  return [
    ...software,
    {
      key: "SUP",
      number: 10_020,
      name: "Customer Support",
      team: "support",
      kind: "support",
      description: "What support cannot answer alone.",
      lead: lead("support"),
      components: [],
    },
    {
      key: "OPS",
      number: 10_021,
      name: "Incidents",
      team: "platform",
      kind: "operations",
      description: "One issue per incident that people felt.",
      lead: lead("platform"),
      components: [],
    },
  ];
}
