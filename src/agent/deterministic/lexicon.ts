import { EVERYDAY_WORDS } from "./everyday.ts";

/**
 * English as far as questions about operations need it. Each concept stands for its words, so that one example in a tool
 * speaks for all its paraphrases. Nothing here names a tool.
 */

/** Phrases and words → concept. Longer phrases win. */
const CONCEPTS: Readonly<Record<string, string>> = {
  cost:
    "cost, costs, costing, spend, spends, spent, spending, spendings, expense, expenses, expenditure, expenditures, bill, " +
    "bills, billed, billing, invoice, invoices, pay, paying, paid, payed, money, charge, charges, charged, outlay, burn, " +
    "burned, burning, price, priced, dollars, bucks, cash, set us back, cost us",
  vital:
    "make up, makes up, making up, made up, account for, accounts for, accounted for, accounting for, responsible for, " +
    "drive, drives, driving, driver, drivers, drove, behind, contribute, contributes, contributing, contributor, " +
    "contributors, add up to, adds up to, constitute, constitutes, comprise, comprises, come from, comes from, coming from, " +
    "eat, eats, eating, eat up, consume, consumes, generate, generates, cause most, weigh, majority, bulk, most of, lion's " +
    "share, lions share, lion share, largest share, biggest share, largest part, biggest part, main part, vital few, significant few, " +
    "dominate, dominates, dominated, dominating, dominant, concentrated, concentration, concentrate, pareto, 80/20, 80-20, " +
    "80 20, eighty twenty, abc, cumulative, heavy hitters, four fifths, 80%, 80 percent, 80 pct, 80 per cent, eighty " +
    "percent, gini",
  go: "go, goes, going, went, flow, flows, where",
  "large+cost": "most expensive, expensive, costliest, priciest, dearest, costly, pricey",
  large: "best, worst, biggest, largest, highest, top, most, heaviest, greatest, main, major, key, leading, big, large, high",
  "small+cost": "cheapest, least expensive, cheap",
  "change+cost": "more expensive, less expensive, cheaper, dearer, pricier",
  small: "smallest, lowest, least, bottom, fewest, minor",
  change:
    "change, changes, changed, changing, difference, differences, differ, increase, increases, increased, increasing, grow, " +
    "grows, grew, grown, growing, growth, rise, rises, rose, risen, rising, jump, jumped, jumps, climb, climbed, surge, " +
    "surged, decrease, decreased, decreases, drop, dropped, drops, fall, fell, fallen, falling, shrink, shrank, decline, " +
    "declined, movers, mover, moved, move, delta, go up, gone up, went up, goes up, going up, go down, went down, gone " +
    "down, going down, up or down, more or less, higher, lower, more than, less than, more, less, fewer, development since",
  trend:
    "trend, trends, trending, over time, develop, developed, development, develops, evolve, evolved, evolution, history, " +
    "historical, historically, timeline, time series, course, progression, trajectory, curve",
  total: "volume, total, totals, sum, overall, altogether, in all, in total, all together, amount, amounts, grand total, " + "aggregate",
  only:
    "limit, limit it to, restrict, filter, filtered, narrow, narrow it down, cut it down to, cut that down to, cut down to, " +
    "cut this down to, trim, restricted",
  average: "average, avg, mean, typical, on average",
  compare: "compare, compares, compared, comparing, comparison, vs, versus, against, relative to",
  chart: "chart, charts, graph, graphs, plot, plots, plotted, visualise, visualize, visual, draw, diagram, picture",
  table: "table, list, lists, listing, rows, tabulate, tabular",
  split:
    "split, break down, breakdown, broken down, break, grouped, group, divided, divide, itemise, itemize, itemised, " +
    "itemized, distribution, distributed, composition, composed",
  thanks: "thanks, thank you, thx, cheers, great job, well done, perfect, awesome",
  help:
    "help, how can you help, can you help, need help, assist, assistance, guide, menu, what is this, what are you good for, " +
    "what are you good at, what is possible, whats possible, what can i do, what you can do, what do you offer, what kind " +
    "of questions, which questions, what questions, what sort of questions, how to use, how do i get started, how do i " +
    "start, tutorial, capable of, capability, what tools, which tools, what commands, which commands, what all can you, " +
    "supported questions, abilities, skills, things can you do, usage, what can you do, what do you do, how do i use, how " +
    "does this work, how do you work, who are you, what are you, what can i ask, what should i ask, what can you answer, " +
    "what can you tell me, capabilities, commands, instructions, manual, usage guide, get started, getting started, " +
    "examples, explain yourself, introduce yourself, your features, ideas, inspiration, example, example questions, sample questions, new here, phrase, phrase questions, where do i start, where to start, where do i begin, whats available, what is available, firstmate, explain",
  howto:
    "how do i, how do we, how do you, how should i, how should we, how can i, how can we, how to, how would i, how would we, how is it done, guide me, " +
    "any advice, advise me, best way to, tips on, tips for, best practice, best practices, step by step, where is it documented",
  greeting: "hello, hi, hey, hallo, good morning, good afternoon, good evening, howdy, greetings",
  data: "dataset, datasets, data set, data sets, data source, data sources, sources, source, file, files, data",
  exist:
    "are there, is there, exist, exists, available, connected, have you got, can i query, can i ask about, can you read, do " +
    "you know, do you have",
  orders: "how many, number of, count, counts",

  // Intents. A question with one is answered only by a tool whose examples have it.
  exclude:
    "without, excluding, except, exclude, other than, not including, apart from, besides, minus, ignoring, ignore, but not, " +
    "leaving out, not counting",
  who: "who",
  forecast:
    "forecast, forecasts, predict, predicts, prediction, projected, projection, will, expect, expected, estimate, next, " +
    "upcoming, future, by year end, by the end of, project our, project cloud, project costs, project spend, project spending",
  anomaly:
    "anomaly, anomalies, anomalous, unusual, outlier, outliers, abnormal, strange, odd, spike, spikes, spiked, suspicious, " +
    "unexpected, weird",
  why: "why, reason, reasons, explain the, explain why, explain this, explain our, explanation, cause, causes, caused, root cause, because, how come",
  advise:
    "should, recommend, recommendation, recommendations, advice, suggest, save, savings, saving, optimise, optimize, " +
    "optimisation, optimization, reduce, cut, lower our, lower the, lower my, lower it, bring down, cut our, improve, idle, " +
    "unused, waste, wasted, rightsize",
  budget: "budget, budgets, over budget, on track, target",
  write:
    "delete, remove, create, send, post, write, update, turn off, shut down, cancel, buy, book, approve, schedule, remind, " +
    "email, merge all, merge the, set a, set the, set our, invite, rename, add, make me, generate me, poem, joke, story, translate",
  alert: "alert, alerts, notify, warn, warning, incident, incidents, outage, problem, problems, error, errors, health, healthy",
  delivery:
    "deploy, deploys, deployment, deployments, pull request, pull requests, prs, commit, commits, lead time, cycle time, " +
    "velocity, sprint, sprints, ticket, tickets, issue, issues, bug, bugs, release, releases, pipeline, pipelines, build, " +
    "builds, test, tests",
};

