import { addDays, addUnits, startOf } from "../../../src/core/civil-date.ts";
import type { Answer, RecordedRequest, Routes } from "../../kit/vendor-server.ts";

/** AWS's answers as they come over the wire, small: one address for all services, told apart as AWS does. */

type Interval = { Start: string; End: string };
interface CostInput {
  TimePeriod: Interval;
  Granularity: "DAILY" | "MONTHLY";
  Metrics: string[];
  GroupBy?: { Key: string }[];
}

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  SERVICE: ["Amazon Elastic Compute Cloud - Compute", "Amazon Simple Storage Service"],
  LINKED_ACCOUNT: ["111122223333", "444455556666"],
  REGION: ["us-east-1", "eu-west-1"],
  RECORD_TYPE: ["Usage", "Tax"],
  USAGE_TYPE: ["BoxUsage:m6i.large", "TimedStorage-ByteHrs"],
  team: ["team$gate", "team$"],
};
const metrics = (names: readonly string[], amount: string) =>
  Object.fromEntries(names.map((name) => [name, { Amount: amount, Unit: name === "UsageQuantity" ? "Hrs" : "USD" }]));

function costs(input: CostInput): object {
  const unit = input.Granularity === "DAILY" ? "day" : "month";
  const steps: Interval[] = [];
  for (let start = input.TimePeriod.Start; start < input.TimePeriod.End; ) {
    const next = addUnits(unit, startOf(unit, start), 1);
    const end = next < input.TimePeriod.End ? next : input.TimePeriod.End;
    steps.push({ Start: start, End: end });
    start = end;
  }
  const [first = [""], second] = (input.GroupBy ?? []).map(({ Key }) => GROUPS[Key] ?? []);
  const keys = first.flatMap((a) => (second ? second.map((b) => [a, b]) : [[a]]));
  const isGrouped = (input.GroupBy ?? []).length > 0;
  return {
    GroupDefinitions: input.GroupBy ?? [],
    ResultsByTime: steps.map((TimePeriod, i) => ({
      TimePeriod,
      Total: isGrouped ? {} : metrics(input.Metrics, "42.5"),
      Groups: isGrouped ? keys.map((Keys, k) => ({ Keys, Metrics: metrics(input.Metrics, `${10 + i + k}.125`) })) : [],
      Estimated: i === steps.length - 1,
    })),
    DimensionValueAttributes: [
      { Value: "111122223333", Attributes: { description: "production" } },
      { Value: "444455556666", Attributes: { description: "staging" } },
    ],
  };
}

