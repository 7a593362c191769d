/** Words that begin sentences and label figures, and abbreviations everybody uses: no names of things. Lower case. */
const COMMON = new Set(
  `a about above absent accepted according account accounts accuracy across active actual add added adding additional adds after again against
ago agree ahead aim all almost alone along already also although always am amber among amount amounts an analysis and annual annually
anomalies anomaly another answer answers any anything apart api apdex apart app application applications apps april are area areas around
as ask assume assumed assuming assumption at auc august available average averages aws away azure back backlog band bands base based
baseline be bear because become been before began begin begun behind being below besides best better between beyond big bigger biggest
bill billed billing bills both bottom breakdown brier broken budget budgets bug bugs build builds but by calculated calendar call calls came
campaign can cannot case cases category cause caused causes caution caveat central change changed changes channel channels charge charges
chart check checks churn ci cd city clear clearly close closed cloud cluster clusters code cohort cohorts column columns combination
combinations combined come comes coming commit commits company compare compared comparing comparison complete completed compute concentrated
concentration conclusion confidence confirmed connect connected consequently consider considering consistent context continue continued
contrast correct cost costs could count counted counts country country's course cover covered covers cpu credit credits csv cumulative
currency current currently customer customers cut cuts daily dashboard data database databases dataset datasets date dates day days december
decline declined decrease decreased delay delays delivery demo dependencies deploy deployed deployment deployments deploys despite detail
details developer developers did difference differences dimension dimensions direct discount do docs does doing done dora double down driven
driver drivers drives driving drop dropped drops due duration during e each earlier early ece edge effect eight either eleven else
elsewhere empty end ended ending ends engineer engineering engineers entire entity environment environments error errors especially
estimate estimated estimates eu eur even ever every everyone everything exact exactly examined example except excess excluding expect
expected expects expenses explain explained explains extra fail failed failing fails failure failures fair fall fallen falling falls far fast
fastest february feed feeds few fewer fewest fifth figure figures file files finally find finding findings finished firm firmstate firstmate
first five fix fixed flat focus followed following follows for forecast forecasted forecasts found four fourth frequency friday from full
further future gap gb gbp gcp general generally get give given gives good got gpu grand greater green grew gross group groups grow growing
grown grows growth had half happened hard has have having health healthy heavier held help hence here high higher highest highlights hit hold
holds hour hours how however hr i id if impact implies important improved improvement improvements in incident incidents include included
includes including income incomplete increase increased increases indeed individual infrastructure initial input inputs instance instances
instead integration interval into invoice involved is issue issues it item items its itself january july june just keep kept key keys kind
kinds know known kpi kpis lack largest larger last lasted late later latest latency lead leading leads learn least leave leaves leaving led
left less let level levels like likely likewise limit limited limits line lines list listed little live llm loading local long longer
longest look looked looking looks lot low lower lowest made main mainly major majority make makes making many march margin marginal market
markets match maximum may mb me mean meaning means meant meanwhile measure measured measures median medium meet merge merged metric metrics
mid might million min minimum minor minute minutes miss missed misses missing model models moderate monday money month monthly months more
moreover most mostly moved movement moves moving mttr much must my n name named names namely naturally nearly need needed needs negative
neither net never new newest next nine no nobody none nonetheless nor normal not notable notably note notes nothing notice noting november
now number numbers october odds of off ok old oldest on once one ones ongoing only open opened opposite or order orders other others
otherwise our out outage outages outcome outcomes outlook over overall owed own owner p50 p75 p80 p90 p95 p99 page paid part partial
particular partly parts past pay payment payments pct pdf peak people per percent percentage perhaps period periods person pipeline pipelines
place plan planned platform please plus point points portion positive possible possibly potential pr practically precisely prediction present
previous previously price prices prior priorities priority prob probability probably problem problems product production products profit
project projected projection projects proportion provider providers provisional prs pull purchase put qoq quality quarter quarterly quarters
question questions quick quiet quite ram range ranges ranked ranking ranks rate rates rather ratio raw reached read reading reads real really
reason reasons recent recently recommendation record recorded recovered red reduce reduced reduction refund refunds region regions regular
related relative release released reliability remain remainder remained remaining remains report reported reports repositories repository
requests required resolve resolved resource resources respectively response responses rest restore result results return returned revenue
review reviewed reviews right rise risen rises rising risk risks role roughly row rows running same saturday save saved saving savings say
says scope score scored scores search second seconds secondly section see seems seen segment segments separate september series serve
service services set setting seven several severity share shares short shorter shortest should show showed showing shown shows side
significant similar similarly simple since single six size slice slices slightly slo slos slow slower slowest sla sli small smaller smallest so
software sold some something sorry sort source sources span speaking specific spend spending spends spent spike spikes split spread sprint
sql staging stale stand standard stands start started starting starts state status stay stayed steady step steps still stock stood stopped
storage store story stories strictly strong stronger strongest sub subtotal such sum summary summed sums sunday support suppose sure surely
table take taken takes taking talk target targets task tasks team teams ten test tests than thanks that the their them themselves then
there therefore these they thing things third this those though three threshold through throughput throughout thursday thus ticket tickets
tier tiers time timeline times timing tip to today together token tokens told tomorrow ton took tool tools top total totalled totals
touch toward towards tracked traffic trend trends true try tuesday turn turned twelve twice two type types typical typically u uk
uncertain uncertainty under underlying unchanged undefined unexpected unfortunately unit units unknown unless unlike until unusual up
upper upward upwards us usage usd use used user users uses using usual usually utc value values variance variation version versus very via
view volume volumes vs wait waited waiting was watch way we website wednesday week weekend weekends weekly weeks weight weights well went were
what whatever when where whereas whether which while who whole whose why wide will window windows with within without word words work
workers working workload workloads workspace workspaces worse worst worth would wow year yearly years yes yesterday yet yoy mom ytd mtd you
your zero zone zones eta etl faq gdp hi hello hey ai ml saas b2b p1 p2 p3 p4 sev1 sev2 kb tb ms s h d x q1 q2 q3 q4 h1 h2 nps arr mrr cac
ltv json xml http https url ip tls ui ux qa db os vm vms ssd hdd ssl jwt oauth sso mcp rest graphql html css iso focus cur tco roi capex opex
jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun english greek german french spanish`.split(/\s+/),
);

