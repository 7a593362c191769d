import type { Person, Room } from "./shapes.ts";

/** The workspace that is there when a test names none. */

export const IDS = {
  team: "T0HARBOR",
  otherTeam: "T0PARTNER",
  app: "A0FIRSTMATE",
  otherApp: "A0RIVAL",
  bot: "U0FIRSTMATE",
  botId: "B0FIRSTMATE",
} as const;

export const SAMPLE_PEOPLE: readonly Person[] = [
  { id: "U0ADA", name: "ada", realName: "Ada Marin", email: "ada@harbor.example", tz: "Europe/Berlin", team: IDS.team },
  { id: "U0BEN", name: "ben", realName: "Ben Okafor", email: "ben@harbor.example", tz: "America/New_York", team: IDS.team },
  { id: "U0GUS", name: "gus", realName: "Gus Guest", tz: "Europe/Lisbon", team: IDS.team, guest: true },
  { id: "U0SID", name: "sid", realName: "Sid Stranger", tz: "Asia/Tokyo", team: IDS.otherTeam, stranger: true },
];

export const SAMPLE_ROOMS: readonly Room[] = [
  { id: "C0FINOPS", name: "finops", kind: "public", members: ["U0ADA", "U0BEN", "U0GUS"], joined: true },
  { id: "C0QUIET", name: "quiet", kind: "public", members: ["U0ADA"], joined: false },
  { id: "C0OLD", name: "old", kind: "public", members: ["U0ADA"], joined: true, archived: true },
  { id: "C0SHARED", name: "shared", kind: "public", members: ["U0ADA", "U0SID"], joined: true, extShared: true },
  { id: "G0LEADS", name: "leads", kind: "private", members: ["U0ADA", "U0BEN"], joined: true },
  { id: "D0ADA", name: "", kind: "im", members: ["U0ADA"], joined: true },
  { id: "D0GUS", name: "", kind: "im", members: ["U0GUS"], joined: true },
];
