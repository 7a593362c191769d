import { stem } from "./stem.ts";

/**
 * Everyday English beside the field's own words: what people say for something that has a name here, and words that name nothing.
 * Nothing here names a tool, a measure or a source.
 */

/** What it is called here → how people say it. A phrase of up to four words; a word that names data here is left as it is. */
const SAID_FOR: Readonly<Record<string, string>> = {
  customers: "clients, clientele, client base, customer base, patrons, subscribers",
  customer: "client, subscriber",
  people: "ppl, folks, staff, colleagues, persons, employees",
  engineers: "devs, developers, programmers, coders",
  engineer: "developer, programmer, coder",
  "complain about": "moan about, moaning about, grumble about, gripe about, griping about, rant about, whine about, upset about, mad about",
  complaints: "gripes, grievances, rants, pain points, moans",
  complaining: "moaning, grumbling, griping, ranting, whining",
  revenue: "turnover, sales, takings, earnings, top line, topline, income, earn, earns, earned, earning, make money",
  deployments: "rollouts, roll outs, rollout, pushes to production",
  deployed: "rolled out, pushed live, put live, gone live, went live, pushed to production, brought live",
  "most expensive": "priciest, costliest, dearest",
  expensive: "pricey, dear",
  cost: "expenditure, outgoings, outlay",
  leave: "go away, walk away, jump ship, quit, defect, cancel their contract, leave soon, go soon",
  leaving: "going away, walking away, quitting, jumping ship",
  churn: "attrition, customer loss",
  "how long": "eta for, eta of, eta, how much time, how soon",
  "pull requests": "prs, merge requests, mrs, pull request queue",
  "pull request": "pr, merge request, mr",
  settings: "configuration, configurations, config, preferences, settings",
  repositories: "repos, codebases, code bases",
  repository: "repo, codebase, code base",
  dashboard: "cockpit",
  digests: "newsletters, scheduled reports, scheduled mails, scheduled posts, scheduled messages, automatic reports, regular reports",
  integrations: "connectors, connections, plugins, hookups",
  connected: "hooked up, plugged in, wired up, linked up",
  incidents: "outages, disruptions, service interruptions",
  outage: "downtime, disruption, service interruption",
  "open incidents": "ongoing incidents",
  alerts: "alarms, warnings, notifications",
  alert: "alarm, warning",
  rose: "went through the roof, shot up, skyrocketed, exploded, ballooned, soared, spiked up, doubled, tripled",
  rise: "uptick, hike, upswing, surge",
  fell: "tanked, plummeted, collapsed, dipped, sank, slumped",
  drop: "slump, dip, plunge",
  "what caused": "what is behind, whats behind, what lies behind, what led to, what triggered",
  anomalies: "oddities, irregularities, abnormalities, outlying days, surprises, fishy days",
  unusual: "fishy, out of the ordinary, out of line, suspicious, peculiar, bizarre",
  slow: "sluggish, laggy, dragging",
  slowest: "most sluggish",
  latency: "response time, response times",
  broken: "busted, borked, not working, doesnt work",
  errors: "exceptions, crashes, stack traces, faults",
  idle: "doing nothing, sitting around, twiddling their thumbs, not in use, lying around",
  "turn off": "switch off, shut off, power down, get rid of, kill",
  machines: "boxes, vms, virtual machines, hosts",
  projects: "programmes, programs, initiatives, assignments, engagements",
  priority: "urgency",
  "high priority bugs": "critical bugs, urgent bugs, blocker bugs, blocking bugs, severe bugs, serious bugs",
  "high priority issues": "critical issues, urgent issues, urgent tickets, critical tickets, blockers",
  refunds: "refunded, money back",
  priorities: "focus areas",
  risk: "danger, exposure, hazard",
  riskiest: "most dangerous, most fragile, shakiest, flakiest",
  "mean time to recovery": "mttr, time to restore, time to recover, recovery time",
  "delivery metrics": "four keys, the four keys, dora four keys, four keys metrics",
  "lead time": "time to production, commit to production",
  assigned: "allocated, on the plate of",
  "waiting for review": "awaiting review, unreviewed, needing a review, pending review, lacking review",
  weird: "strange looking",
  forecast: "outlook, projection, predicted, prognosis, extrapolate",
  "will we spend": "are we going to spend, will it cost us, are we heading to spend",
  "over budget": "above budget, beyond budget, over the budget, exceed our budget, blow the budget, bust the budget, overspend",
  coach: "guru, mentor, expert, sensei",
  wiki: "confluence, knowledge base pages",
  "what can you do": "what are you good for, what do you support, what are you capable of",
  resume: "résumé, resumé, cv, curriculum vitae",
  skills: "playbooks, ways of working",
  instructions: "procedure, procedures, steps",
  documentation: "docs, write up, write ups",
  bots: "chatbots, virtual assistants",
  feedback: "thumbs up, thumbs down",
  buffering: "stuttering, stutter, stalling, freezing, hanging",
  "video quality": "picture quality, playback quality, stream quality",
  "hours logged":
    "logged time, time logged, log time, log hours, logged hours, worklogs, worklog hours, time booked, booked hours, hours went into, hours go into, hours spent on, time spent on, hours did people log",
  hours: "manhours, man hours, working hours",
  summary: "recap, rundown, run down, digested version, executive view, exec view, wrap up, wrapup",
  worry: "be worried, be concerned, lose sleep",
  "right now": "atm, at the moment, as we speak",
  "critical incidents": "sev1s, sev 1s, sev1 incidents, p1s, major incidents, sev ones",
  "compared with": "relative to, as opposed to",
};

