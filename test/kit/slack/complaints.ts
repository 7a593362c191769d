import assert from "node:assert/strict";
import type { RecordedCall, Violation } from "./shapes.ts";

/** The list of broken rules. */
export interface Complaints {
  readonly list: readonly Violation[];
  add(rule: string, call?: RecordedCall): void;
  /** Takes out the violations whose rule matches, so that a test may break rules on purpose. Throws when there is none. */
  take(pattern: RegExp): Violation[];
}

export function createComplaints(): Complaints {
  let list: Violation[] = [];
  return {
    get list() {
      return list;
    },
    add(rule, call) {
      list.push(call ? { rule, call } : { rule });
    },
    take(pattern) {
      const taken = list.filter((violation) => pattern.test(violation.rule));
      assert.ok(taken.length > 0, `no violation matches ${pattern}; there are: ${list.map(describe).join("; ") || "none"}`);
      list = list.filter((violation) => !taken.includes(violation));
      return taken;
    },
  };
}

export function describe({ rule, call }: Violation): string {
  return call ? `${rule} (call ${call.id}, ${call.method} ${excerpt(call.args)})` : rule;
}

function excerpt(args: unknown): string {
  const json = JSON.stringify(args);
  return json.length > 300 ? `${json.slice(0, 300)}…` : json;
}
