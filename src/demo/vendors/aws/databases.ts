import type { SimulatedResponse } from "../../simulator.ts";
import type { Database } from "../../world/index.ts";
import { standing } from "./machines.ts";
import { type Call, Refusal, xmlAnswer } from "./protocol.ts";
import type { Xml } from "./xml.ts";

/** RDS: database instances of one account in one region. */

const NAMESPACE = "http://rds.amazonaws.com/doc/2014-10-31/";

export function databases(call: Call): SimulatedResponse {
  if (call.operation !== "DescribeDBInstances")
    throw new Refusal("InvalidAction", `Could not find operation ${call.operation} for version 2014-10-31`);
  const size = Number(call.input.MaxRecords ?? 100);
  if (!Number.isInteger(size) || size < 20 || size > 100)
    throw new Refusal("InvalidParameterValue", `Invalid value ${size} for MaxRecords. Must be between 20 and 100`);
  const all = standing(call, "database");
  const at = Number(call.input.Marker ?? 0);
  const page = all.slice(at, at + size).map((database) => instance(database, call));
  const next = at + size < all.length ? String(at + size) : undefined;
  return xmlAnswer(
    "DescribeDBInstancesResponse",
    { DescribeDBInstancesResult: { DBInstances: { DBInstance: page }, Marker: next } },
    NAMESPACE,
  );
}

function instance({ id, engine, version, class: size, storageGb, multiZone, createdAt, tags }: Database, { region, account }: Call): Xml {
  return {
    DBInstanceIdentifier: id,
    DBInstanceClass: size,
    Engine: engine,
    EngineVersion: version,
    DBInstanceStatus: "available",
    AllocatedStorage: storageGb,
    StorageType: "gp3",
    MultiAZ: multiZone,
    InstanceCreateTime: createdAt.replace("Z", ".000Z"),
    AvailabilityZone: `${region}a`,
    DBInstanceArn: `arn:aws:rds:${region}:${account}:db:${id}`,
    TagList: { Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
  };
}
