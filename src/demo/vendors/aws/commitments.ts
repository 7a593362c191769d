import { z } from "zod";
import { addDays } from "../../../core/civil-date.ts";
import type { SimulatedResponse } from "../../simulator.ts";
import type { SavingsDay, World } from "../../world/index.ts";
import { interval, invalid, read } from "./cost-request.ts";
import { type Call, json } from "./protocol.ts";

/** Savings Plans, of which the company has one; it has no reservations. */

const request = z.object({ TimePeriod: interval, Granularity: z.string().optional() });
/** A dollar of the commitment pays for so much at list price. */
const WORTH = 1.38;

export function plansCoverage({ input, world }: Call): SimulatedResponse {
  const { TimePeriod } = asked(input, world);
  const days = daysIn(world, TimePeriod);
  const covered = sum(days, (day) => day.covered);
  const eligible = sum(days, (day) => day.eligible);
  return json({
    SavingsPlansCoverages: [
      {
        Attributes: {},
        Coverage: {
          SpendCoveredBySavingsPlans: covered.toFixed(10),
          OnDemandCost: (eligible - covered).toFixed(10),
          TotalCost: eligible.toFixed(10),
          CoveragePercentage: percent(covered, eligible),
        },
        TimePeriod,
      },
    ],
  });
}

export function plansUse({ input, world }: Call): SimulatedResponse {
  const { TimePeriod } = asked(input, world);
  const days = daysIn(world, TimePeriod);
  const committed = sum(days, (day) => day.commitment);
  const used = sum(days, (day) => day.commitment * day.utilisation);
  const Utilization = {
    TotalCommitment: committed.toFixed(10),
    UsedCommitment: used.toFixed(10),
    UnusedCommitment: (committed - used).toFixed(10),
    UtilizationPercentage: percent(used, committed),
  };
  const Savings = { NetSavings: (used * WORTH - committed).toFixed(10), OnDemandCostEquivalent: (used * WORTH).toFixed(10) };
  return json({ Total: { Utilization, Savings } });
}

export function reservationCoverage({ input, world }: Call): SimulatedResponse {
  const { TimePeriod } = asked(input, world);
  const CoverageHours = { OnDemandHours: "18240", ReservedHours: "0", TotalRunningHours: "18240", CoverageHoursPercentage: "0" };
  return json({ CoveragesByTime: [{ TimePeriod, Groups: [], Total: { CoverageHours } }], Total: { CoverageHours } });
}

export function reservationUse({ input, world }: Call): SimulatedResponse {
  const { TimePeriod } = asked(input, world);
  const none = {
    UtilizationPercentage: "0",
    PurchasedHours: "0",
    TotalActualHours: "0",
    UnusedHours: "0",
    OnDemandCostOfRIHoursUsed: "0",
    NetRISavings: "0",
    RICostForUnusedHours: "0",
  };
  return json({ UtilizationsByTime: [{ TimePeriod, Groups: [], Total: none }], Total: none });
}

/** Commitments are known to the day before, and no further. */
function asked(input: unknown, world: World): z.output<typeof request> {
  const given = read(request, input);
  if (given.TimePeriod.Start >= given.TimePeriod.End) throw invalid("Start date should be before end date");
  if (given.TimePeriod.End > world.today) throw invalid("End date should not be after the current date.");
  return given;
}

function daysIn(world: World, { Start, End }: z.output<typeof interval>): SavingsDay[] {
  const days: SavingsDay[] = [];
  for (let day = Start; day < End; day = addDays(day, 1)) {
    const savings = world.savings(day);
    if (savings) days.push(savings);
  }
  return days;
}

function sum(days: readonly SavingsDay[], of: (day: SavingsDay) => number): number {
  return days.reduce((total, day) => total + of(day), 0);
}

function percent(part: number, whole: number): string {
  return whole > 0 ? ((100 * part) / whole).toFixed(10) : "0";
}
