import { z } from "zod";

/** Cost Explorer's answers, as far as they are read. Amounts come as decimal text. */

const amount = z
  .string()
  .regex(/^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/, "expected a decimal number")
  .transform(Number)
  .refine(Number.isFinite, "expected a finite number");
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(?:T.*)?$/, "expected a day")
  .transform((text) => text.slice(0, 10));
const currency = z.string().regex(/^[A-Z]{3}$/, "expected a currency");
const money = z.object({ Amount: amount, Unit: currency });
const metrics = z.record(z.string(), z.object({ Amount: amount, Unit: z.string().nullish() }));
const nextPage = z.string().nullish();

export const costAnswer = z.object({
  ResultsByTime: z.array(
    z.object({
      TimePeriod: z.object({ Start: day, End: day }),
      Total: metrics.nullish(),
      Groups: z.array(z.object({ Keys: z.array(z.string()), Metrics: metrics })).nullish(),
      Estimated: z.boolean().nullish(),
    }),
  ),
  DimensionValueAttributes: z
    .array(z.object({ Value: z.string().nullish(), Attributes: z.record(z.string(), z.string()).nullish() }))
    .nullish(),
  NextPageToken: nextPage,
});
export type CostAnswer = z.output<typeof costAnswer>;
export type CostStep = CostAnswer["ResultsByTime"][number];

export const tagAnswer = z.object({ Tags: z.array(z.string()), NextPageToken: nextPage });

export const forecastAnswer = z.object({
  Total: money,
  ForecastResultsByTime: z
    .array(
      z.object({
        MeanValue: amount.nullish(),
        PredictionIntervalLowerBound: amount.nullish(),
        PredictionIntervalUpperBound: amount.nullish(),
      }),
    )
    .nullish(),
});

export const anomalyAnswer = z.object({
  Anomalies: z.array(
    z.object({
      AnomalyId: z.string(),
      AnomalyStartDate: day.nullish(),
      AnomalyEndDate: day.nullish(),
      DimensionValue: z.string().nullish(),
      RootCauses: z
        .array(
          z.object({
            Service: z.string().nullish(),
            Region: z.string().nullish(),
            LinkedAccount: z.string().nullish(),
            LinkedAccountName: z.string().nullish(),
            UsageType: z.string().nullish(),
          }),
        )
        .nullish(),
      Impact: z.object({
        MaxImpact: z.number(),
        TotalImpact: z.number().nullish(),
        TotalActualSpend: z.number().nullish(),
        TotalExpectedSpend: z.number().nullish(),
      }),
      Feedback: z.string().nullish(),
    }),
  ),
  NextPageToken: nextPage,
});
export type AnomalyNode = z.output<typeof anomalyAnswer>["Anomalies"][number];

export const plansCoverageAnswer = z.object({
  SavingsPlansCoverages: z.array(
    z.object({
      Coverage: z.object({ SpendCoveredBySavingsPlans: amount.nullish(), OnDemandCost: amount.nullish(), TotalCost: amount.nullish() }),
    }),
  ),
  NextToken: nextPage,
});

export const plansUseAnswer = z.object({
  Total: z.object({
    Utilization: z.object({
      TotalCommitment: amount.nullish(),
      UsedCommitment: amount.nullish(),
      UnusedCommitment: amount.nullish(),
      UtilizationPercentage: amount.nullish(),
    }),
    Savings: z.object({ NetSavings: amount.nullish() }).nullish(),
  }),
});

export const reservationCoverageAnswer = z.object({
  CoveragesByTime: z.array(z.unknown()),
  Total: z
    .object({
      CoverageHours: z
        .object({ CoverageHoursPercentage: amount.nullish(), ReservedHours: amount.nullish(), TotalRunningHours: amount.nullish() })
        .nullish(),
    })
    .nullish(),
});

export const reservationUseAnswer = z.object({
  UtilizationsByTime: z.array(z.unknown()),
  Total: z
    .object({
      UtilizationPercentage: amount.nullish(),
      PurchasedHours: amount.nullish(),
      UnusedHours: amount.nullish(),
      NetRISavings: amount.nullish(),
      RICostForUnusedHours: amount.nullish(),
    })
    .nullish(),
});

const instanceDetails = z.object({
  EC2ResourceDetails: z.object({ InstanceType: z.string().nullish(), Region: z.string().nullish() }).nullish(),
});

export const rightsizingAnswer = z.object({
  RightsizingRecommendations: z.array(
    z.object({
      AccountId: z.string().nullish(),
      CurrentInstance: z.object({
        ResourceId: z.string(),
        InstanceName: z.string().nullish(),
        ResourceDetails: instanceDetails.nullish(),
        MonthlyCost: amount.nullish(),
        CurrencyCode: currency.nullish(),
      }),
      RightsizingType: z.string(),
      ModifyRecommendationDetail: z
        .object({
          TargetInstances: z
            .array(z.object({ EstimatedMonthlySavings: amount.nullish(), ResourceDetails: instanceDetails.nullish() }))
            .nullish(),
        })
        .nullish(),
      TerminateRecommendationDetail: z.object({ EstimatedMonthlySavings: amount.nullish() }).nullish(),
    }),
  ),
  NextPageToken: nextPage,
});
export type RightsizingNode = z.output<typeof rightsizingAnswer>["RightsizingRecommendations"][number];

export const callerAnswer = z.object({ Account: z.string().regex(/^\d{12}$/), Arn: z.string() });