const answers: Readonly<Record<string, (input: never) => object>> = {
  "AWSInsightsIndexService.GetCostAndUsage": costs,
  "AWSInsightsIndexService.GetTags": () => ({ Tags: ["team"], ReturnSize: 1, TotalSize: 1 }),
  "AWSInsightsIndexService.GetSavingsPlansCoverage": ({ TimePeriod }: { TimePeriod: Interval }) => ({
    SavingsPlansCoverages: [
      {
        Attributes: {},
        Coverage: { SpendCoveredBySavingsPlans: "62.5", OnDemandCost: "37.5", TotalCost: "100", CoveragePercentage: "62.5" },
        TimePeriod,
      },
    ],
  }),
  "AWSInsightsIndexService.GetSavingsPlansUtilization": () => ({
    Total: {
      Utilization: { TotalCommitment: "50", UsedCommitment: "49", UnusedCommitment: "1", UtilizationPercentage: "98" },
      Savings: { NetSavings: "12.5", OnDemandCostEquivalent: "62.5" },
    },
  }),
  "AWSInsightsIndexService.GetReservationCoverage": () => ({
    CoveragesByTime: [],
    Total: { CoverageHours: { OnDemandHours: "100", ReservedHours: "0", TotalRunningHours: "100", CoverageHoursPercentage: "0" } },
  }),
  "AWSInsightsIndexService.GetReservationUtilization": () => ({
    UtilizationsByTime: [],
    Total: { UtilizationPercentage: "0", PurchasedHours: "0", UnusedHours: "0", NetRISavings: "0", RICostForUnusedHours: "0" },
  }),
  "AWSInsightsIndexService.GetAnomalies": ({ DateInterval }: { DateInterval: { EndDate: string } }) => ({
    Anomalies: [
      {
        AnomalyId: "a-1",
        AnomalyStartDate: `${addDays(DateInterval.EndDate, -9)}T00:00:00Z`,
        AnomalyEndDate: `${addDays(DateInterval.EndDate, -5)}T00:00:00Z`,
        DimensionValue: "AmazonCloudWatch",
        RootCauses: [
          {
            Service: "AmazonCloudWatch",
            Region: "eu-west-1",
            LinkedAccount: "111122223333",
            LinkedAccountName: "production",
            UsageType: "EU-DataProcessing-Bytes",
          },
        ],
        AnomalyScore: { MaxScore: 0.9, CurrentScore: 0.4 },
        Impact: { MaxImpact: 40.5, TotalImpact: 120.25, TotalActualSpend: 200.5, TotalExpectedSpend: 80.25 },
        MonitorArn: "arn:aws:ce::111122223333:anomalymonitor/1",
        Feedback: "YES",
      },
    ],
  }),
  "AWSInsightsIndexService.GetRightsizingRecommendation": () => ({
    RightsizingRecommendations: [
      {
        AccountId: "111122223333",
        CurrentInstance: {
          ResourceId: "i-0aaaaaaaaaaaaaaaa",
          InstanceName: "batch-old",
          ResourceDetails: { EC2ResourceDetails: { InstanceType: "m6i.2xlarge", Region: "us-east-1" } },
          MonthlyCost: "280.32",
          CurrencyCode: "USD",
        },
        RightsizingType: "TERMINATE",
        TerminateRecommendationDetail: { EstimatedMonthlySavings: "280.32", CurrencyCode: "USD" },
      },
    ],
  }),
  "AWSInsightsIndexService.GetCostForecast": ({ TimePeriod }: { TimePeriod: Interval }) => ({
    Total: { Amount: "1200.5", Unit: "USD" },
    ForecastResultsByTime: [
      { TimePeriod, MeanValue: "1200.5", PredictionIntervalLowerBound: "1100", PredictionIntervalUpperBound: "1300" },
    ],
  }),
  "GraniteServiceVersion20100801.GetMetricData": ({
    MetricDataQueries,
  }: {
    MetricDataQueries: { Id: string; MetricStat: { Metric: { MetricName: string } } }[];
  }) => ({
    MetricDataResults: MetricDataQueries.map(({ Id, MetricStat: { Metric } }) => ({
      Id,
      Label: Metric.MetricName,
      Timestamps: Array.from({ length: 80 }, (_, i) => 1_795_000_000 - 3_600 * i),
      Values: Array.from({ length: 80 }, () => (Metric.MetricName === "BucketSizeBytes" ? 2.5e12 : 1.5)),
      StatusCode: "Complete",
    })),
    Messages: [],
  }),
  "Lightsail_20161128.GetInstances": () => ({
    instances: [
      {
        name: "site",
        bundleId: "small_3_0",
        createdAt: 1_700_000_000,
        state: { code: 16, name: "running" },
        tags: [{ key: "team", value: "gate" }],
      },
    ],
  }),
  "Lightsail_20161128.GetBundles": () => ({ bundles: [{ bundleId: "small_3_0", price: 12.5, isActive: true }] }),
  "Lightsail_20161128.GetInstanceMetricData": () => ({
    metricName: "CPUUtilization",
    metricData: [{ timestamp: 1_795_000_000, average: 3.5, maximum: 9.5, unit: "Percent" }],
  }),
};

const xmlOf = (body: string): Answer => ({ headers: { "content-type": "text/xml" }, body });
const tags = (name: string) =>
  `<tagSet><item><key>Name</key><value>${name}</value></item><item><key>team</key><value>gate</value></item></tagSet>`;
const forms: Readonly<Record<string, string>> = {
  GetCallerIdentity:
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/firstmate</Arn><UserId>AIDA</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
  DescribeInstances: `<DescribeInstancesResponse><reservationSet><item><reservationId>r-1</reservationId><instancesSet><item><instanceId>i-0aaaaaaaaaaaaaaaa</instanceId><instanceState><code>16</code><name>running</name></instanceState><instanceType>m6i.2xlarge</instanceType><launchTime>2024-03-01T09:00:00.000Z</launchTime>${tags("batch-old")}</item></instancesSet></item></reservationSet></DescribeInstancesResponse>`,
  DescribeVolumes: `<DescribeVolumesResponse><volumeSet><item><volumeId>vol-1</volumeId><size>200</size><status>available</status><createTime>2024-03-01T09:00:00.000Z</createTime><volumeType>gp3</volumeType><attachmentSet/>${tags("old-disk")}</item></volumeSet></DescribeVolumesResponse>`,
  DescribeAddresses:
    "<DescribeAddressesResponse><addressesSet><item><publicIp>203.0.113.5</publicIp><allocationId>eipalloc-1</allocationId><domain>vpc</domain></item></addressesSet></DescribeAddressesResponse>",
  DescribeDBInstances:
    "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance><DBInstanceIdentifier>orders</DBInstanceIdentifier><DBInstanceClass>db.r6g.xlarge</DBInstanceClass><Engine>postgres</Engine><EngineVersion>12.19</EngineVersion><DBInstanceStatus>available</DBInstanceStatus><AllocatedStorage>400</AllocatedStorage><MultiAZ>true</MultiAZ><InstanceCreateTime>2022-05-01T08:00:00.000Z</InstanceCreateTime></DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>",
};
const emptyForms: Readonly<Record<string, string>> = {
  GetCallerIdentity: forms.GetCallerIdentity ?? "",
  DescribeInstances: "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>",
  DescribeVolumes: "<DescribeVolumesResponse><volumeSet/></DescribeVolumesResponse>",
  DescribeAddresses: "<DescribeAddressesResponse><addressesSet/></DescribeAddressesResponse>",
  DescribeDBInstances:
    "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances/></DescribeDBInstancesResult></DescribeDBInstancesResponse>",
};
const nothing: Readonly<Record<string, object>> = {
  GetCostAndUsage: { ResultsByTime: [], DimensionValueAttributes: [] },
  GetTags: { Tags: [], ReturnSize: 0, TotalSize: 0 },
  GetSavingsPlansCoverage: { SavingsPlansCoverages: [] },
  GetSavingsPlansUtilization: {
    Total: { Utilization: { TotalCommitment: "0", UsedCommitment: "0", UnusedCommitment: "0", UtilizationPercentage: "0" } },
  },
  GetReservationCoverage: { CoveragesByTime: [] },
  GetReservationUtilization: { UtilizationsByTime: [] },
  GetAnomalies: { Anomalies: [] },
  GetRightsizingRecommendation: { RightsizingRecommendations: [] },
  GetCostForecast: { Total: { Amount: "0", Unit: "USD" }, ForecastResultsByTime: [] },
  GetMetricData: { MetricDataResults: [], Messages: [] },
  GetInstances: { instances: [] },
  GetBundles: { bundles: [] },
};