/** Words of no field: verbs, adjectives, adverbs and fillers. In a question they point at nothing that could be missing. Stems. */
const PLAIN_WORDS =
  "able absolute accept accurate act actual admit advise afraid agree alive allow alone already alright always annoy anxious anyhow anymore anyone appear appreciate arrive ashamed asleep assume attempt automatic aware awful bad badly barely basic bear beat beautiful beg behave believe belong best bet better big bit bite blame bless blow bother bound brave brief bright broad broke burn bust busy buy calm care careful carry cast catch certain cheap clean clear clearly clever close closely cold collect comfortable commit common concern confirm confuse consider constant contain continue convert convince cool correct couple crazy creep crucial curious cut dad daft daily damn dare dead deal dear decide deep deliver demand deny depend describe deserve desperate destroy determine die differ different difficult direct dirty disagree disappear discuss display distinct doubt drag dramatic dry due dull dump dunno during eager early earn ease easily easy effective either else enable encourage enjoy enormous enough ensure enter entire equal escape especially essential evenly eventual ever every evident exact excellent except excite exclusive excuse explode extra extreme fail fair faithful fake fall familiar famous fancy far fast favourite fear feel fellow fill final fine finish firm fishy fit fix flat flexible fly follow foolish force forget forgive former fortunate forward frank free frequent fresh friendly frighten full fun funny further gain gather general gentle genuine glad glance gladly go good gonna gotta gradual grand grateful greedy grow guess guilty guy handful handle handy happy hard hardly hate healthy heavy hesitate hide high highly hint hit hold honest hope hopeful horrible hot huge hurry hurt ideal ignore ill imagine immediate imply important impossible impress impressive improve include incredible indicate inform initial innocent insist inspect instant intend interest internal introduce involve jealous join joke judge jump justify keen keep kick kind know lack lame large last late lately latter laugh lazy lead leak lean learn leave lend less lie light like likely link listen literal little live lonely long loose lose loud love lovely low lucky mad main maintain major manage massive match matter maybe mean mention mere mess mild mind minor miss mistake mix mixed modest modern morning mostly much multiple nasty natural near nearly neat necessary need negative nervous never new nice nobody noisy none normal notice notable nowadays obey obvious occasional occur odd offer often okay old ongoing onto open opposite ordinary original other otherwise ought outside overall owe own painful partial particular pass past patient pay perfect perhaps permanent pick plain play pleasant please plenty plus polite poor popular positive possible possibly potential pour practical precise prefer prepare present press pretend pretty prevent previous probable probably proceed promise prompt proper proud prove public push put puzzled quick quiet quietly quit quite random rapid rare rarely raw reach ready real realise realize really reasonable recall receive recent recognise recommend reckon refer refuse regard regret regular relate relative relax relevant rely remain remember remind remove repeat replace reply require respond rich ridiculous rid roll roof rough rude ruin rush sad safe same satisfied say scare scary search secret secure see seem seldom send sensible sensitive separate serious seriously settle severe shake shape sharp shiny shock short shout shut sick silly similar simple sincere sit skip sleep slight slip slow smart smooth sneak sober soft solid solve somebody somehow someone somewhere soon sorry sort sound speak specific spend split spoil spread stable stand stare start steady steal steep step stick still stop straight strange strict strong struggle stuck stupid substantial succeed successful such sudden suddenly suffer suggest suit suitable super suppose sure surprise survive suspect swap swear sweet swift switch talk tall teach tear tell temporary tend terrible test thankful thick thin think thorough threat through throughout throw tidy tight tiny tired tomorrow tonight top tough track tremendous trouble true trust try turn twice twist typical ugly unable unclear understand unfair unfortunate unhappy unique unlikely upset urgent useful useless usual utter vague valid valuable various vast very visible visit wait wake wander warm warn wary waste watch weak wear weigh weird welcome well whatever whenever wherever whether whoever wide wild willing win wise wish wonderful worried worry worse worst worth worthy wow wrap wrong yeah yell yep yup yesterday young zero cheer lol hmm um uh er oh ah btw fyi imo afaik tbh idk cuz cos gimme wanna lemme dont cant wont isnt arent doesnt didnt wasnt couldnt shouldnt wouldnt havent hasnt hadnt ive im youre theyre thats theres heres lets whats hows wheres whos whens evening afternoon noon sooo soo pls plz thx ty cheers guys folks mate buddy everyone everybody anything everything nothing something anybody gonna ain't handful dozen pair half third quarter bunch couple pile ton heap";

