import type { Incident } from "../types.ts";

/** What goes wrong when nobody deployed anything, by cause. {service} is the service's title. */
export const TROUBLES: Readonly<
  Record<Exclude<Incident["cause"], "deployment">, readonly { title: string; found: string; cure: string }[]>
> = {
  capacity: [
    {
      title: "{service} queues grow at the morning peak",
      found: "All workers are busy; the queue age passes ten minutes.",
      cure: "Workers doubled by hand; the queue is empty.",
    },
    {
      title: "{service} runs out of database connections",
      found: "Waiting connections rise with the morning's logins.",
      cure: "Pool enlarged and a slow query stopped.",
    },
    {
      title: "{service} is slow during the month-end run",
      found: "The month-end run takes the processor of its neighbours.",
      cure: "The run was moved to its own machines.",
    },
  ],
  dependency: [
    {
      title: "{service} waits for a position sender",
      found: "The sender answers after thirty seconds or not at all.",
      cure: "The sender is back; our time limit is now five seconds.",
    },
    {
      title: "{service} cannot send text messages",
      found: "The message gateway refuses one call in three.",
      cure: "Switched to the second gateway.",
    },
    {
      title: "{service} sees time-outs from object storage",
      found: "Reads in one region take seconds.",
      cure: "The cloud reports the end of its own trouble; reads are normal.",
    },
  ],
  configuration: [
    {
      title: "{service} rejects valid certificates",
      found: "A certificate chain was renewed without its middle part.",
      cure: "The full chain is in place.",
    },
    {
      title: "{service} answers 403 for some customers",
      found: "A role was renamed in one region only.",
      cure: "Roles are the same in all regions again.",
    },
    {
      title: "{service} reads from the wrong replica",
      found: "A setting points at a replica that lags behind.",
      cure: "Setting corrected; the lag alert now covers it.",
    },
  ],
  hardware: [
    { title: "{service} loses a node", found: "A machine is gone; its work moves over slowly.", cure: "A new machine took over." },
    {
      title: "{service} has a full disk on one host",
      found: "Temporary files were never removed.",
      cure: "Space freed; a nightly clean-up added.",
    },
  ],
};

export const DEPLOY_TROUBLES = [
  { title: "{service} answers with errors since the last deployment", found: "The error rate rises with the new version." },
  { title: "{service} is slow since the last deployment", found: "Every request now asks the database twice." },
  { title: "{service} loses some requests after a deployment", found: "The new version refuses messages of the old format." },
  { title: "{service} restarts every few minutes", found: "Memory grows until the new version is stopped." },
] as const;

/** What people felt, for BAD_DEPLOYS in their order. */
export const BAD_DEPLOY_TITLES = [
  "Gate bookings fail with 'slot taken'",
  "Warehouse screens hang on reservations",
  "Storage fees are charged twice",
  "People are signed out while they work",
  "Berth plan takes half a minute to open",
  "Live video stops after a few seconds",
] as const;
