import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  adviceOf,
  stateOf
} from "./chunk-A47UFC42.js";
import {
  bySize,
  healthReader,
  requireFeature
} from "./chunk-ZQMQELA3.js";
import {
  measureTraffic,
  soakToSeeDoubling
} from "./chunk-KHFC6EY3.js";
import {
  nextStep,
  soakOf
} from "./chunk-RRXJ6VYX.js";
import {
  freezeAt
} from "./chunk-35P45YSF.js";
import {
  fillSpec
} from "./chunk-3SL6W3HZ.js";
import {
  heartbeatIsStale
} from "./chunk-WS3HXF2D.js";
import {
  counted,
  moment,
  share
} from "./chunk-NEFFZZXS.js";
import {
  seededRandom
} from "./chunk-KYEAIDNY.js";
import {
  thresholdParams
} from "./chunk-LD6AS6C3.js";
import "./chunk-I2BF2CQV.js";
import {
  byKey,
  rateOf
} from "./chunk-SZZ5JKLK.js";
import "./chunk-UEVRUX77.js";
import {
  admitsNobody
} from "./chunk-NGXP4PDZ.js";
import {
  harmless
} from "./chunk-WKAZRE6W.js";
import {
  durationText
} from "./chunk-U4JOIXHQ.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/app/report-advice.ts
var DAY_MS = 864e5;
var MINUTES_MEASURED = 7 * 24 * 60;
var RUNS = 60;
var SEED = 1;
async function adviceFor(read, known) {
  const { standing, spec, live, health, weeks, past } = known;
  const { now } = known.state;
  const unchangedSince = past.exposure.at(-1)?.at ?? standing.step_started_at;
  const spoke = past.turns.filter(({ verdict }) => RAISED.includes(verdict));
  const quietSince = latest([unchangedSince, spoke.at(-1)?.at, past.incidents[0]?.opened_at]);
  const facts = {
    ...{ spec, percentage: standing.percentage, live, held: standing.incident !== null },
    unchangedDays: daysSince(unchangedSince, now),
    quietDays: daysSince(quietSince, now),
    window: { jobs: health.treatment.jobs, controlJobs: health.control.jobs },
    month: weeks.month,
    raised: spoke.filter(({ at }) => daysSince(at, now) < 28).length,
    soak: known.simulate && live ? await soakFacts(read, known) : null,
    cost: weeks.cost
  };
  return adviceOf(facts);
}
var RAISED = ["warning", "suspect", "harmful", "error"];
async function soakFacts(read, { standing, spec, state }) {
  const seconds = soakOf(spec);
  if (seconds === 0) return null;
  const rows = await read.evidence(standing.feature, standing.epoch);
  const until = Math.floor(state.now.getTime() / 6e4);
  const step = Math.floor(standing.step_started_at.getTime() / 6e4);
  const traffic = measureTraffic(rows, Math.max(step, until - MINUTES_MEASURED), until);
  if (!traffic) return null;
  const { jobsPerHour, errorRate, control, categories } = traffic;
  const needed = soakToSeeDoubling(thresholdParams(spec), jobsPerHour, errorRate, seededRandom(SEED), {
    ...control ? { control } : {},
    ...{ categories, analysis: spec.analysis, runs: RUNS }
  });
  return { needed, jobsPerHour, errorRate, seconds };
}
function latest(moments) {
  return new Date(Math.max(...moments.map((at) => at?.getTime() ?? 0)));
}
function daysSince(at, now) {
  return (now.getTime() - at.getTime()) / DAY_MS;
}

