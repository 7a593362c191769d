import { jsonOf, type SimulatedRequest, type SimulatedResponse, type Simulator } from "../simulator.ts";
import { ACCESS_KEY, ROLES, SECRET_KEY } from "./aws/names.ts";
import { accountBehind, type Call, Refusal, refuse, type Service, scopeOf } from "./aws/protocol.ts";

export interface AwsOptions {
  /** Whether the account turned on years of monthly costs. */
  keepsYears: boolean;
}

/** AWS as the company uses it: one address for all services, told apart by what the signature is for. */
export const aws: Simulator = createAws({ keepsYears: true });

export function createAws(options: AwsOptions): Simulator {
  return {
    name: "aws",
    settings: (baseUrl) => ({
      AWS_ACCESS_KEY_ID: ACCESS_KEY,
      AWS_SECRET_ACCESS_KEY: SECRET_KEY,
      AWS_ROLE_ARNS: ROLES.join(","),
      AWS_ENDPOINT_URL: baseUrl,
    }),

    async handle(request, world) {
      const scope = scopeOf(request);
      if (!scope) return refuse("sts", new Refusal("MissingAuthenticationToken", "Request is missing Authentication Token", 403));
      const { key, region, service } = scope;
      try {
        const account = accountBehind(key, service, request);
        return await answer({ service, region, account, request, world, ...operationOf(service, request) }, options);
      } catch (error) {
        if (error instanceof Refusal) return refuse(service, error);
        throw error;
      }
    },
  };
}

async function answer(call: Call, options: AwsOptions): Promise<SimulatedResponse> {
  switch (call.service) {
    case "ce":
      return (await import("./aws/cost-explorer.ts")).costExplorer(call, options);
    case "sts":
      return (await import("./aws/tokens.ts")).tokens(call);
    case "ec2":
      return (await import("./aws/machines.ts")).machines(call);
    case "rds":
      return (await import("./aws/databases.ts")).databases(call);
    case "monitoring":
      return (await import("./aws/metrics.ts")).metrics(call);
    case "lightsail":
      return (await import("./aws/lightsail.ts")).lightsail(call);
    case "s3":
      return (await import("./aws/buckets.ts")).buckets(call);
    case "route53":
      return (await import("./aws/zones.ts")).zones(call);
  }
}

const TARGETS: Readonly<Partial<Record<Service, string>>> = {
  ce: "AWSInsightsIndexService",
  lightsail: "Lightsail_20161128",
  monitoring: "GraniteServiceVersion20100801",
};

function operationOf(service: Service, request: SimulatedRequest): Pick<Call, "operation" | "input"> {
  const target = TARGETS[service];
  if (target) {
    const [prefix, operation = ""] = (request.headers["x-amz-target"] ?? "").split(".");
    const input = jsonOf(request);
    if (prefix !== target || typeof input !== "object" || input === null)
      throw new Refusal("SerializationException", "The request could not be read.");
    return { operation, input: input as Record<string, unknown> };
  }
  if (service === "s3" || service === "route53") return { operation: "", input: {} };
  const form = Object.fromEntries(new URLSearchParams(request.body.toString("utf8")));
  return { operation: form.Action ?? "", input: form };
}