/** Intents, each with what a person is told when no tool has it. */
export const INTENT_WORDS: Readonly<Record<string, string>> = {
  exclude: "I cannot leave things out of a figure; ask for the parts you want instead.",
  who: "I do not know who did what.",
  forecast: "I have no forecasts here.",
  anomaly: "I cannot judge here what is unusual.",
  why: "I can show what changed, but not why.",
  advise: "I have no advice to give here, only figures.",
  budget: "I know no budgets here.",
  write: "I change things only by a command, and only once you approve the card that says what will happen.",
  alert: "I see no alerts or incidents here.",
  delivery: "I see no delivery data here.",
};

export const INTENTS: ReadonlySet<string> = new Set(Object.keys(INTENT_WORDS));

/** Words that carry no meaning of their own in a question. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  "created opened a an the of for in on at to from by per and or with as is are was were be been being am do does did done have has had having i we you they he she it us our ours my mine your yours their its me them this that these those there here what which whom whose when how much many can could would shall may might must please pls kindly tell show give get gives got see let lets let's want need like know find out just only also so now then than too very really quite about into over under between during within while after before no yes ok okay if any all each every some both either s t re ve ll d m im i'm what's whats where's how's us' up down current currently right exactly roughly approximately around actually basically look looking view display present report me's one ones thing things way something anything else same again still ever hey cloud infrastructure infra company org organisation organization today's figures figure numbers number value values stuff overview details detail detailed summary summarise summarize info information quick quickly heck hell damn bloody lot lots bit part parts share shares percentage percent it's isn't don't doesn't didn't won't can't i'd we'd we've they've you've whole entire full complete single across versus regarding concerning respect terms based using use used uses sort sorted rank ranked ranking order ordered descending ascending dear folks guys question asking ask wonder wondering curious interested remind back far long time times period periods fully answer check pull bring provide return fetch run calculate compute' work works instead but make makes made sell sells sold id ill hold holds rule true case placed received booked came coming comes taking ran run running works rack racked rang ring landed amounted amounts-to totalled totaled clocked first board deck auditors auditor slides slide presentation report reports meeting standup review boss cfo cto ceo finance management investors memo exec execs leadership level levels kind kinds type types sorts clear second prior door board-level asap thx plz ur u abt ago able among amongst onto off yet though although because-of total-of wich here's there's hear speak talk say said says tells told understand seeing saw shown showing gave given brought take took taken end ended began begin begins start starts started starting beginning happen happens happened happening truly simply mainly mostly largely per-se figure-wise wise term detail-level specific specifically particular particularly certain related itself themselves ourselves myself yourself".split(
    " ",
  ),
);

/** Dimension name → other words for it. */
const DIMENSION_PHRASES: Readonly<Record<string, string>> = {
  service: "service, services, aws service, cloud service",
  account: "account, accounts, billing account",
  sub_account:
    "sub account, sub accounts, subaccount, subaccounts, sub-account, sub-accounts, linked account, linked accounts, member " +
    "account, member accounts, subscription, subscriptions",
  region: "region, regions, location, locations, geography, geographies, zone of the world",
  service_category:
    "category, categories, service category, service categories, kind of service, type of service, category of service, " +
    "categories of service, kinds of service, types of service",
  charge_category: "charge category, charge categories, charge type, charge types, type of charge, kind of charge",
  provider: "provider, providers, cloud provider, cloud providers, clouds, vendor, vendors, hyperscaler",
  availability_zone: "availability zone, availability zones, az, azs",
  resource: "resource, resources",
  resource_type: "resource type, resource types, type of resource",
  environment: "environment, environments, env, envs, stage",
  team: "team, teams, squad, squads",
  usage_type: "usage type, usage types",
};

