import { z } from "zod";
import type { SimulatedResponse } from "../../simulator.ts";
import type { Lightsail } from "../../world/index.ts";
import { read } from "./cost-request.ts";
import { standing } from "./machines.ts";
import { timesOf } from "./metrics.ts";
import { type Call, json, Refusal } from "./protocol.ts";

/** Lightsail: instances, their prices by bundle, and their processor. Times are seconds. */

const metricRequest = z.object({
  instanceName: z.string(),
  metricName: z.string(),
  period: z.int(),
  startTime: z.number(),
  endTime: z.number(),
});

export function lightsail(call: Call): SimulatedResponse {
  const { operation, region, world } = call;
  if (operation === "GetInstances") return json({ instances: standing(call, "lightsail").map((machine) => instance(machine, region)) });
  if (operation === "GetBundles") {
    const all = world.resources().filter((r): r is Lightsail => r.kind === "lightsail");
    return json({
      bundles: all.map(({ bundle, monthlyCost }) => ({
        bundleId: bundle,
        price: monthlyCost,
        isActive: true,
        name: bundle.split("_")[0] ?? bundle,
        supportedPlatforms: ["LINUX_UNIX"],
      })),
    });
  }
  if (operation === "GetInstanceMetricData") return metric(call);
  throw new Refusal("UnknownOperationException", "");
}

function instance({ id, name, bundle, blueprint, state, createdAt, tags }: Lightsail, region: string): object {
  return {
    name,
    arn: `arn:aws:lightsail:${region}:instance:${id}`,
    createdAt: Date.parse(createdAt) / 1_000,
    location: { availabilityZone: `${region}a`, regionName: region },
    resourceType: "Instance",
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    blueprintId: blueprint,
    bundleId: bundle,
    state: { code: state === "running" ? 16 : 80, name: state },
  };
}

function metric(call: Call): SimulatedResponse {
  const { instanceName, metricName, period, startTime, endTime } = read(metricRequest, call.input);
  const machine = standing(call, "lightsail").find(({ name }) => name === instanceName);
  if (!machine) throw new Refusal("NotFoundException", `The Instance does not exist: ${instanceName}`);
  const times = metricName === "CPUUtilization" ? timesOf(startTime, endTime, period) : [];
  return json({
    metricName,
    metricData: times.map((timestamp) => ({ timestamp, average: machine.cpuAverage, maximum: machine.cpuAverage * 2, unit: "Percent" })),
  });
}
