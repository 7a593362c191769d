import { z } from "zod";
import type { SimulatedResponse } from "../../simulator.ts";
import type { CloudResource, Instance } from "../../world/index.ts";
import { read } from "./cost-request.ts";
import { accountNamed } from "./names.ts";
import { type Call, json } from "./protocol.ts";

const request = z.object({ Service: z.literal("AmazonEC2"), PageSize: z.int().optional(), NextPageToken: z.string().optional() });
const SIZES = ["large", "xlarge", "2xlarge", "4xlarge"];

/** GetRightsizingRecommendation: machines that do nothing or little. */
export function rightsizing({ input, world }: Call): SimulatedResponse {
  read(request, input);
  const wasted = world.resources().filter((resource) => isWasted(resource));
  const saved = wasted.reduce((sum, { finding }) => sum + (finding?.monthlySaving ?? 0), 0);
  return json({
    Metadata: { RecommendationId: "0c5a7e1d", GenerationTimestamp: `${world.today}T03:00:00Z`, LookbackPeriodInDays: "THIRTY_DAYS" },
    Summary: {
      TotalRecommendationCount: String(wasted.length),
      EstimatedTotalMonthlySavingsAmount: saved.toFixed(2),
      SavingsCurrencyCode: "USD",
      SavingsPercentage: "9.1",
    },
    RightsizingRecommendations: wasted.map(recommendation),
    Configuration: { RecommendationTarget: "SAME_INSTANCE_FAMILY", BenefitsConsidered: true },
  });
}

function isWasted(resource: CloudResource): resource is Instance {
  return resource.kind === "instance" && (resource.finding?.kind === "idle" || resource.finding?.kind === "oversized");
}

function recommendation(machine: Instance) {
  const { id, name, account, type, region, tags, monthlyCost, cpuPeak, finding } = machine;
  const saving = (finding?.monthlySaving ?? 0).toFixed(2);
  const details = (instance: string) => ({ EC2ResourceDetails: { InstanceType: instance, Region: region, Platform: "Linux/UNIX" } });
  const isIdle = finding?.kind === "idle";
  return {
    AccountId: accountNamed(account),
    CurrentInstance: {
      ResourceId: id,
      InstanceName: name,
      Tags: Object.entries(tags).map(([Key, value]) => ({ Key, Values: [value], MatchOptions: ["EQUALS"] })),
      ResourceDetails: details(type),
      ResourceUtilization: { EC2ResourceUtilization: { MaxCpuUtilizationPercentage: String(cpuPeak) } },
      MonthlyCost: monthlyCost.toFixed(2),
      CurrencyCode: "USD",
    },
    RightsizingType: isIdle ? "TERMINATE" : "MODIFY",
    ...(isIdle
      ? { TerminateRecommendationDetail: { EstimatedMonthlySavings: saving, CurrencyCode: "USD" } }
      : {
          ModifyRecommendationDetail: {
            TargetInstances: [
              {
                EstimatedMonthlyCost: (monthlyCost - Number(saving)).toFixed(2),
                EstimatedMonthlySavings: saving,
                CurrencyCode: "USD",
                DefaultTargetInstance: true,
                ResourceDetails: details(smaller(type)),
              },
            ],
          },
        }),
    FindingReasonCodes: ["CPU_OVER_PROVISIONED"],
  };
}

function smaller(type: string): string {
  const [family = "", size = ""] = type.split(".");
  return `${family}.${SIZES[SIZES.indexOf(size) - 1] ?? size}`;
}
