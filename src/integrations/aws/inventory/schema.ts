import { z } from "zod";

/** What the inventory reads of AWS's answers. The SDK gives an empty list for none and nothing for an answer it does not know. */

const text = z.string().min(1);
const tags = z.array(z.object({ Key: z.string().nullish(), Value: z.string().nullish() })).nullish();
const next = z.string().nullish();

export const instancesAnswer = z.object({
  Reservations: z.array(
    z.object({
      Instances: z
        .array(
          z.object({
            InstanceId: text,
            InstanceType: z.string().nullish(),
            State: z.object({ Name: z.string().nullish() }).nullish(),
            LaunchTime: z.date().nullish(),
            Tags: tags,
          }),
        )
        .nullish(),
    }),
  ),
  NextToken: next,
});

export const volumesAnswer = z.object({
  Volumes: z.array(
    z.object({
      VolumeId: text,
      VolumeType: z.string().nullish(),
      Size: z.number().nullish(),
      State: z.string().nullish(),
      CreateTime: z.date().nullish(),
      Attachments: z.array(z.object({ InstanceId: z.string().nullish() })).nullish(),
      Tags: tags,
    }),
  ),
  NextToken: next,
});

export const addressesAnswer = z.object({
  Addresses: z.array(
    z.object({
      AllocationId: z.string().nullish(),
      PublicIp: text,
      AssociationId: z.string().nullish(),
      InstanceId: z.string().nullish(),
      NetworkInterfaceId: z.string().nullish(),
      Tags: tags,
    }),
  ),
});

export const databasesAnswer = z.object({
  DBInstances: z.array(
    z.object({
      DBInstanceIdentifier: text,
      DBInstanceClass: z.string().nullish(),
      Engine: z.string().nullish(),
      EngineVersion: z.string().nullish(),
      DBInstanceStatus: z.string().nullish(),
      AllocatedStorage: z.number().nullish(),
      MultiAZ: z.boolean().nullish(),
      InstanceCreateTime: z.date().nullish(),
      TagList: tags,
    }),
  ),
  Marker: next,
});

export const bucketsAnswer = z.object({
  Buckets: z.array(z.object({ Name: text, CreationDate: z.date().nullish(), BucketRegion: z.string().nullish() })),
  ContinuationToken: next,
});

export const lifecycleAnswer = z.object({ Rules: z.array(z.object({ Status: z.string().nullish() })) });

export const zonesAnswer = z.object({
  HostedZones: z.array(
    z.object({
      Id: text,
      Name: text,
      Config: z.object({ PrivateZone: z.boolean().nullish() }).nullish(),
      ResourceRecordSetCount: z.number().nullish(),
    }),
  ),
  IsTruncated: z.boolean().nullish(),
  NextMarker: next,
});

export const lightsailAnswer = z.object({
  instances: z.array(
    z.object({
      name: text,
      arn: z.string().nullish(),
      bundleId: z.string().nullish(),
      createdAt: z.date().nullish(),
      state: z.object({ name: z.string().nullish() }).nullish(),
      tags: z.array(z.object({ key: z.string().nullish(), value: z.string().nullish() })).nullish(),
    }),
  ),
  nextPageToken: next,
});

export const bundlesAnswer = z.object({
  bundles: z.array(z.object({ bundleId: text, price: z.number().nullish() })),
  nextPageToken: next,
});

export const lightsailMetricAnswer = z.object({
  metricData: z.array(z.object({ average: z.number().nullish(), maximum: z.number().nullish() })),
});

export const metricsAnswer = z.object({
  MetricDataResults: z.array(z.object({ Id: text, Values: z.array(z.number()).nullish() })),
  NextToken: next,
});

/** Tag keys, the way people spell them. */
export function tagOf(
  tags: readonly { Key?: string | null | undefined; Value?: string | null | undefined }[] | null | undefined,
  key: string,
) {
  return tags?.find(({ Key }) => Key?.toLowerCase() === key)?.Value || undefined;
}
