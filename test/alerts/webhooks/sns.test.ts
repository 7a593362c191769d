import { createSign } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createIntake, type WebhookIntake } from "../../../src/alerts/webhooks/intake.ts";
import { createWebhookDeliveries } from "../../../src/records/webhook-deliveries.ts";
import { makeCertificate } from "../../kit/certificate.ts";
import { ADA, openWorld, type World } from "../world.ts";

const { privateKey, pem: PEM } = makeCertificate({ name: "sns.amazonaws.com" });
const TOPIC = "arn:aws:sns:us-west-2:123456789012:alarms";
const CERTIFICATE = "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-1.pem";
let world: World;
let read: string[];
let reachable: boolean;
let intake: WebhookIntake;

beforeEach(async () => {
  world = await openWorld();
  read = [];
  reachable = true;
  intake = createIntake({
    deliveries: createWebhookDeliveries(world.database, world.now),
    secrets: { sns: TOPIC },
    mapping: {},
    take: (signals) => world.take(...signals),
    keepRun: async () => {},
    async read(url) {
      if (!reachable) throw new Error("out of reach");
      read.push(url);
      return PEM;
    },
    now: world.now,
    wake: () => {},
    onFault: (error) => world.faults.push(error),
  });
});
afterEach(() => world.close());

function signed(fields: Record<string, string>): { headers: Record<string, string>; body: Buffer } {
  const message: Record<string, string> = {
    TopicArn: TOPIC,
    Timestamp: "2026-11-20T08:59:30.000Z",
    SignatureVersion: "2",
    SigningCertURL: CERTIFICATE,
    ...fields,
  };
  const names =
    message.Type === "Notification"
      ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
      : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
  const text = names.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`])).join("");
  const Signature = createSign("RSA-SHA256").update(text).sign(privateKey, "base64");
  // As SNS sends it.
  return { headers: { "content-type": "text/plain; charset=UTF-8" }, body: Buffer.from(JSON.stringify({ ...message, Signature })) };
}

const alarm = (id: string, state: string) =>
  signed({
    Type: "Notification",
    MessageId: id,
    Subject: `${state}: "gate-api errors" in US West (Oregon)`,
    Message: JSON.stringify({
      AlarmName: "gate-api errors",
      AlarmArn: "arn:aws:cloudwatch:us-west-2:123456789012:alarm:gate-api errors",
      AlarmDescription: "severity: critical",
      NewStateValue: state,
      NewStateReason: "Threshold Crossed: 1 datapoint [12.0] was greater than the threshold (10.0).",
      StateChangeTime: "2026-11-20T08:59:00.000+0000",
      Trigger: { MetricName: "Errors", Dimensions: [{ name: "FunctionName", value: "gate-api" }] },
    }),
  });

it("takes alarms of CloudWatch to their end, and reads the certificate once", async () => {
  await intake.receive("sns", alarm("m1", "ALARM"));
  expect(await intake.receive("sns", alarm("m1", "ALARM"))).toEqual({ id: "sns:m1", duplicate: true });
  await intake.drain(new AbortController().signal);
  expect(await world.desk.list(ADA)).toMatchObject([
    { title: "gate-api errors", severity: "critical", group: "service:gate-api", members: [{ since: new Date("2026-11-20T08:59:00Z") }] },
  ]);

  await intake.receive("sns", alarm("m2", "INSUFFICIENT_DATA"));
  await intake.receive("sns", alarm("m3", "OK"));
  await intake.drain(new AbortController().signal);
  expect(await world.desk.list(ADA)).toEqual([]);
  expect(read).toEqual([CERTIFICATE]);
});

it("confirms a subscription of our topic at Amazon's address, and nowhere else", async () => {
  const confirmation = (SubscribeURL: string, id: string) =>
    signed({ Type: "SubscriptionConfirmation", MessageId: id, Message: "You have chosen to subscribe", Token: "t", SubscribeURL });
  const address = "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&Token=t";
  await intake.receive("sns", confirmation(address, "c1"));
  await intake.receive("sns", confirmation("https://evil.example.com/?Action=ConfirmSubscription", "c2"));
  expect(read).toEqual([CERTIFICATE, address]);
  await intake.drain(new AbortController().signal);
  expect(await world.desk.list(ADA)).toEqual([]);
});

it("asks to be sent it again while the certificate cannot be read", async () => {
  reachable = false;
  await expect(intake.receive("sns", alarm("m1", "ALARM"))).rejects.toMatchObject({ status: 503 });
  reachable = true;
  expect(await intake.receive("sns", alarm("m1", "ALARM"))).toMatchObject({ duplicate: false });
});
