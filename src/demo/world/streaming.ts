import type { CivilDate } from "../../core/fact.ts";
import { during } from "../story.ts";
import { activity, DAY, growth, seconds, secondsOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import type { IncidentFate } from "./incidents.ts";
import type { Region, StreamDay } from "./types.ts";

/** Quality of the live video. Incidents of player and ingest make starts fail; the story's release makes phones wait. */

const REGIONS: readonly (readonly [Region, number, number])[] = [
  // Region, sessions a day over all devices, how much slower the network is.
  ["Europe", 5_200, 1],
  ["North America", 3_100, 1.05],
  ["Asia Pacific", 2_300, 1.35],
  ["Latin America", 900, 1.5],
];
/** Device, share, start failures, start time (ms), rebuffering share, bitrate (kbit/s), minutes a session. */
const DEVICES: readonly (readonly [StreamDay["device"], number, number, number, number, number, number])[] = [
  ["Web", 0.36, 0.009, 1_350, 0.006, 3_900, 16],
  ["Android", 0.24, 0.015, 1_900, 0.011, 2_300, 6],
  ["iOS", 0.17, 0.01, 1_600, 0.008, 2_600, 6],
  ["Control room", 0.13, 0.004, 900, 0.002, 6_200, 190],
  ["Tablet", 0.1, 0.012, 1_700, 0.008, 2_900, 11],
];

export function streamingOf(day: CivilDate, incidents: readonly IncidentFate[], seed: number): StreamDay[] {
  const at = seconds(day);
  const broken = brokenShare(at, incidents);
  return REGIONS.flatMap(([region, sessions, slow]) =>
    DEVICES.map(([device, share, failures, startTime, rebuffering, bitrate, minutes]) => {
      const chance = new Chance(seed, `stream ${day} ${region} ${device}`);
      const isHit = device === "Android" && region === "Asia Pacific" && during("video-quality", day) !== undefined;
      const weekend = device === "Control room" ? 0.9 : 0.55;
      const load = (weekend + (1 - weekend) * activity(at)) * growth(at, 0.3) * chance.around(1, 0.05);
      const count = Math.round(sessions * share * load);
      const watched = Math.round(count * minutes * chance.around(1, 0.06) * (isHit ? 0.82 : 1));
      const failed = Math.round(count * Math.min(0.9, failures * slow * chance.around(1, 0.12) + broken));
      return {
        day,
        region,
        device,
        sessions: count,
        startFailures: failed,
        exitsBeforeStart: Math.round(count * 0.012 * slow * chance.around(1, 0.15)),
        startTime: Math.round(startTime * slow * chance.around(1, 0.05) * (isHit ? 1.5 : 1)),
        minutes: watched,
        rebufferMinutes:
          Math.round(watched * rebuffering * slow * chance.around(1, 0.1) * (isHit ? 3.1 : 1) * (1 + 3 * broken) * 100) / 100,
        bitrate: Math.round((bitrate / slow ** 0.5) * chance.around(1, 0.03) * (isHit ? 1.35 : 1)),
      };
    }),
  );
}

/** Part of the day's starts that incidents of the video services broke. */
function brokenShare(at: number, incidents: readonly IncidentFate[]): number {
  return incidents.reduce((sum, i) => {
    if (i.service !== "view-player" && i.service !== "view-ingest") return sum;
    const share = (Math.min(secondsOf(i.resolvedAt ?? i.openedAt), at + DAY) - Math.max(secondsOf(i.openedAt) - 540, at)) / DAY;
    return share > 0 ? sum + share * i.effect.errorRate * 2.5 : sum;
  }, 0);
}