// src/domain/cost.ts
function costOf(sums, { costs, routing }, days) {
  const processors = sums.map((sum) => processorCost(sum, costs[sum.processor])).sort(byCost);
  const known = processors.length > 0 && processors.every(({ cost }) => cost !== null);
  const total = known ? processors.reduce((all, { cost }) => all + (cost ?? 0), 0) : null;
  const alone = aloneOf(sums, routing.fallback, costs[routing.fallback]);
  return {
    days,
    processors,
    total,
    fallback: routing.fallback,
    alone,
    saved: total === null || alone === null ? null : alone - total,
    problem: problemOf(processors, costs, routing.fallback, alone)
  };
}
function processorCost(sum, price) {
  const minutes = minutesOf(sum);
  const cost = price ? priced(sum.jobs, minutes, price) : null;
  const per_job = cost === null || sum.jobs === 0 ? null : cost / sum.jobs;
  return { processor: sum.processor, jobs: sum.jobs, minutes, cost, per_job };
}
function minutesOf({ jobs, timed_jobs, processing_ms }) {
  if (jobs === 0) return 0;
  return timed_jobs === 0 ? null : processing_ms / timed_jobs * jobs / 6e4;
}
function priced(jobs, minutes, { per_job, per_minute }) {
  if (per_minute === 0) return jobs * per_job;
  return minutes === null ? null : jobs * per_job + minutes * per_minute;
}
function aloneOf(sums, fallback, price) {
  if (!price) return null;
  const jobs = sums.reduce((all, sum) => all + sum.jobs, 0);
  const there = sums.find(({ processor, timed_jobs }) => processor === fallback && timed_jobs > 0);
  if (there) return priced(jobs, there.processing_ms / there.timed_jobs / 6e4 * jobs, price);
  const minutes = sums.reduce((all, sum) => {
    const own = minutesOf(sum);
    return all === null || own === null ? null : all + own;
  }, 0);
  return priced(jobs, minutes, price);
}
function problemOf(processors, costs, fallback, alone) {
  if (processors.length === 0) return "no job has finished";
  if (Object.keys(costs).length === 0) return "the file names no costs";
  const unpriced = processors.filter(({ processor }) => !costs[processor]).map(({ processor }) => processor);
  if (unpriced.length > 0) return `the file names no costs of ${unpriced.join(", ")}`;
  if (!costs[fallback]) return `the file names no costs of the fallback ${fallback}`;
  const untimed = processors.filter(({ cost }) => cost === null).map(({ processor }) => processor);
  if (untimed.length > 0) return `how long the jobs of ${untimed.join(", ")} took is not known`;
  return alone === null ? `how long jobs take on ${fallback} is not known` : null;
}
function byCost(a, b) {
  return (b.cost ?? 0) - (a.cost ?? 0) || (a.processor < b.processor ? -1 : 1);
}

// src/app/report-series.ts
function emptyRates() {
  return {
    ...{ at: [], span: [], jobs: [], errors: [], control_jobs: [], control_errors: [] },
    ...{ mean_ms: [], control_mean_ms: [] }
  };
}
function emptyScores() {
  return { at: [], verdict: [], absolute: [], relative: [], warning: [] };
}
function exposureNow(points, stop) {
  if (!stop || points.at(-1)?.percentage === 0) return points;
  return [
    ...points,
    { at: stop.at, percentage: 0, live: false, action: "emergency_stop", history: null }
  ];
}
var WEEK_MS = 7 * 24 * 36e5;
function weeksOf(sums, spec, points, now, weeks) {
  const week = (number) => {
    const own = sums.filter((sum) => sum.week === number);
    const end = new Date(now.getTime() - number * WEEK_MS);
    return {
      treatment: rateOf(own.filter(({ arm }) => arm === "treatment")),
      control: rateOf(own.filter(({ arm }) => arm === "control")),
      cost: own.length === 0 ? null : costOf(byProcessor(own), spec, 7).total,
      percentage: points.findLast(({ at }) => at <= end)?.percentage ?? 0
    };
  };
  const { jobs, errors } = rateOf(sums.filter(({ arm }) => arm === "treatment"));
  return {
    now: week(0),
    before: week(1),
    cost: costOf(byProcessor(sums), spec, weeks * 7),
    month: { jobs, errors }
  };
}
function byProcessor(sums) {
  return [...byKey(sums, ({ processor }) => processor)].map(([processor, own]) => ({
    processor,
    jobs: own.reduce((all, { jobs }) => all + jobs, 0),
    timed_jobs: own.reduce((all, { timed_jobs }) => all + timed_jobs, 0),
    processing_ms: own.reduce((all, { processing_ms }) => all + processing_ms, 0)
  }));
}

