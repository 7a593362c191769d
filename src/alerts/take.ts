import type { Alert } from "../core/alert.ts";
import type { AlertChanges } from "../records/alerts.ts";
import { heldBy } from "./feedback.ts";
import { eased, isOpen, joined, opened } from "./lifecycle.ts";
import type { Signal } from "./signal.ts";

export interface Taken {
  /** As they are now; kept, but told of nowhere yet. */
  changed: Alert[];
  /** Of these, the ones that were over and fire again. */
  back: Alert[];
  /** Signs that people had said not to tell of. */
  held: number;
}

export interface TakeOptions {
  now: Date;
  newId(): string;
  /** Rules of which every firing sign is given; what is not among them is over. */
  settled?: readonly string[];
  /** From a vendor, who may deliver in any order: what recovers before it was seen to fire is remembered, so that the late firing is no news. */
  vendor?: boolean;
}

/** Brings signs into the alerts they belong to: told again they change nothing, and those of one cause and time are one alert. */
export async function takeSignals(tx: AlertChanges, signals: readonly Signal[], options: TakeOptions): Promise<Taken> {
  const { now, newId, settled = [], vendor = false } = options;
  const feedback = await tx.feedback(now);
  const changed = new Map<string, Alert>();
  const back = new Set<string>();
  let held = 0;

  async function keep(alert: Alert | undefined, action?: string): Promise<void> {
    if (!alert) return;
    changed.set(alert.id, alert);
    await tx.save(alert);
    if (action) await tx.note(alert.id, { actor: "firstmate", action });
    if (action === "again") back.add(alert.id);
  }

  async function recover(alert: Alert, fingerprint: string, at: Date): Promise<void> {
    const after = eased(alert, fingerprint, at, now);
    await keep(after, after?.endedAt ? "recovered" : undefined);
  }

  async function takeRecovered(signal: Signal, known: Alert | null): Promise<void> {
    if (known && isOpen(known)) return recover(known, signal.fingerprint, signal.at);
    if (!known && vendor) await keep(eased(opened(newId(), signal, now), signal.fingerprint, signal.at, now));
  }

  async function takeFiring(signal: Signal, known: Alert | null): Promise<void> {
    if (known && isOpen(known)) {
      const again = joined(known, signal, now);
      return keep(again, again && again.severity !== known.severity ? "worse" : undefined);
    }
    const over = known && endOf(known, signal);
    if (known?.state === "recovered" && over && signal.at <= over) return;
    if (heldBy(signal, feedback, now)) {
      held++;
      return;
    }
    const friend = (await tx.openOf(signal.group)).find((alert) => isNear(alert, signal));
    if (friend) await keep(joined(friend, signal, now), "joined");
    else if (known?.state === "recovered" && over && signal.at.getTime() - over.getTime() <= signal.windowMs)
      await keep(returned(known, signal, now), "again");
    else await keep(opened(newId(), signal, now), "opened");
  }

  for (const signal of signals) {
    const known = await tx.withSign(signal.fingerprint);
    await (signal.state === "recovered" ? takeRecovered(signal, known) : takeFiring(signal, known));
  }
  if (settled.length > 0) {
    const firing = new Set(signals.filter(({ state }) => state === "firing").map(({ fingerprint }) => fingerprint));
    for (const alert of await tx.open())
      for (const { fingerprint, at } of silentSigns(alert, settled, firing, now))
        await recover(changed.get(alert.id) ?? alert, fingerprint, at);
  }
  const all = [...changed.values()];
  return { changed: all, back: all.filter(({ id, endedAt }) => back.has(id) && !endedAt), held };
}

/** Signs of those rules that are not seen any more, and the last day they were. */
function silentSigns({ members }: Alert, rules: readonly string[], firing: ReadonlySet<string>, now: Date) {
  return members
    .filter(({ endedAt, rule, fingerprint }) => !endedAt && rules.includes(rule) && !firing.has(fingerprint))
    .map(({ fingerprint, figure }) => ({ fingerprint, at: figure ? new Date(`${figure.to}T00:00:00Z`) : now }));
}

function endOf(alert: Alert, { fingerprint }: Signal): Date | undefined {
  return alert.members.find((member) => member.fingerprint === fingerprint)?.endedAt ?? alert.endedAt;
}

/** It began near one of the alert's signs. */
function isNear({ members }: Alert, { at, windowMs }: Signal): boolean {
  return members.some(({ since }) => Math.abs(at.getTime() - since.getTime()) <= windowMs);
}

/** It went on after a short rest: the same alert. */
function returned(alert: Alert, signal: Signal, now: Date): Alert | undefined {
  const { endedAt: _, told, ...rest } = alert;
  // What was never told of is told of now.
  const standing = told && rest.cards.length > 0 ? { told } : {};
  return joined({ ...rest, ...standing, state: rest.acknowledged ? "acknowledged" : "firing" }, signal, now);
}