export const DIMENSION_WORDS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(DIMENSION_PHRASES).map(([dimension, phrases]) => [dimension, phrases.split(", ")]),
);

export const GRAIN_WORDS: Readonly<Record<string, "day" | "week" | "month" | "quarter" | "year">> = {
  daily: "day",
  weekly: "week",
  monthly: "month",
  quarterly: "quarter",
  yearly: "year",
  annual: "year",
  annually: "year",
};

export const NUMBER_WORDS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  fifty: 50,
  dozen: 12,
};

/** Words of time the date reader knows; here so that a misspelt one is mended before it reads. */
export const TIME_WORDS: readonly string[] =
  "yesterday today tomorrow week weeks month months quarter quarters year years day days weekend last past previous prior since until between january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday before ago current this next first second third fourth half date".split(
    " ",
  );

/** Function words worth mending: "waht", "wich". Others are left alone: "Paris" is not "parts". */
export const MENDABLE_STOP_WORDS: readonly string[] =
  "what which where when show please cloud much many does would could about across their there have were been from with split".split(" ");

/** Everyday short forms of names of accounts and environments. */
export const ABBREVIATIONS: Readonly<Record<string, string>> = {
  prod: "production",
  prd: "production",
  dev: "development",
  stg: "staging",
  stage: "staging",
  preprod: "preproduction",
  infra: "infrastructure",
  shared: "sharedservices",
};

/** Where the regions of the clouds are, as their vendors name the places. */
export const REGION_PLACES: Readonly<Record<string, string>> = {
  "us-east-1": "virginia, north virginia, n virginia",
  "us-east-2": "ohio",
  "us-west-1": "california, north california, n california",
  "us-west-2": "oregon",
  "ca-central-1": "montreal",
  "sa-east-1": "sao paulo, são paulo",
  "eu-west-1": "ireland, dublin",
  "eu-west-2": "london",
  "eu-west-3": "paris",
  "eu-central-1": "frankfurt",
  "eu-central-2": "zurich",
  "eu-north-1": "stockholm",
  "eu-south-1": "milan",
  "me-south-1": "bahrain",
  "af-south-1": "cape town",
  "ap-south-1": "mumbai",
  "ap-northeast-1": "tokyo",
  "ap-northeast-2": "seoul",
  "ap-southeast-1": "singapore",
  "ap-southeast-2": "sydney",
};

const byPhrase = new Map<string, string>();
for (const [concept, words] of Object.entries(CONCEPTS)) for (const phrase of words.split(", ")) byPhrase.set(phrase, concept);
const LONGEST_PHRASE = 5;

/** The concept that begins at `index`, and how many words it takes. */
export function conceptAt(words: readonly string[], index: number): { concept: string; length: number } | undefined {
  for (let length = Math.min(LONGEST_PHRASE, words.length - index); length > 0; length--) {
    const concept = byPhrase.get(words.slice(index, index + length).join(" "));
    if (concept) return { concept, length };
  }
  return undefined;
}

/** The words and phrases that stand for a concept. */
export function conceptPhrases(concept: string): string[] {
  return CONCEPTS[concept]?.split(", ") ?? [];
}

/** Every single word known here, for mending typing errors. */
export const KNOWN_WORDS: ReadonlySet<string> = new Set([
  ...[...byPhrase.keys()].flatMap((phrase) => phrase.split(" ")),
  ...STOP_WORDS,
  ...Object.values(DIMENSION_WORDS).flatMap((all) => all.flatMap((phrase) => phrase.split(" "))),
  ...Object.keys(GRAIN_WORDS),
  ...Object.keys(NUMBER_WORDS),
  ...TIME_WORDS,
  ...[...EVERYDAY_WORDS].filter((word) => !Object.values(ABBREVIATIONS).includes(word)),
]);