// src/report/feature-sentence.ts
var LONGEST_REASON = 300;
function stateSentence(facts) {
  const { state, since, verdict, incident, global_stop } = facts;
  if (state === "stopped") {
    const stop = incident ? { reason: incident.reason, by: incident.opened_by } : global_stop;
    if (!stop) return `Stopped by the file since ${moment(since)}. Nobody is in.`;
    return `Stopped since ${moment(since)} by ${harmless(stop.by)}: ${reasonText(stop.reason)}. Nobody is in.`;
  }
  if (state === "held" && incident) {
    return `${TAKEN[incident.kind]} on ${moment(since)}: ${reasonText(incident.reason)}. ${liveText(facts)}`;
  }
  if (state === "taken_back" && incident) {
    return `${TAKEN[incident.kind]} on ${moment(since)}: ${reasonText(incident.reason)}. The file agrees. Nobody is in.`;
  }
  if (state === "off") return `Off since ${moment(since)}. Nobody is in.`;
  const said = verdict ? reasonText(verdict.reason) : "not judged yet";
  return `${liveText(facts)} ${capital(said)}.`;
}
var TAKEN = {
  rollback: "Rolled back",
  emergency_stop: "Stopped",
  drift: "Made narrower by hand"
};
function liveText({ spec, eligible, total }) {
  const people = spec.subject === "repository" ? "repositories" : "customers";
  const one = spec.subject === "repository" ? "repository" : "customer";
  const of = `${counted(eligible, one, people)} of ${counted(total, one, people).replace(/ .*/, "")}`;
  if (eligible === 0 && total > 0) return "Nobody is in.";
  const where = spec.strategy === "whitelist" ? "for the whitelist" : `at ${spec.percentage} %${spec.strategy === "repository_size" ? " by size" : ""}`;
  return `Live ${where}: ${of} (${share(eligible, total)}).`;
}
function nextOf(facts) {
  const { state, spec, advance, soakLeft, now, ready, freezeUntil } = facts;
  const percentage = nextStep(spec)?.percentage ?? null;
  if (state === "stopped" || state === "held" || state === "taken_back") return heldNext(facts);
  if (state === "off") return nothing("Nothing, until somebody switches it on in rollout.yaml.");
  if (percentage === null) {
    return nothing(
      spec.steps.length === 0 ? "Nothing by itself: the file has no steps." : "Nothing more: this is the last step."
    );
  }
  const way = WAYS[spec.advance];
  if (ready)
    return {
      percentage,
      at: now,
      waits_for: spec.advance === "manual" ? "a person" : null,
      sentence: `${percentage} % is next and may come now: ${way}.`
    };
  const clock = state === "soaking" && freezeUntil === null;
  const at = clock ? new Date(now.getTime() + soakLeft * 1e3) : null;
  const left = `${durationText(soakLeft)} of the soak left`;
  const waits_for = clock ? left : UNTIL[state] ?? harmless((advance ?? "a tick").replace(/^waits: /, ""), LONGEST_REASON);
  const sentence = at === null ? `${percentage} % is next; it waits${state in UNTIL ? "" : ":"} ${waits_for}.` : `${percentage} % is next, not before ${moment(at)} (${left}) and only if it stays healthy; ${way}.${besides(advance)}`;
  return { percentage, at, waits_for, sentence };
}
function besides(advance) {
  if (!advance?.startsWith("waits: ") || advance.endsWith(" of the soak left")) return "";
  return ` It also waits: ${harmless(advance.slice("waits: ".length), LONGEST_REASON)}.`;
}
var UNTIL = {
  harmful: "until it is healthy again",
  error: "until it can be judged again",
  suspect: "until a person has looked and it is healthy again",
  warning: "until it is healthy again",
  no_data: "for the first finished jobs",
  gathering: "for enough finished jobs"
};
var WAYS = {
  manual: "a person runs rollout advance",
  pull_request: "the controller opens a pull request",
  commit: "the controller commits it"
};
function heldNext({ incident, feature, global_stop }) {
  if (!incident && global_stop)
    return waiting("a person", 'Everything is stopped; to go on: rollout resume --all --reason "..."');
  const pull = incident?.write_back_pull_request ?? null;
  const file = incident?.write_back === "proposed" && pull !== null ? ` The file still asks for more: pull request #${pull} brings it in line.` : incident?.write_back === "pending" ? " rollout.yaml has still to be brought in line." : "";
  const goOn = `To go on: rollout resume ${feature} --reason "..."`;
  if (!incident)
    return waiting("a person", "Nothing, until somebody takes emergency_stop out of rollout.yaml.");
  if (incident.state !== "open") return waiting("a person", `Nothing raises it by itself. ${goOn}`);
  return waiting("a person", `Nothing raises it while incident ${incident.id} is open.${file} ${goOn}`);
}
function waiting(waits_for, sentence) {
  return { percentage: null, at: null, waits_for, sentence };
}
function nothing(sentence) {
  return { percentage: null, at: null, waits_for: null, sentence };
}
function reasonText(reason) {
  return harmless(reason, LONGEST_REASON).replace(/\.$/, "");
}
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// src/app/report-standing.ts
function standingTold(facts) {
  const { standing, spec, health, state, past, categories } = facts;
  const freeze = freezeAt(state.freezes, state.now);
  const ready = health.next_step !== null && health.advance?.startsWith("waits:") === false;
  const incident = unresolved(past.incidents);
  const word = stateOf({
    stopped: standing.emergency_stop || state.global_stop !== null,
    held: standing.incident !== null,
    settled: incident?.state === "settled",
    live: facts.live,
    paused: spec.paused,
    freeze: freeze !== null,
    verdict: health.verdict?.verdict ?? null,
    next: health.next_step,
    soakLeft: health.soak_left ?? 0,
    ready
  });
  const sum = (of) => categories.reduce((all, one) => all + one[of], 0);
  const counts = { eligible: state.global_stop ? 0 : sum("eligible"), total: sum("total") };
  const since = sinceOf(word, facts);
  const sentence = {
    ...{ feature: standing.feature, spec, state: word, since, ...counts, verdict: health.verdict, ready },
    global_stop: state.global_stop,
    incident,
    freezeUntil: freeze?.to ?? null,
    advance: health.advance,
    soakLeft: health.soak_left ?? 0,
    now: state.now
  };
  const told = { state: word, since, sentence: stateSentence(sentence), next: nextOf(sentence) };
  return { ...told, ...counts };
}
function unresolved(incidents) {
  const [last] = incidents;
  return last?.state === "open" || last?.state === "settled" ? last : null;
}
async function soakNow(read, { feature, epoch, step_started_at }, spec, left) {
  const seconds = soakOf(spec);
  if (seconds === 0 || spec.strategy === "whitelist") return null;
  const { since } = await read.soak(feature, epoch, step_started_at);
  return { since, seconds, left, share: Math.round(Math.max(0, 1 - left / seconds) * 1e3) / 10 };
}
var OF_VERDICT = [
  ...["harmful", "error", "suspect", "warning", "gathering", "no_data"]
];
function sinceOf(word, { standing, past, soak, state }) {
  const { exposure, turns } = past;
  const last = unresolved(past.incidents)?.opened_at;
  if (word === "stopped" || word === "held" || word === "taken_back")
    return last ?? state.global_stop?.at ?? exposure.at(-1)?.at ?? standing.step_started_at;
  if (word === "off") return exposure.at(-1)?.at ?? standing.step_started_at;
  if (OF_VERDICT.includes(word)) return turns.at(-1)?.at ?? standing.epoch_started_at;
  return soak?.since ?? standing.step_started_at;
}

