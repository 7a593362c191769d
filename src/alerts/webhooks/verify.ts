import { createHash, createHmac, createVerify, timingSafeEqual, X509Certificate } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { keyOf } from "../hook-channel.ts";

/** Whether a delivery is from whom it says, by the scheme its vendor has. Over the raw bytes, and in constant time. */

export const SOURCES = ["dynatrace", "newrelic", "alertmanager", "github", "sns", "generic"] as const;
export type Source = (typeof SOURCES)[number];

export interface Proof {
  headers: IncomingHttpHeaders;
  body: Buffer;
  secret: string;
  now: Date;
  /** The certificate at an address of AWS, as PEM. Rejects when it cannot be read. */
  certificate(url: string): Promise<string>;
}

/** How far the sender's clock may be off, in milliseconds; older deliveries are played back. */
const CLOCK_MS = 5 * 60_000;
/** SNS tries for up to an hour by default, and its time is that of the message. */
const SNS_MS = 65 * 60_000;

/** Rejects when a certificate cannot be read: that is no fault of the sender. */
export async function isGenuine(source: Source, proof: Proof): Promise<boolean> {
  if (source === "github") return hasGithubSignature(proof);
  if (source === "sns") return hasSnsSignature(proof);
  return knowsSecret(proof) || (source === "generic" && hasStandardSignature(proof));
}

/** X-Hub-Signature-256: "sha256=" and the HMAC of the body. The older X-Hub-Signature is SHA-1 and not taken. */
function hasGithubSignature({ headers, body, secret }: Proof): boolean {
  const given = String(headers["x-hub-signature-256"] ?? "");
  return isEqual(given, `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
}

/** A bearer token, or the password of basic authentication, whatever the name in front of it. */
function knowsSecret({ headers, secret }: Pick<Proof, "headers" | "secret">): boolean {
  const [, scheme = "", value = ""] = /^(bearer|basic) +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return isEqual(value, secret);
  if (scheme.toLowerCase() !== "basic") return false;
  const decoded = Buffer.from(value, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return colon >= 0 && isEqual(decoded.slice(colon + 1), secret);
}

/** Standard Webhooks: "v1," and the HMAC of id, time and body; several, parted by spaces, while a secret is changed. */
function hasStandardSignature({ headers, body, secret, now }: Proof): boolean {
  const [id, timestamp, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => String(headers[name] ?? ""));
  if (!id || !signatures || !/^\d{1,12}$/.test(timestamp ?? "")) return false;
  if (Math.abs(now.getTime() - Number(timestamp) * 1000) > CLOCK_MS) return false;
  const own = `v1,${createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest("base64")}`;
  return signatures.split(" ").some((given) => isEqual(given, own));
}

/** Anybody with an AWS account can have SNS sign: so the topic must be ours too, or the subscription's address must hold the secret. */
async function hasSnsSignature({ headers, body, secret, now, certificate }: Proof): Promise<boolean> {
  const message = jsonOf(body);
  if (!message) return false;
  const field = (name: string) => (typeof message[name] === "string" ? (message[name] as string) : undefined);
  const topics = secret.split(",").map((topic) => topic.trim());
  const isOurs =
    topics.some((topic) => topic.startsWith("arn:") && isEqual(topic, field("TopicArn") ?? "")) || knowsSecret({ headers, secret });
  const url = field("SigningCertURL") ?? "";
  const at = Date.parse(field("Timestamp") ?? "");
  if (!isOurs || !isSnsAddress(url, /\.pem$/) || !(Math.abs(now.getTime() - at) <= SNS_MS)) return false;
  const algorithm = { "1": "RSA-SHA1", "2": "RSA-SHA256" }[field("SignatureVersion") ?? ""];
  const names = field("Type") === "Notification" ? NOTIFICATION : CONFIRMATION;
  if (!algorithm || !field("Signature")) return false;
  const signed = names.flatMap((name) => (field(name) === undefined ? [] : [`${name}\n${field(name)}\n`])).join("");
  const signer = snsCertificate(await certificate(url), now);
  try {
    return (
      signer !== undefined &&
      createVerify(algorithm)
        .update(signed, "utf8")
        .verify(signer.publicKey, field("Signature") ?? "", "base64")
    );
  } catch {
    return false;
  }
}

/** Amazon's certificates are for sns.amazonaws.com in every region, or for that of the region. */
const SNS_NAME = /(?:^|[\s=:,])sns(?:[.-][a-z0-9.-]{1,40})?\.amazonaws\.com(?:\.cn)?(?=$|[\s,])/;

/**
 * The certificate that signs for SNS, valid now; each further one in the file must have issued the one before. The chain ends there: the
 * file holds no more, and who gave it is known by the TLS of its address. undefined for any other.
 */
function snsCertificate(pem: string, now: Date): X509Certificate | undefined {
  try {
    const chain = (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map((one) => new X509Certificate(one));
    const [signer] = chain;
    const isCurrent = chain.every(({ validFrom, validTo }) => new Date(validFrom) <= now && now <= new Date(validTo));
    const isChain = chain.every((one, i) => {
      const issuer = chain[i + 1];
      return issuer === undefined || (one.checkIssued(issuer) && one.verify(issuer.publicKey));
    });
    const isSns = SNS_NAME.test(`${signer?.subjectAltName ?? ""}\n${signer?.subject ?? ""}`);
    return isCurrent && isChain && isSns ? signer : undefined;
  } catch {
    return undefined;
  }
}

const NOTIFICATION = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
const CONFIRMATION = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

/** Amazon's own hosts, and nothing that only looks like them. */
export function isSnsAddress(url: string, path = /^\//): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username, pathname } = new URL(url);
  return (
    protocol === "https:" &&
    port === "" &&
    username === "" &&
    /^sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?$/.test(hostname) &&
    path.test(pathname)
  );
}

/** By their hashes, so that neither length nor content shows in the time it takes. */
function isEqual(given: string, own: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(own)) && given.length === own.length;
}

/** The body as a JSON object; undefined for anything else. */
export function jsonOf(body: Buffer | string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
