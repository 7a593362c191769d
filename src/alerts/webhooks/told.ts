import type { Severity } from "../../core/alert.ts";
import { cut } from "../../core/text.ts";
import { type Signal, WINDOW_MS } from "../signal.ts";
import type { Source } from "./verify.ts";

const MOST = { text: 600, title: 200, name: 100, id: 400, group: 200, url: 1_000 } as const;

/** What a vendor told of one sign. Empty where it said nothing. */
export interface Told {
  id: string;
  service: string;
  title: string;
  severity: Severity;
  over: boolean;
  at: Date;
  text: string;
  url: string;
}

/** The same as a sign, each part cut to a length. */
export function signal(source: Source, { id, service, title, severity, over, at, text, url }: Told): Signal {
  const name = cut(service, MOST.name);
  return {
    fingerprint: `${source}:${cut(id, MOST.id)}`,
    rule: source,
    group: name ? `service:${name}` : `${source}:${cut(id, MOST.group)}`,
    series: name || source,
    title: cut(title, MOST.title),
    severity,
    state: over ? "recovered" : "firing",
    at,
    windowMs: WINDOW_MS.event,
    ...(text ? { text: cut(text, MOST.text) } : {}),
    ...(/^https?:\/\//.test(url) ? { url: url.slice(0, MOST.url) } : {}),
  };
}

/** The time a vendor says; that of arrival when it says none, or one that lies ahead. */
export function timeOf(text: string, received: Date): Date {
  const at = new Date(text.replace(/\+0000$/, "Z"));
  return Number.isNaN(at.getTime()) || at > received || at.getUTCFullYear() < 2000 ? received : at;
}
