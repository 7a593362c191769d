import { z } from "zod";
import type { Severity } from "../../core/alert.ts";
import { severityOf } from "../records.ts";
import type { Signal } from "../signal.ts";
import { type GenericMapping, genericSignals } from "./generic.ts";
import { githubSignals } from "./github.ts";
import { signal, timeOf } from "./told.ts";
import { jsonOf, type Source } from "./verify.ts";

/** From what a vendor delivered to signs. Words of a vendor stay data: cut, and quoted where they are shown. */

/** What was not said is "". */
const word = z
  .union([z.string(), z.number(), z.boolean()])
  .transform((value) => String(value))
  .catch("");
const dynatrace = z.object({
  State: word,
  PID: word,
  ProblemID: word,
  ProblemTitle: word,
  ProblemSeverity: word,
  ProblemURL: word,
  ImpactedEntity: word,
  ProblemDetailsText: word,
  Tags: word,
});

const newRelic = z.object({
  id: word,
  issueId: word,
  issueUrl: word,
  title: z.union([z.string(), z.array(z.string())]).catch(""),
  priority: word,
  state: word,
  impactedEntities: z.array(word).catch([]),
  createdAt: z.coerce.number().catch(Number.NaN),
  updatedAt: z.coerce.number().catch(Number.NaN),
});

const texts = z.record(z.string(), word).catch({});
const alertmanager = z.object({
  groupKey: word,
  alerts: z
    .array(
      z.object({ status: word, labels: texts, annotations: texts, startsAt: word, endsAt: word, generatorURL: word, fingerprint: word }),
    )
    .max(5_000),
});

const sns = z.object({ Type: word, MessageId: word, TopicArn: word, Subject: word, Message: word, Timestamp: word });
const cloudWatch = z.object({
  AlarmName: z.string(),
  AlarmDescription: word,
  AlarmArn: word,
  NewStateValue: z.string(),
  NewStateReason: word,
  StateChangeTime: word,
  Trigger: z.object({ Dimensions: z.array(z.object({ name: word, value: word })).catch([]) }).catch({ Dimensions: [] }),
});

/** The signs in a delivery; none where it tells of nothing. Throws for a body of another shape. */
export function readDelivery(source: Source, body: string, received: Date, mapping: GenericMapping): Signal[] {
  const json = jsonOf(body);
  if (!json) throw new Error("the body is no JSON object");
  switch (source) {
    case "dynatrace":
      return ofDynatrace(dynatrace.parse(json), received);
    case "newrelic":
      return ofNewRelic(newRelic.parse(json), received);
    case "alertmanager":
      return ofAlertmanager(alertmanager.parse(json), received);
    case "sns":
      return ofSns(sns.parse(json), received);
    case "github":
      return githubSignals(json, received);
    case "generic":
      return genericSignals(json, mapping, received);
  }
}

function ofDynatrace(p: z.output<typeof dynatrace>, received: Date): Signal[] {
  const id = p.PID || p.ProblemID;
  if (!id) throw new Error("it has neither PID nor ProblemID");
  // {ProblemSeverity} as Dynatrace has it: AVAILABILITY and ERROR stop people, the others slow them.
  const severity: Severity = /^(AVAILABILITY|ERROR)$/i.test(p.ProblemSeverity) ? "critical" : severityOf(p.ProblemSeverity);
  const service = serviceIn(p.Tags) || p.ImpactedEntity;
  return [
    signal("dynatrace", {
      id,
      service,
      title: p.ProblemTitle || `Problem ${p.ProblemID}`,
      severity,
      over: /^(RESOLVED|CLOSED|MERGED)$/i.test(p.State),
      at: received,
      text: p.ProblemDetailsText,
      url: p.ProblemURL,
    }),
  ];
}

function ofNewRelic(issue: z.output<typeof newRelic>, received: Date): Signal[] {
  const id = issue.issueId || issue.id;
  if (!id) throw new Error("it has no issue id");
  const over = /^CLOSED$/i.test(issue.state);
  const [title = ""] = [issue.title].flat();
  const time = over ? issue.updatedAt : issue.createdAt;
  return [
    signal("newrelic", {
      id,
      service: issue.impactedEntities[0] ?? "",
      title: title || `Issue ${id}`,
      severity: severityOf(issue.priority),
      over,
      at: Number.isFinite(time) && time > 0 ? new Date(time) : received,
      text: "",
      url: issue.issueUrl,
    }),
  ];
}

function ofAlertmanager({ groupKey, alerts }: z.output<typeof alertmanager>, received: Date): Signal[] {
  return alerts.map(({ status, labels, annotations, startsAt, endsAt, generatorURL, fingerprint }) => {
    const over = status === "resolved";
    const id = fingerprint || JSON.stringify(Object.entries(labels).sort());
    const service = labels.service || labels.job || "";
    const made = signal("alertmanager", {
      id,
      service,
      title: annotations.summary || labels.alertname || "An alert",
      severity: severityOf(labels.severity),
      over,
      at: timeOf(over ? endsAt : startsAt, received),
      text: annotations.description || annotations.message || "",
      url: generatorURL,
    });
    return service ? made : { ...made, group: `alertmanager:${groupKey || id}` };
  });
}

function ofSns({ Type, MessageId, Subject, Message, Timestamp }: z.output<typeof sns>, received: Date): Signal[] {
  if (Type !== "Notification") return [];
  const alarm = cloudWatch.safeParse(jsonOf(Message));
  if (alarm.success) {
    const { AlarmName, AlarmArn, AlarmDescription, NewStateValue, NewStateReason, StateChangeTime, Trigger } = alarm.data;
    // INSUFFICIENT_DATA says neither that it is wrong nor that it is well.
    if (NewStateValue !== "ALARM" && NewStateValue !== "OK") return [];
    const service = Trigger.Dimensions.map(({ value }) => value)[0] ?? AlarmName;
    return [
      signal("sns", {
        id: AlarmArn || AlarmName,
        service,
        title: AlarmName,
        severity: severityOf(/severity[:= ]+(\w+)/i.exec(AlarmDescription)?.[1] ?? "warning"),
        over: NewStateValue === "OK",
        at: timeOf(StateChangeTime, received),
        text: NewStateReason || AlarmDescription,
        url: "",
      }),
    ];
  }
  const title = Subject || Message.split("\n", 1)[0] || "A notification of AWS";
  return [
    signal("sns", {
      id: MessageId,
      service: "",
      title,
      severity: "warning",
      over: false,
      at: timeOf(Timestamp, received),
      text: Message,
      url: "",
    }),
  ];
}

function serviceIn(tags: string): string {
  return /(?:^|[\s,;])service[:=]([\w.-]+)/i.exec(tags)?.[1] ?? "";
}
