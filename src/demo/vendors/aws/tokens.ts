import type { SimulatedResponse } from "../../simulator.ts";
import { ACCESS_KEY, MANAGEMENT, ROLES } from "./names.ts";
import { type Call, Refusal, sessionOf, xmlAnswer } from "./protocol.ts";

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

export function tokens({ operation, input, account, request }: Call): SimulatedResponse {
  if (operation === "GetCallerIdentity")
    return xmlAnswer(
      "GetCallerIdentityResponse",
      {
        GetCallerIdentityResult: {
          Arn:
            account === MANAGEMENT ? `arn:aws:iam::${account}:user/firstmate` : `arn:aws:sts::${account}:assumed-role/firstmate/firstmate`,
          UserId: account === MANAGEMENT ? "AIDADEMOUSER" : "AROADEMOROLE:firstmate",
          Account: account,
        },
      },
      NAMESPACE,
    );
  if (operation === "AssumeRole") return assume(String(input.RoleArn ?? ""), account, request.now);
  throw new Refusal("InvalidAction", `Could not find operation ${operation} for version 2011-06-15`);
}

function assume(role: string, account: string, now: Date): SimulatedResponse {
  const [, , , , taken = ""] = role.split(":");
  if (!ROLES.includes(role) || account !== MANAGEMENT)
    throw new Refusal(
      "AccessDenied",
      `User: arn:aws:iam::${account}:user/firstmate is not authorized to perform: sts:AssumeRole on resource: ${role}`,
      403,
    );
  return xmlAnswer(
    "AssumeRoleResponse",
    {
      AssumeRoleResult: {
        AssumedRoleUser: { AssumedRoleId: "AROADEMOROLE:firstmate", Arn: `arn:aws:sts::${taken}:assumed-role/firstmate/firstmate` },
        Credentials: {
          AccessKeyId: `${ACCESS_KEY}-${taken}`,
          SecretAccessKey: "demo-aws-role-secret",
          SessionToken: sessionOf(taken),
          Expiration: new Date(now.getTime() + 3_600_000).toISOString(),
        },
      },
    },
    NAMESPACE,
  );
}
