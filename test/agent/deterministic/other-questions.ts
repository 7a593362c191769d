import type { Meaning } from "./meaning.ts";

/** Questions the four tools cannot answer, with data that has no such thing: a guess would be a wrong figure with a receipt. */
export const unanswerable: Readonly<Record<string, readonly string[]>> = {
  budgets: [
    "set a budget of $50k for production",
    "set the monthly budget to 20k",
    "raise our budget by ten percent",
    "how much budget do we have left?",
  ],
  "things to be done": [
    "Delete the staging account",
    "shut down all EC2 instances in sandbox",
    "create a Jira ticket about the S3 costs",
    "email the October cost report to the CFO",
    "buy reserved instances for RDS",
    "remind me tomorrow to check the bill",
    "turn off the data-platform account tonight",
  ],
  "other domains": [
    "How many incidents did we have last month?",
    "what is our deployment frequency",
    "which pull requests are waiting for review?",
    "who is on call this week",
    "how many people work in the platform team?",
    "What is our customer churn rate?",
    "list the open bugs in Jira",
    "what's the uptime of the checkout service in October",
    "p95 latency of the API yesterday",
    "how is employee satisfaction trending this quarter",
    "average salary of our engineers",
    "How many story points did we deliver last sprint?",
  ],
  "costs that are not ours": [
    "cost of living in Berlin",
    "how much does a house cost",
    "what does a Tesla Model 3 cost in Germany?",
    "price of bitcoin yesterday",
    "how much is a flight to New York",
    "what does ChatGPT cost per month",
    "how much do developers spend on coffee",
    "what's the opportunity cost of technical debt",
    "what is the cost of hiring a senior engineer?",
  ],
  "names the data does not have": [
    "what do we pay for Snowflake",
    "Datadog spend last month",
    "How much did Salesforce cost us in October?",
    "What did we spend on Azure last quarter?",
    "cost of the marketing account in Q3",
    "revenue from product Zephyr last month",
  ],
  "small talk and nonsense": [
    "hello there banana",
    "hi, lorem ipsum dolor sit amet",
    "asdf qwerty zxcv",
    "good morning, is the moon made of cheese?",
    "tell me a joke",
    "What is the weather in Paris today?",
    "write a haiku about Kubernetes",
    "capital of France",
  ],
  "other languages and signs": [
    "Wie viel haben wir letzten Monat ausgegeben?",
    "¿Cuánto gastamos el mes pasado?",
    "先月のクラウド費用はいくらですか",
    "🚀🚀🚀",
    "💸 ❓",
  ],
};

/** One word turns a question the tools know into one they do not: to overlook it is to answer something else. */
export const nearMisses: readonly string[] = [
  "cost without EC2 last month",
  "costs excluding production last quarter",
  "all services except S3 in October, by cost",
  "spend in October but not for staging",
  "cost of production of a movie",
  "cost of sales",
  "can you lower our cloud bill",
  "reduce our EC2 spend",
  "median cost per day in October",
  "cost by team",
  "cost per order last month",
  "services that cost more than 1000 dollars last month",
];

/** Two close readings: asking back is right; where a reading is fair as it stands, it is listed. */
export const twoReadings: readonly { question: string; accept: readonly Meaning[] }[] = [
  {
    question: "costs since 03/04/2026",
    accept: [costs({ period: "2026-03-04/2026-11-20" }), costs({ period: "2026-04-03/2026-11-20" })],
  },
  {
    question: "how much do we spend on databases",
    accept: [
      costs({ filter: { service_category: ["Databases"] } }),
      costs({ filter: { service: ["Amazon Relational Database Service"] } }),
    ],
  },
  { question: "top 5", accept: [costs({ by: ["service"], top: 5 })] },
  {
    question: "how was October?",
    accept: [costs({ period: "2026-10-01/2026-10-31" }), sales({ measure: "revenue", period: "2026-10-01/2026-10-31" })],
  },
  {
    question: "compare production and staging",
    accept: [costs({ by: ["account"], filter: { account: ["production", "staging"] } })],
  },
  { question: "revenue and costs last month", accept: [] },
  {
    question: "what changed?",
    accept: ["2026-11-09/2026-11-15 2026-11-02/2026-11-08", "2026-10-01/2026-10-31 2026-09-01/2026-09-30"].flatMap((periods) => {
      const [period, compare] = periods.split(" ") as [string, string];
      return [
        costs({ period, compare }),
        costs({ period, compare, by: ["service"] }),
        costs({ period, compare, by: ["service"], order: "change" }),
      ];
    }),
  },
  {
    question: "growth last month",
    accept: [costs, sales].map((make) =>
      make({ ...(make === sales ? { measure: "revenue" } : {}), period: "2026-10-01/2026-10-31", compare: "2026-09-01/2026-09-30" }),
    ),
  },
  { question: "show me the EU", accept: [costs({ filter: { region: ["eu-west-1", "eu-central-1"] } })] },
  { question: "sales by country", accept: [sales({ measure: "revenue", by: ["country"] })] },
];

function costs(fields: Omit<Meaning, "tool">): Meaning {
  return { tool: "get_costs", dataset: "bill", measure: "cost", ...fields };
}

function sales(fields: Omit<Meaning, "tool">): Meaning {
  return { tool: "query_dataset", dataset: "sales", ...fields };
}

/** Asked for reasons: the change is taken apart, and nothing is called a cause. */
export const whyQuestions: readonly string[] = [
  "Why did our bill go up in October?",
  "why is EC2 so expensive",
  "explain the reason behind last week's cost spike",
  "what caused the increase in S3 costs?",
];

/** About what is to come: the forecast answers. */
export const futureQuestions: readonly string[] = [
  "What will we spend next month?",
  "forecast our cloud bill for Q1",
  "predict December's costs",
  "How much are we going to spend by the end of the year?",
  "projected spend for 2027",
];
