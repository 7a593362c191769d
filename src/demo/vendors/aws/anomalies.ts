import { z } from "zod";
import type { SimulatedResponse } from "../../simulator.ts";
import type { CostAnomaly } from "../../world/index.ts";
import { read } from "./cost-request.ts";
import { accountNamed, MANAGEMENT, serviceName } from "./names.ts";
import { type Call, json } from "./protocol.ts";

const request = z.object({
  DateInterval: z.object({ StartDate: z.string(), EndDate: z.string().optional() }),
  MaxResults: z.int().optional(),
  NextPageToken: z.string().optional(),
});
const MONITOR = `arn:aws:ce::${MANAGEMENT}:anomalymonitor/2f6a0d6c-1f3e-4b57-9b53-5d1f6b0c8a11`;
const PAGE = 10;
const FEEDBACK = { yes: "YES", no: "NO", planned: "PLANNED_ACTIVITY" } as const;

/** GetAnomalies: what the cloud's own detector found, the latest first. */
export function anomalies({ input, world }: Call): SimulatedResponse {
  const { DateInterval, MaxResults = PAGE, NextPageToken } = read(request, input);
  const { StartDate, EndDate = world.today } = DateInterval;
  const found = world
    .costAnomalies()
    .filter(({ from, to }) => to >= StartDate && from <= EndDate)
    .toSorted((a, b) => (a.from < b.from ? 1 : -1));
  const at = Number(NextPageToken ?? 0);
  const page = found.slice(at, at + MaxResults);
  return json({ Anomalies: page.map(anomaly), ...(at + MaxResults < found.length ? { NextPageToken: String(at + MaxResults) } : {}) });
}

function anomaly({
  id,
  service,
  account,
  region,
  usageType,
  from,
  to,
  expected,
  actual,
  impact,
  maxDailyImpact,
  score,
  feedback,
}: CostAnomaly) {
  const Service = serviceName(service);
  return {
    AnomalyId: id,
    AnomalyStartDate: `${from}T00:00:00Z`,
    AnomalyEndDate: `${to}T00:00:00Z`,
    DimensionValue: Service,
    RootCauses: [
      {
        Service,
        Region: region,
        LinkedAccount: accountNamed(account),
        LinkedAccountName: account,
        UsageType: usageType,
        Impact: { Contribution: impact },
      },
    ],
    AnomalyScore: { MaxScore: score, CurrentScore: score },
    Impact: {
      MaxImpact: maxDailyImpact,
      TotalImpact: impact,
      TotalActualSpend: actual,
      TotalExpectedSpend: expected,
      ...(expected > 0 ? { TotalImpactPercentage: (100 * impact) / expected } : {}),
    },
    MonitorArn: MONITOR,
    ...(feedback ? { Feedback: FEEDBACK[feedback] } : {}),
  };
}