export function isCommonWord(word: string): boolean {
  const lower = word
    .toLowerCase()
    .replace(/['’](?:s|re|ve|ll|d|t|m)?$/, "")
    .replace(/[^\p{L}\d]+$/u, "");
  if (lower.length < 2 || COMMON.has(lower) || /^p\d\d$/.test(lower)) return true;
  return lower.includes("-") && lower.split("-").every((part) => part.length < 2 || COMMON.has(part) || /^\d+$/.test(part));
}

/** An everyday word by its ending: what is no noun is no name. */
export function looksCommon(word: string): boolean {
  return (
    isCommonWord(word) ||
    /.{3}(?:ing|ly|ed|tion|tions|sion|ment|ments|ness|ance|ence|ity|able|ible|ally|less|ful|ous|ive|wise|est|ward|wards)$/i.test(word)
  );
}

/** Whether a text is English, or too short to tell: then capitals mean names and commas stand between thousands. */
export function isEnglish(text: string): boolean {
  let [ours, theirs] = [0, 0];
  for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) {
    if (ENGLISH.has(word)) ours += 1;
    else if (FOREIGN.has(word) || !/[a-z]/.test(word)) theirs += 1;
  }
  return theirs < 2 || theirs <= ours;
}

const ENGLISH = new Set(
  "the a an of to in for is was were and it that by with on at from than this are not as be its which more you all".split(" "),
);
const FOREIGN = new Set(
  `der die das und von im den dem ein eine ist sind war waren mit für auf bei als nicht auch pro el la los las del y en un una por con es son
que más fue le les des et du est sont dans pour avec sur par plus il di e che per con sono della nel o os um uma em não het een van op zijn`.split(
    /\s+/,
  ),
);