const notThere = { status: 400, json: { __type: "UnknownOperationException" } };

function post(formsOf: Readonly<Record<string, string>>, answerOf: (target: string, input: never) => object | undefined) {
  return ({ headers, raw, body }: RecordedRequest): Answer => {
    const target = headers["x-amz-target"];
    if (typeof target === "string") {
      const json = answerOf(target, body as never);
      return json ? { json } : notThere;
    }
    const form = formsOf[new URLSearchParams(raw).get("Action") ?? ""];
    return form === undefined ? notThere : xmlOf(form);
  };
}

const BUCKETS =
  "<ListAllMyBucketsResult><Buckets><Bucket><Name>acme-archive</Name><CreationDate>2021-01-01T00:00:00.000Z</CreationDate><BucketRegion>us-east-1</BucketRegion></Bucket></Buckets></ListAllMyBucketsResult>";
const ZONES =
  "<ListHostedZonesResponse><HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>acme.example.</Name><CallerReference>1</CallerReference><Config><PrivateZone>false</PrivateZone></Config><ResourceRecordSetCount>12</ResourceRecordSetCount></HostedZone></HostedZones><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListHostedZonesResponse>";
const LIFECYCLE =
  "<LifecycleConfiguration><Rule><ID>old</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter></Rule></LifecycleConfiguration>";

export const recorded: Routes = {
  "POST /": post(forms, (target, input) => answers[target]?.(input)),
  "GET /": xmlOf(BUCKETS),
  "GET /2013-04-01/hostedzone": xmlOf(ZONES),
};
/** Asked only for a bucket that is large. */
export const lifecycle: Routes = { "GET /acme-archive": xmlOf(LIFECYCLE) };
export const empty: Routes = {
  "POST /": post(emptyForms, (target) => nothing[target.split(".")[1] ?? ""]),
  "GET /": xmlOf("<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"),
  "GET /2013-04-01/hostedzone": xmlOf(
    "<ListHostedZonesResponse><HostedZones/><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListHostedZonesResponse>",
  ),
};

let pages = 0;
/** Every page of one operation has another after it. */
export function endless(operation: string, token: "NextPageToken" | "NextToken"): Routes {
  const next = (answer: object | undefined, target: string, input: object) => {
    pages += 1;
    if (!answer || !target.endsWith(`.${operation}`)) return answer;
    const later = token in input ? { ResultsByTime: [] } : {};
    return { ...answer, ...later, [token]: `page-${pages}` };
  };
  return { ...recorded, ...lifecycle, "POST /": post(forms, (target, input) => next(answers[target]?.(input), target, input)) };
}

/** Volumes without an end, in XML. */
export function endlessVolumes(): Routes {
  const plain = post(forms, (target, input) => answers[target]?.(input));
  return {
    ...recorded,
    ...lifecycle,
    "POST /": (request) => {
      const answer = plain(request);
      pages += 1;
      const isVolumes = typeof answer.body === "string" && answer.body.includes("</volumeSet>");
      return isVolumes ? xmlOf(String(answer.body).replace("</volumeSet>", `</volumeSet><nextToken>t${pages}</nextToken>`)) : answer;
    },
  };
}
