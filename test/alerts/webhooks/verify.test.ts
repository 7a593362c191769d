import { createHmac, createSign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { signedHeaders } from "../../../src/alerts/hook-channel.ts";
import { isGenuine, isSnsAddress, type Proof, type Source } from "../../../src/alerts/webhooks/verify.ts";
import { makeCertificate } from "../../kit/certificate.ts";

const NOW = new Date("2026-11-20T09:00:00Z");
const SECRET = "It's a Secret to Everybody";

function proof(changes: Partial<Proof> = {}): Proof {
  return {
    headers: {},
    body: Buffer.from("Hello, World!"),
    secret: SECRET,
    now: NOW,
    certificate: () => Promise.reject(new Error("no certificate was to be read")),
    ...changes,
  };
}

const verify = (source: Source, changes: Partial<Proof>) => isGenuine(source, proof(changes));

describe("GitHub", () => {
  // The example of GitHub's own page on validating deliveries.
  const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  it("is known by the HMAC of the raw body", async () => {
    expect(await verify("github", { headers: { "x-hub-signature-256": signature } })).toBe(true);
  });

  it.each([
    ["another body", { headers: { "x-hub-signature-256": signature }, body: Buffer.from("Hello, World?") }],
    ["another secret", { headers: { "x-hub-signature-256": signature }, secret: "another secret" }],
    ["no signature", {}],
    ["the older SHA-1", { headers: { "x-hub-signature": `sha1=${createHmac("sha1", SECRET).update("Hello, World!").digest("hex")}` } }],
    ["the secret as a token", { headers: { authorization: "Bearer plain-secret-words" }, secret: "plain-secret-words" }],
  ])("is not by %s", async (_, changes) => {
    expect(await verify("github", changes)).toBe(false);
  });
});

describe.each(["dynatrace", "newrelic", "alertmanager", "generic"] as const)("%s", (source) => {
  const secret = "a-long-secret";
  const basic = (password: string) => `Basic ${Buffer.from(`anybody:${password}`).toString("base64")}`;

  it("is known by a bearer token or a basic password", async () => {
    expect(await verify(source, { secret, headers: { authorization: `Bearer ${secret}` } })).toBe(true);
    expect(await verify(source, { secret, headers: { authorization: basic(secret) } })).toBe(true);
  });

  it.each([undefined, "Bearer a-long-secre", "Bearer a-long-secret2", "Bearer", basic("wrong"), `Digest ${"a-long-secret"}`])(
    "is not by %s",
    async (authorization) => {
      expect(await verify(source, { secret, headers: { authorization } })).toBe(false);
    },
  );
});

describe("Standard Webhooks", () => {
  // The example of the specification.
  const example = {
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    body: Buffer.from('{"test": 2432232314}'),
    now: new Date(1_614_265_330_000),
    headers: {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
  };

  it("are taken as generic ones, also with a second signature while a secret is changed", async () => {
    expect(await verify("generic", example)).toBe(true);
    expect(
      await verify("generic", {
        ...example,
        headers: { ...example.headers, "webhook-signature": `v1,AAAA ${example.headers["webhook-signature"]}` },
      }),
    ).toBe(true);
  });

  it("are not when they are played back, or another's", async () => {
    expect(await verify("generic", { ...example, now: new Date(1_614_265_330_000 + 6 * 60_000) })).toBe(false);
    expect(await verify("generic", { ...example, headers: { ...example.headers, "webhook-id": "msg_other" } })).toBe(false);
    expect(await verify("dynatrace", example)).toBe(false);
  });

  it("are what we send ourselves", async () => {
    const body = '{"type":"alert.firing.v1"}';
    expect(
      await verify("generic", {
        body: Buffer.from(body),
        secret: "our own secret words",
        headers: signedHeaders("our own secret words", "id-1", NOW, body),
      }),
    ).toBe(true);
  });
});

describe("SNS", () => {
  const authority = makeCertificate({ name: "Amazon RSA 2048 M01" });
  const { privateKey, pem } = makeCertificate({ name: "sns.amazonaws.com", issuer: authority });
  const topic = "arn:aws:sns:us-west-2:123456789012:MyTopic";
  const notification = {
    Type: "Notification",
    MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
    TopicArn: topic,
    Subject: "My First Message",
    Message: "Hello world!",
    Timestamp: "2026-11-20T08:59:02.123Z",
    SignatureVersion: "2",
    SigningCertURL: "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem",
  };
  const NOTIFIED = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
  const signed = (message: Record<string, string>, names = NOTIFIED, key = privateKey) => {
    const text = names.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`])).join("");
    const algorithm = message.SignatureVersion === "1" ? "RSA-SHA1" : "RSA-SHA256";
    return Buffer.from(JSON.stringify({ ...message, Signature: createSign(algorithm).update(text).sign(key, "base64") }));
  };
  const read: string[] = [];
  const certificate = async (url: string) => {
    read.push(url);
    return pem;
  };
  const base = { secret: topic, certificate };

  it("is known by its signature, old and new, with and without a subject, from our topic", async () => {
    const { Subject: _, ...bare } = notification;
    expect(await verify("sns", { ...base, body: signed(notification) })).toBe(true);
    expect(await verify("sns", { ...base, body: signed({ ...notification, SignatureVersion: "1" }) })).toBe(true);
    expect(await verify("sns", { ...base, body: signed(bare) })).toBe(true);
    expect(read[0]).toBe(notification.SigningCertURL);
  });

  it("is known for a confirmation by its own fields", async () => {
    const message = {
      ...notification,
      Type: "SubscriptionConfirmation",
      Token: "2336412f37",
      SubscribeURL: "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription",
    };
    expect(
      await verify("sns", {
        ...base,
        body: signed(message, ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]),
      }),
    ).toBe(true);
  });

  it.each([
    ["a changed message", Buffer.from(signed(notification).toString().replace("Hello world!", "Hello World!"))],
    ["somebody else's topic", signed({ ...notification, TopicArn: "arn:aws:sns:us-west-2:666666666666:MyTopic" })],
    ["an old message", signed({ ...notification, Timestamp: "2026-11-20T06:00:00.000Z" })],
    ["no JSON", Buffer.from("Hello")],
  ])("is not with %s", async (_, body) => {
    expect(await verify("sns", { ...base, body })).toBe(false);
  });

  it.each([
    ["for another name", makeCertificate({ name: "sns.amazonaws.com.evil.example" })],
    ["for a bucket of anybody", makeCertificate({ name: "sns.s3.evil.example" })],
    ["that has ended", makeCertificate({ name: "sns.amazonaws.com", to: new Date("2026-11-19") })],
    ["that has not begun", makeCertificate({ name: "sns.amazonaws.com", from: new Date("2026-11-21") })],
  ])("is not by a certificate %s", async (_, other) => {
    const body = signed(notification, NOTIFIED, other.privateKey);

    expect(await verify("sns", { ...base, body, certificate: async () => other.pem })).toBe(false);
  });

  it("is known with a chain of certificates, and not with one that is none", async () => {
    const body = signed(notification);
    const stranger = makeCertificate({ name: "Amazon RSA 2048 M01" });

    expect(await verify("sns", { ...base, body, certificate: async () => `${pem}${authority.pem}` })).toBe(true);
    expect(await verify("sns", { ...base, body, certificate: async () => `${pem}${stranger.pem}` })).toBe(false);
    expect(await verify("sns", { ...base, body, certificate: async () => "no certificate" })).toBe(false);
  });

  it("reads no certificate but Amazon's", async () => {
    for (const url of [
      "https://sns.us-west-2.amazonaws.com.evil.example/SimpleNotificationService-1.pem",
      "https://evil.example/sns.us-west-2.amazonaws.com/x.pem",
      "http://sns.us-west-2.amazonaws.com/x.pem",
      "https://sns.us-west-2.amazonaws.com@evil.example/x.pem",
      "https://sns.us-west-2.amazonaws.com:8443/x.pem",
      "https://169.254.169.254/x.pem",
      "https://bucket.s3.amazonaws.com/x.pem",
    ])
      expect(
        await verify("sns", { ...base, certificate: proof().certificate, body: signed({ ...notification, SigningCertURL: url }) }),
      ).toBe(false);
    expect(isSnsAddress("https://sns.cn-north-1.amazonaws.com.cn/x.pem")).toBe(true);
  });

  it("is known by the password in the subscription's address in place of the topic", async () => {
    const authorization = `Basic ${Buffer.from("sns:a-long-secret").toString("base64")}`;
    expect(await verify("sns", { ...base, secret: "a-long-secret", body: signed(notification), headers: { authorization } })).toBe(true);
    expect(await verify("sns", { ...base, secret: "a-long-secret", body: signed(notification) })).toBe(false);
  });
});
