import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import type { World } from "../../world/index.ts";
import { ACCESS_KEY, MANAGEMENT } from "./names.ts";
import { type Xml, xml } from "./xml.ts";

/** What all services share: who asks, which service and region the signature names, and how each service says no. */

export type Service = "ce" | "ec2" | "rds" | "s3" | "route53" | "monitoring" | "lightsail" | "sts";

export interface Call {
  service: Service;
  region: string;
  /** Twelve digits of the account whose credentials signed. */
  account: string;
  /** "GetCostAndUsage"; empty for services that have paths instead. */
  operation: string;
  /** Form fields of services that speak forms, the JSON of those that speak JSON. */
  input: Readonly<Record<string, unknown>>;
  request: SimulatedRequest;
  world: World;
}

/** AWS's own name of what is wrong, as it stands in the answer. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const SCOPE =
  /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
const SERVICES: readonly Service[] = ["ce", "ec2", "rds", "s3", "route53", "monitoring", "lightsail", "sts"];
const INVALID_KEY: Readonly<Record<Service, readonly [code: string, status: number]>> = {
  ce: ["UnrecognizedClientException", 400],
  monitoring: ["UnrecognizedClientException", 400],
  lightsail: ["UnrecognizedClientException", 400],
  ec2: ["AuthFailure", 401],
  rds: ["InvalidClientTokenId", 403],
  sts: ["InvalidClientTokenId", 403],
  route53: ["InvalidClientTokenId", 403],
  s3: ["InvalidAccessKeyId", 403],
};

/** The service and region a signature is for; undefined when there is none. */
export function scopeOf({ headers }: SimulatedRequest): { key: string; region: string; service: Service } | undefined {
  const [, key = "", , region = "", name, signed = ""] = SCOPE.exec(headers.authorization ?? "") ?? [];
  const service = SERVICES.find((s) => s === name);
  return service && signed.split(";").includes("host") ? { key, region, service } : undefined;
}

/** The account behind the credentials. Throws Refusal. */
export function accountBehind(key: string, service: Service, { headers }: SimulatedRequest): string {
  if (key === ACCESS_KEY) return MANAGEMENT;
  const [, assumed] = new RegExp(`^${ACCESS_KEY}-(\\d{12})$`).exec(key) ?? [];
  if (assumed && headers["x-amz-security-token"] === sessionOf(assumed)) return assumed;
  const [code, status] = INVALID_KEY[service];
  throw new Refusal(code, "The security token included in the request is invalid.", status);
}

export function sessionOf(account: string): string {
  return `demo-aws-session-${account}`;
}

export function json(body: object, version = "1.1"): SimulatedResponse {
  return { status: 200, headers: { "content-type": `application/x-amz-json-${version}`, "x-amzn-requestid": REQUEST_ID }, body };
}

const REQUEST_ID = "5f0c1a6e-0000-4000-8000-000000000000";
const XML_TYPE = { "content-type": "text/xml;charset=UTF-8", "x-amzn-requestid": REQUEST_ID };

export function xmlAnswer(tag: string, content: Xml, namespace?: string): SimulatedResponse {
  return { status: 200, headers: XML_TYPE, body: xml(tag, content, namespace) };
}

/** The error as the service's protocol writes it. */
export function refuse(service: Service, { code, message, status }: Refusal): SimulatedResponse {
  if (service === "ce" || service === "lightsail" || service === "monitoring") return { ...json({ __type: code, message }), status };
  const error = { Code: code, Message: message };
  const body =
    service === "s3"
      ? xml("Error", { ...error, RequestId: REQUEST_ID })
      : service === "ec2"
        ? xml("Response", { Errors: { Error: error }, RequestID: REQUEST_ID })
        : xml("ErrorResponse", { Error: { Type: "Sender", ...error }, RequestId: REQUEST_ID });
  return { status, headers: XML_TYPE, body };
}