const plain = new Set(PLAIN_WORDS.split(" ").map(stem));

/** Whether a word names nothing, so that a question is answered as if it were not there. */
export function isPlain(word: string): boolean {
  return plain.has(stem(word)) || /^[a-z]{4,}ly$/.test(word);
}

const byPhrase = new Map<string, readonly string[]>();
for (const [name, phrases] of Object.entries(SAID_FOR)) for (const phrase of phrases.split(", ")) byPhrase.set(phrase, name.split(" "));
const LONGEST = 4;

/** Single words of the phrases, known and never mended into others. */
export const EVERYDAY_WORDS: ReadonlySet<string> = new Set([...byPhrase.keys()].flatMap((phrase) => phrase.split(" ")));

/** The words with what people say replaced by what it is called. `isName` tells words that name data here: they stay. */
export function inOurWords(words: readonly string[], isName: (phrase: string) => boolean): string[] {
  const out: string[] = [];
  for (let i = 0; i < words.length; ) {
    const found = phraseAt(words, i, isName);
    out.push(...(found?.name ?? [words[i] ?? ""]));
    i += found?.length ?? 1;
  }
  return out;
}

function phraseAt(words: readonly string[], index: number, isName: (phrase: string) => boolean) {
  for (let length = Math.min(LONGEST, words.length - index); length > 0; length--) {
    const phrase = words.slice(index, index + length).join(" ");
    const name = byPhrase.get(phrase);
    if (name && !isName(phrase)) return { name, length };
  }
  return undefined;
}
