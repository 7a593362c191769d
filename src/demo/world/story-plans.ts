import { addDays } from "../../core/civil-date.ts";
import { LAUNCHES, productModel, type StoryEvent, turn } from "../story.ts";
import { clock, HOUR } from "./calendar.ts";
import type { Frame } from "./frame.ts";
import type { NewItem } from "./items.ts";
import type { Tellers } from "./story-items.ts";
import { type Change, told } from "./told-item.ts";

/** Changes that cost or saved money, and plans that grew. */
export const PLANS: Tellers = {
  leak: (event, frame) => {
    const change = { team: "data", repository: "ingest-pipeline" };
    return [
      told(
        event,
        {
          ...change,
          type: "Bug",
          summary: "Log every message while we look for the missing positions",
          why: "Positions of some vessels go missing; we want to see each message.",
          lines: 27,
          merged: clock(event.from, "09:40"),
          deployed: clock(event.from, "09:52"),
        },
        frame,
      ),
      told(
        event,
        {
          ...change,
          type: "Task",
          summary: "Turn message logging off and keep logs for fourteen days",
          why: "The cloud bill shows CloudWatch growing every day since the debug logging.",
          lines: 19,
          merged: clock(event.to, "16:05"),
          deployed: clock(event.to, "16:20"),
          labels: ["cost"],
        },
        frame,
      ),
    ];
  },
  transfer: (event, frame) => {
    const change = { team: "platform", repository: "infrastructure" };
    const bad = "Route the nightly sync through the public endpoint";
    return [
      told(
        event,
        {
          ...change,
          type: "Task",
          summary: bad,
          why: "The private endpoint is being rebuilt.",
          lines: 44,
          merged: clock(addDays(event.from, -1), "14:30"),
        },
        frame,
      ),
      told(
        event,
        {
          ...change,
          type: "Bug",
          summary: "Route the nightly sync through the private endpoint again",
          why: "Four days of NAT gateway traffic cost more than a month of the endpoint.",
          lines: 44,
          merged: clock(event.to, "15:10"),
          reverts: bad,
          labels: ["cost"],
        },
        frame,
      ),
    ];
  },
  "idle-database": (event, frame) => [
    told(
      event,
      {
        team: "platform",
        repository: "infrastructure",
        type: "Task",
        summary: "Add a large database for the migration rehearsal",
        why: "We rehearse the move to the current engine on a copy of production; delete it afterwards.",
        lines: 63,
        merged: clock(event.from, "07:45"),
      },
      frame,
    ),
  ],
  launch: (event, frame) => {
    const { what } = turn(LAUNCHES, event.round);
    const team = turn(["assistant", "data", "view", "berth"], event.round);
    const repository = turn(["assistant-api", "ingest-pipeline", "view-ingest", "vessel-feed"], event.round);
    const at = clock(event.from, "07:50");
    return [
      told(
        event,
        {
          team,
          repository,
          type: "Story",
          summary: `Open it to all customers: ${what.toLowerCase()}`,
          why: "The pilot customers use it every day.",
          lines: 58,
          merged: at,
          deployed: at + 600,
          labels: ["launch"],
        },
        frame,
      ),
    ];
  },
  "model-upgrade": (event, frame) => {
    const at = clock(event.from, "06:40");
    const summary = `Read documents and answer with ${productModel(event.round)}`;
    return [
      told(
        event,
        {
          team: "assistant",
          repository: "assistant-api",
          type: "Task",
          summary,
          why: `The evaluation set improves over ${productModel(event.round - 1)}; watch the cost per request.`,
          lines: 31,
          merged: at,
          deployed: at + 700,
          labels: ["model"],
        },
        frame,
      ),
    ];
  },
  experiment: (event, frame) => [
    {
      ...told(
        event,
        {
          team: "assistant",
          repository: "assistant-api",
          type: "Task",
          summary: "Try GPU machines for reading scans",
          why: "One day in the sandbox, to see whether our own model is an option.",
          lines: 0,
          merged: clock(event.from, "16:00"),
        },
        frame,
      ),
      finished: clock(event.from, "16:00"),
      pulls: [],
    },
  ],
  "price-change": (event, frame) => [
    {
      ...told(
        event,
        {
          team: "platform",
          repository: "infrastructure",
          type: "Task",
          summary: "Upgrade the database engine before extended support gets dearer",
          why: "Amazon charges for extended support of the old engine version: 22% more on every database.",
          lines: 0,
          merged: clock(addDays(event.to, 1), "03:00"),
          labels: ["cost"],
          priority: "High",
        },
        frame,
      ),
      created: clock(addDays(event.from, 4), "09:30"),
      started: clock(addDays(event.from, 140), "09:00"),
      finished: clock(addDays(event.to, 1), "03:00"),
      pulls: [],
    },
  ],
  "scope-creep": creep,
};

/** Days after the sprint's first; it ends on day 11. */
const MERGED = [10, 10, 17, 18, 21, 22, 23] as const;

/** Seven stories that came after the sprint had begun; most are not done when it ends. */
function creep(event: StoryEvent, frame: Frame): NewItem[] {
  const asks = [
    "a wall of twelve cameras",
    "camera names in the customer's language",
    "a share link that expires",
    "pictures in the shift report",
    "a mobile wall",
    "alarms on the wall",
    "a camera map",
  ];
  return asks.map((ask, i) => {
    const created = clock(addDays(event.from, 1 + (i % 4)), "10:00") + i * 900;
    const merged = clock(addDays(event.from, MERGED[i] ?? 24), "13:00") + i * 600;
    const change: Change = {
      team: "view",
      repository: i % 2 ? "view-ingest" : "view-player",
      type: "Story",
      summary: `Show ${ask} for the fair`,
      why: "Sales has promised it for the trade fair.",
      lines: 120 + 40 * i,
      merged,
      labels: ["customer-request"],
    };
    return { ...told(event, change, frame), created, started: created + 3 * HOUR, points: i % 3 === 0 ? 5 : 3 };
  });
}
