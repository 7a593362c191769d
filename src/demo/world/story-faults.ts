import { addDays } from "../../core/civil-date.ts";
import { BAD_DEPLOYS, turn } from "../story.ts";
import { clock, HOUR } from "./calendar.ts";
import type { Tellers } from "./story-items.ts";
import { told } from "./told-item.ts";

/** What went wrong and how it was put right, for BAD_DEPLOYS in their order. */
const BAD_CHANGES = [
  {
    team: "gate",
    bad: "Cache slot availability per terminal",
    fix: "Key the slot cache by terminal and day",
    symptom: "Gate bookings fail with 'slot taken'",
  },
  {
    team: "depot",
    bad: "Reserve stock in batches",
    fix: "Reserve stock in the order of articles",
    symptom: "Warehouse screens hang on reservations",
  },
  {
    team: "billing",
    bad: "Round storage fees per container",
    fix: "Charge storage fees once per invoice run",
    symptom: "Storage fees are charged twice",
  },
  {
    team: "platform",
    bad: "Shorten sessions to thirty minutes",
    fix: "Renew sessions while people work",
    symptom: "People are signed out while they work",
  },
  {
    team: "berth",
    bad: "Load tide tables when they are needed",
    fix: "Load tide tables once at start",
    symptom: "Berth plan takes half a minute to open",
  },
  {
    team: "view",
    bad: "Play live video with low latency by default",
    fix: "Use low latency only where the network allows it",
    symptom: "Live video stops after a few seconds",
  },
] as const;

/** Changes that broke something, and those that put it right. */
export const FAULTS: Tellers = {
  "bad-deploy": (event, frame) => {
    const { service } = turn(BAD_DEPLOYS, event.round);
    const { team, bad, fix, symptom } = turn(BAD_CHANGES, event.round);
    const at = clock(event.from, "09:10") + (Math.abs(event.round) % 5) * 0.8 * HOUR;
    const change = { team, repository: service };
    return [
      told(
        event,
        {
          ...change,
          type: "Story",
          summary: bad,
          why: "It makes the busiest path cheaper.",
          lines: 214,
          merged: at,
          deployed: at + 9 * 60,
        },
        frame,
      ),
      told(
        event,
        {
          ...change,
          type: "Bug",
          summary: fix,
          why: `${symptom} since the last deployment.`,
          lines: 38,
          merged: at + 2.1 * HOUR,
          deployed: at + 2.1 * HOUR + 6 * 60,
          priority: "Highest",
          labels: ["incident"],
        },
        frame,
      ),
    ];
  },
  outage: (event, frame) => {
    const at = clock(event.from, "08:20");
    const change = { team: "gate", repository: "gate-api" };
    return [
      told(
        event,
        {
          ...change,
          type: "Task",
          summary: "Move the booking database behind the new connection pool",
          why: "One pool for all regions is easier to run.",
          lines: 341,
          merged: at,
          deployed: at + 12 * 60,
        },
        frame,
      ),
      told(
        event,
        {
          ...change,
          type: "Bug",
          summary: "Give every region its own connection pool",
          why: "Bookings in Europe are down: the shared pool is exhausted.",
          lines: 96,
          merged: at + 5.4 * HOUR,
          deployed: at + 5.4 * HOUR + 8 * 60,
          priority: "Highest",
          labels: ["incident"],
        },
        frame,
      ),
    ];
  },
  "stock-drift": (event, frame) => {
    const change = { team: "depot", repository: "depot-scanner" };
    return [
      told(
        event,
        {
          ...change,
          type: "Story",
          summary: "Confirm scans offline first",
          why: "Staff should not wait for the network.",
          lines: 402,
          merged: clock(addDays(event.from, -1), "15:20"),
          deployed: clock(event.from, "05:30"),
        },
        frame,
      ),
      told(
        event,
        {
          ...change,
          type: "Bug",
          summary: "Post offline scans once",
          why: "Scans made offline are posted again when the network returns: stock differs.",
          lines: 57,
          merged: clock(event.to, "11:00"),
          deployed: clock(event.to, "13:10"),
          priority: "Highest",
          labels: ["customer-request"],
        },
        frame,
      ),
    ];
  },
  "video-quality": (event, frame) => {
    const change = { team: "view", repository: "view-player" };
    return [
      told(
        event,
        {
          ...change,
          type: "Story",
          summary: "Prefer the highest rendition on Android",
          why: "Pictures look soft on new phones.",
          lines: 72,
          merged: clock(event.from, "00:10"),
          deployed: clock(event.from, "00:20"),
        },
        frame,
      ),
      told(
        event,
        {
          ...change,
          type: "Bug",
          summary: "Choose the rendition by measured bandwidth on Android",
          why: "Rebuffering on Android in Asia Pacific has tripled.",
          lines: 88,
          merged: clock(event.to, "20:15"),
          deployed: clock(event.to, "20:30"),
          priority: "High",
        },
        frame,
      ),
    ];
  },
  "flaky-tests": (event, frame) => {
    const change = { team: "berth", repository: "berth-planner" };
    return [
      told(
        event,
        {
          ...change,
          type: "Task",
          summary: "Run allocation tests in parallel",
          why: "The build takes eighteen minutes.",
          lines: 133,
          merged: clock(event.from, "07:30"),
        },
        frame,
      ),
      told(
        event,
        {
          ...change,
          type: "Bug",
          summary: "Give each allocation test its own tide clock",
          why: "BerthAllocationTest fails one time in four since the tests run in parallel.",
          lines: 91,
          merged: clock(event.to, "15:30"),
          labels: ["flaky-test"],
        },
        frame,
      ),
    ];
  },
};
