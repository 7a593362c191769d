/**
 * The SDK of each service, loaded with the first question for it: EC2's alone takes most of a second. Their types are left at the
 * door: comparing eight of them takes the compiler minutes. Commands go by name, and answers are parsed like any other.
 */
export interface Sdk {
  open(options: ClientOptions): SdkClient;
  /** Throws for a command the SDK does not have. */
  command(name: string, input: object): object;
}

/** What every client is made with. */
export interface ClientOptions {
  region: string;
  endpoint?: string;
  credentials: AwsCredentials;
  maxAttempts: 1;
  requestHandler: unknown;
}

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** The part of an SDK's client that is used. */
export interface SdkClient {
  send(command: object, options: { abortSignal: AbortSignal }): Promise<unknown>;
}

const LOADERS = {
  ce: async () => sdkOf(await import("@aws-sdk/client-cost-explorer"), "CostExplorerClient"),
  cloudwatch: async () => sdkOf(await import("@aws-sdk/client-cloudwatch"), "CloudWatchClient"),
  ec2: async () => sdkOf(await import("@aws-sdk/client-ec2"), "EC2Client"),
  lightsail: async () => sdkOf(await import("@aws-sdk/client-lightsail"), "LightsailClient"),
  rds: async () => sdkOf(await import("@aws-sdk/client-rds"), "RDSClient"),
  route53: async () => sdkOf(await import("@aws-sdk/client-route-53"), "Route53Client"),
  // A bucket's name in front of a stand-in's host would lead elsewhere.
  s3: async () => sdkOf(await import("@aws-sdk/client-s3"), "S3Client", ({ endpoint }) => ({ forcePathStyle: endpoint !== undefined })),
  sts: async () => sdkOf(await import("@aws-sdk/client-sts"), "STSClient"),
};
export type ServiceName = keyof typeof LOADERS;

export function loadSdk(service: ServiceName): Promise<Sdk> {
  return LOADERS[service]();
}

type Maker = new (input: object) => object;

function sdkOf(loaded: unknown, client: string, more: (options: ClientOptions) => object = () => ({})): Sdk {
  const made = loaded as Readonly<Record<string, Maker | undefined>>;
  const make = (name: string, input: object): object => {
    const Made = made[name];
    if (!Made) throw new Error(`the AWS SDK has no ${name}`);
    return new Made(input);
  };
  return {
    open: (options) => make(client, { ...options, ...more(options) }) as SdkClient,
    command: (name, input) => make(`${name}Command`, input),
  };
}