// src/app/report-feature.ts
var INCIDENTS = 20;
var HISTORY = 100;
var WEEKS = 4;
async function featureReader(read, state, options) {
  const known = await readKnown(read, state, options.feature);
  return async (standing) => {
    const name = standing.feature;
    const row = known.rows.get(name);
    const spec = specOf(name, row);
    const categories = bySize(await read.eligible(name));
    const health = await known.healthOf(standing, categories);
    const live = row !== void 0 && !admitsNobody(row.columns) && state.global_stop === null;
    const history = await read.history({ feature: name, limit: HISTORY });
    const exposure = exposureNow((known.exposures.get(name) ?? []).map(without), state.global_stop);
    const turns = (known.turns.get(name) ?? []).map(without);
    const incidents = (known.incidents.get(name) ?? []).map(without);
    const weeks = weeksOf(known.sums.get(name) ?? [], spec, exposure, state.now, WEEKS);
    const soak = live ? await soakNow(read, standing, spec, health.soak_left ?? 0) : null;
    const past = { exposure, turns, incidents };
    const facts = { standing, spec, live, health, state, past };
    return {
      ...ofSpec(spec, options.showNames ?? false),
      ...ofStanding(standing),
      ...standingTold({ ...facts, soak, categories }),
      ...{ soak, categories, ...past, ...weeksTold(weeks) },
      health: { ...health, error_texts: options.showNames ? health.error_texts : [] },
      rates: known.rates.get(name) ?? emptyRates(),
      scores: known.scores.get(name) ?? emptyScores(),
      history: history.map(historyOf),
      history_left_out: Math.max(0, (known.counts.get(name) ?? 0) - history.length),
      advice: await adviceFor(read, { ...facts, weeks, simulate: options.simulate ?? true })
    };
  };
}
async function readKnown(read, state, only) {
  return {
    healthOf: await healthReader(read, state, only),
    rows: await read.features(only),
    exposures: byKey(await read.exposures(only), featureOf),
    rates: new Map((await read.rateSeries(only)).map((row) => [row.feature, without(row)])),
    scores: new Map((await read.scoreSeries(only)).map((row) => [row.feature, without(row)])),
    turns: byKey(await read.turns(only), featureOf),
    incidents: byKey(await read.incidentDetails(INCIDENTS, only), featureOf),
    sums: byKey(await read.processorSums(WEEKS, only), featureOf),
    counts: await read.historyCounts(only)
  };
}
function specOf(feature, row) {
  const spec = row?.spec ?? fillSpec(feature, {}, {});
  return row ? { ...spec, ...row.columns, subject: row.settings.subject } : spec;
}
function ofSpec(spec, showNames) {
  const { description, owner, paused, steps, thresholds, analysis, whitelist, blacklist } = spec;
  return {
    ...{ description, owner, paused, steps, thresholds, analysis },
    rollback_enabled: spec.rollback.enabled,
    category_filter: spec.categories,
    lists: {
      whitelist: whitelist.length,
      blacklist: blacklist.length,
      names: showNames ? { whitelist, blacklist } : null
    }
  };
}
function ofStanding(standing) {
  const { feature, subject, strategy, percentage, active, emergency_stop, revision } = standing;
  const { epoch, epoch_started_at, step_started_at } = standing;
  return {
    ...{ feature, subject, strategy, percentage, active, emergency_stop, revision },
    ...{ epoch, epoch_started_at, step_started_at }
  };
}
function weeksTold({ now, before, cost }) {
  return { weeks: { now, before }, cost };
}
function historyOf(entry) {
  const { id, action, previous_percentage, new_percentage, reason, session_role, revision } = entry;
  const row = { id, action, previous_percentage, new_percentage, reason, session_role, revision };
  return { ...row, at: entry.created_at, by: entry.triggered_by };
}
function featureOf({ feature }) {
  return feature;
}
function without({ feature: _feature, ...rest }) {
  return rest;
}

// src/app/report.ts
function readReport({ store }, options = {}) {
  return store.reading(async (read) => {
    const state = await read.state();
    if (options.feature !== void 0) await requireFeature(read, options.feature);
    return {
      generated_at: state.now,
      environment: state.environment,
      revision: state.revision,
      repository_url: options.repositoryUrl ?? null,
      heartbeat: state.heartbeat_at,
      heartbeat_stale: heartbeatIsStale(state.heartbeat_at, state.now),
      global_stop: state.global_stop,
      freeze: freezeAt(state.freezes, state.now),
      history_head: await read.historyHead(),
      names_shown: options.showNames ?? false,
      features: await readFeatures(read, state, options)
    };
  });
}
async function readFeatures(read, state, options) {
  const tell = await featureReader(read, state, options);
  const features = [];
  for (const standing of await read.standings(options.feature)) {
    if (!standing.archived || options.feature !== void 0) features.push(await tell(standing));
  }
  return features;
}
export {
  readReport
};
