import { describe, expect, test } from "vitest";
import { keysOf, matchValues, wordsOf } from "../../src/core/value-names.ts";

const FOCUS_NAMES = [
  "Amazon Elastic Compute Cloud",
  "Amazon Simple Storage Service",
  "Amazon Relational Database Service",
  "Amazon Simple Queue Service",
  "Amazon Simple Notification Service",
  "Amazon Elastic Kubernetes Service",
  "Amazon Virtual Private Cloud",
  "Elastic Load Balancing",
  "AWS Key Management Service",
  "AWS Lambda",
  "AmazonCloudWatch",
  "Amazon CloudFront",
  "Amazon DynamoDB",
  "Amazon Route 53",
  "AWS Support (Business)",
  "Azure Kubernetes Service (AKS)",
  "Google BigQuery",
];
/** As the Cost and Usage Report writes them. */
const CUR_CODES = [
  "AmazonS3",
  "AmazonEC2",
  "AmazonRDS",
  "AmazonVPC",
  "AmazonDynamoDB",
  "AmazonCloudFront",
  "AmazonRoute53",
  "AWSLambda",
  "AWSCloudTrail",
  "AWSQueueService",
  "AWSELB",
  "awskms",
  "awswaf",
  "AWSSecretsManager",
];

describe("a service by its short name", () => {
  test.each([
    ["ec2", "Amazon Elastic Compute Cloud"],
    ["EC2", "Amazon Elastic Compute Cloud"],
    ["s3", "Amazon Simple Storage Service"],
    ["rds", "Amazon Relational Database Service"],
    ["sqs", "Amazon Simple Queue Service"],
    ["sns", "Amazon Simple Notification Service"],
    ["eks", "Amazon Elastic Kubernetes Service"],
    ["vpc", "Amazon Virtual Private Cloud"],
    ["elb", "Elastic Load Balancing"],
    ["load balancing", "Elastic Load Balancing"],
    ["kms", "AWS Key Management Service"],
    ["lambda", "AWS Lambda"],
    ["aws lambda", "AWS Lambda"],
    ["cloudwatch", "AmazonCloudWatch"],
    ["Cloud Watch", "AmazonCloudWatch"],
    ["amazon cloudwatch", "AmazonCloudWatch"],
    ["cloudfront", "Amazon CloudFront"],
    ["dynamodb", "Amazon DynamoDB"],
    ["Dynamo DB", "Amazon DynamoDB"],
    ["route53", "Amazon Route 53"],
    ["support", "AWS Support (Business)"],
    ["aks", "Azure Kubernetes Service (AKS)"],
    ["bigquery", "Google BigQuery"],
    ["amazon simple storage service", "Amazon Simple Storage Service"],
  ])("“%s” of a FOCUS bill is %s", (spoken, name) => {
    expect(matchValues(spoken, FOCUS_NAMES)).toEqual([name]);
  });

  test.each([
    ["s3", "AmazonS3"],
    ["ec2", "AmazonEC2"],
    ["rds", "AmazonRDS"],
    ["vpc", "AmazonVPC"],
    ["dynamodb", "AmazonDynamoDB"],
    ["dynamo db", "AmazonDynamoDB"],
    ["cloudfront", "AmazonCloudFront"],
    ["route 53", "AmazonRoute53"],
    ["lambda", "AWSLambda"],
    ["cloudtrail", "AWSCloudTrail"],
    ["cloud trail", "AWSCloudTrail"],
    ["queue service", "AWSQueueService"],
    ["elb", "AWSELB"],
    ["kms", "awskms"],
    ["waf", "awswaf"],
    ["secrets manager", "AWSSecretsManager"],
    ["Amazon S3", "AmazonS3"],
  ])("“%s” of a Cost and Usage Report is %s", (spoken, code) => {
    expect(matchValues(spoken, CUR_CODES)).toEqual([code]);
  });
});

describe("a name that is not short", () => {
  test("wins when it is there exactly, over others that hold its words", () => {
    const names = ["Compute", "compute", "Amazon Elastic Compute Cloud", "Compute Engine"];

    expect(matchValues("compute", names)).toEqual(["compute"]);
    expect(matchValues("COMPUTE", ["Compute", "Compute Engine"])).toEqual(["Compute"]);
  });

  test("means all that hold its words when none is called so", () => {
    expect(matchValues("kubernetes", FOCUS_NAMES)).toEqual(["Amazon Elastic Kubernetes Service", "Azure Kubernetes Service (AKS)"]);
  });

  test.each(["", " ", "a", "!", "snowflake", "the"])("is none of them for “%s”", (spoken) => {
    expect(matchValues(spoken, FOCUS_NAMES)).toEqual([]);
  });

  test("keeps letters of every script and drops what is punctuation", () => {
    expect(wordsOf("Zürich-Nord 東京")).toEqual(["zürich", "nord", "東京"]);
    expect(matchValues("zürich nord", ["Zürich-Nord", "Köln"])).toEqual(["Zürich-Nord"]);
    expect(matchValues("'; drop table", ["'; DROP TABLE bill; --", "x"])).toEqual(["'; DROP TABLE bill; --"]);
  });

  test("has no key of one letter", () => {
    for (const name of [...FOCUS_NAMES, ...CUR_CODES, "A", "AWS", "Amazon X"])
      for (const key of keysOf(name)) expect(key.length).toBeGreaterThan(1);
  });
});
