import { z } from "zod";
import type { ConnectContext } from "../../core/integration.ts";
import { VendorError } from "../../errors.ts";
import { awsRequestHandler, createVendorHttp, type VendorHttp } from "../http.ts";
import { type AwsCredentials, loadSdk, type SdkClient, type ServiceName } from "./sdks.ts";

export interface AwsSettings {
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
  AWS_SESSION_TOKEN?: string | undefined;
  AWS_REGION: string;
  AWS_REGIONS: readonly string[];
  AWS_ROLE_ARNS: readonly string[];
  AWS_COST_CACHE_MINUTES: number;
  AWS_ENDPOINT_URL?: string | undefined;
}

/** Where a question goes: a region, and an account by the role to take in it; without one, the keys' own. */
export interface Place {
  region: string;
  role?: string | undefined;
}

/** All of AWS behind one door. Every call throws VendorError, or the signal's reason. */
export interface AwsClient {
  readonly settings: AwsSettings;
  readonly http: VendorHttp;
  now(): Date;
  /** Sends the command and parses the answer. */
  ask<T>(question: Question, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
}

export interface Question {
  service: ServiceName;
  place: Place;
  /** What IAM must allow for it; a refusal names it: "ce:GetCostAndUsage". */
  action: string;
  /** As AWS calls it: "GetCostAndUsage". */
  command: string;
  /** Its parameters, in AWS's own words. */
  input: object;
}

export const KEYS = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
const HOSTS = [".amazonaws.com", ".amazonaws.com.cn"];
/** Cost Explorer takes its time over long months. */
const TIMEOUT_MS = 15_000;
/** A role's credentials live an hour; new ones are taken well before. */
const ROLE_MS = 45 * 60_000;

const assumed = z.object({
  Credentials: z.object({ AccessKeyId: z.string().min(1), SecretAccessKey: z.string().min(1), SessionToken: z.string().min(1) }),
});

export function createClient(settings: AwsSettings, context: ConnectContext): AwsClient {
  const endpoint = settings.AWS_ENDPOINT_URL?.replace(/\/+$/, "");
  const http = createVendorHttp({
    vendor: "AWS",
    baseUrl: endpoint ?? `https://sts.${settings.AWS_REGION}.amazonaws.com`,
    context,
    credentials: KEYS,
    address: "AWS_ENDPOINT_URL",
    permissions: "the actions that `doctor` names",
    hosts: HOSTS,
    timeoutMs: TIMEOUT_MS,
  });
  const own: AwsCredentials = {
    accessKeyId: settings.AWS_ACCESS_KEY_ID,
    secretAccessKey: settings.AWS_SECRET_ACCESS_KEY,
    ...(settings.AWS_SESSION_TOKEN ? { sessionToken: settings.AWS_SESSION_TOKEN } : {}),
  };
  const clients = new Map<string, SdkClient>();

  async function credentialsOf({ role, region }: Place, signal: AbortSignal): Promise<AwsCredentials> {
    if (role === undefined) return own;
    const load = async (inner: AbortSignal) => {
      const { Credentials: given } = await ask(
        {
          service: "sts",
          place: { region },
          action: "sts:AssumeRole",
          command: "AssumeRole",
          input: { RoleArn: role, RoleSessionName: "firstmate", DurationSeconds: 3_600 },
        },
        assumed,
        inner,
      );
      return { accessKeyId: given.AccessKeyId, secretAccessKey: given.SecretAccessKey, sessionToken: given.SessionToken };
    };
    return (await http.cached(`role ${role}`, load, signal, { ttlMs: ROLE_MS, staleMs: ROLE_MS, operation: "AssumeRole" })).value;
  }

  /** One client per service, region and credentials; those of credentials that have ended are left behind with them. */
  async function open(service: ServiceName, place: Place, signal: AbortSignal) {
    const credentials = await credentialsOf(place, signal);
    const sdk = await loadSdk(service);
    const key = [service, place.region, credentials.accessKeyId].join(" ");
    const known = clients.get(key);
    if (known) return { sdk, client: known };
    for (const old of clients.keys()) if (clients.size > MOST_CLIENTS) clients.delete(old);
    const client = sdk.open({
      region: place.region,
      credentials,
      maxAttempts: 1,
      requestHandler: awsRequestHandler(http),
      ...(endpoint ? { endpoint } : {}),
    });
    clients.set(key, client);
    return { sdk, client };
  }

  async function ask<T>(question: Question, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    try {
      const { sdk, client } = await open(question.service, question.place, signal);
      return http.parse(await client.send(sdk.command(question.command, question.input), { abortSignal: signal }), schema);
    } catch (cause) {
      signal.throwIfAborted();
      throw named(unread(http.explain(cause), question), question);
    }
  }

  return { settings, http, now: context.now, ask };
}

const MOST_CLIENTS = 300;

/** The SDK throws its own errors for fields of another type than it knows, with the answer attached. */
function unread(error: unknown, { command }: Question): unknown {
  if (error instanceof VendorError || !(error instanceof Error) || !("$response" in error)) return error;
  return new VendorError("AWS", `AWS answered ${command} in an unexpected shape. It may have changed its API.`, { cause: error.name });
}

/** A missing permission said by its name: the policy is mended by copying it. */
function named(error: unknown, { action, place: { role } }: Question): unknown {
  if (!(error instanceof VendorError) || error.status !== 403 || error.message.includes(action)) return error;
  // The role itself could not be taken on: its own permissions were not even looked at.
  const isBarred = role !== undefined && /\bperform: sts:AssumeRole\b/.test(error.detail);
  if (isBarred)
    return new VendorError(
      "AWS",
      `AWS does not allow sts:AssumeRole on ${role}. Allow it to the user of ${KEYS}, and name that user in the role's trust policy.`,
      { detail: error.detail, status: 403, cause: error.cause },
    );
  const who = role ? `the role ${role.split("/").at(-1)} in ${accountOf(role)}` : `the user of ${KEYS}`;
  return new VendorError("AWS", `AWS does not allow ${action}. Add it to the policy of ${who}; \`doctor\` names all that is missing.`, {
    detail: error.detail,
    status: 403,
    cause: error.cause,
  });
}

/** The account of a role: "123456789012". */
export function accountOf(role: string): string {
  return role.split(":")[4] ?? "";
}
