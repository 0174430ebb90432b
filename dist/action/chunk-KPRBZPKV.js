import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  STEP_MINUTES,
  measureTraffic,
  raises,
  scoreMonitor,
  seededRandom,
  soakToSeeDoubling
} from "./chunk-IEJIQG6P.js";
import {
  fileOf
} from "./chunk-KQLPT2UA.js";
import {
  checkFeature,
  gatherOne,
  judgeAll,
  judgeFeature,
  liveFeatures,
  withGuardrails
} from "./chunk-EF5JDGNH.js";
import {
  BUCKET_MINUTES,
  add,
  emptyTally,
  gather,
  healthParams,
  impossible,
  newRateWindow,
  slide,
  thresholdParams,
  trustedRule
} from "./chunk-OPOZDE3H.js";
import {
  nextStep
} from "./chunk-VZHTMRSW.js";
import {
  breachProblems,
  freezeDifference,
  nothingPlanned,
  plan,
  planFile,
  problemsAt,
  refusedBy,
  testDifference,
  testsChange,
  uncounted,
  validated,
  withRefused
} from "./chunk-SKB2HH4D.js";
import {
  codeMarkdown,
  escapeMarkdown,
  planMarkdown
} from "./chunk-W745OMOY.js";
import {
  advanceText
} from "./chunk-7GX6HEGV.js";
import {
  UNNAMED
} from "./chunk-AMLPSWQB.js";
import {
  desiredOf,
  loadFile,
  testEntries
} from "./chunk-LDAQQ4WT.js";
import {
  COMMENT_LIMIT,
  capped
} from "./chunk-MQGN5AR4.js";
import {
  partWord,
  reasonText,
  standingWord,
  totalsOf
} from "./chunk-WOQ3VDXT.js";
import {
  commit,
  count,
  counted,
  moment,
  share
} from "./chunk-ZRPESTUR.js";
import {
  raisedBetween
} from "./chunk-FKKJJCRV.js";
import {
  parseConfig
} from "./chunk-YZAFORQB.js";
import {
  evidenceOf,
  groupsOf
} from "./chunk-S62UJNJG.js";
import {
  verdictWord
} from "./chunk-B2BW3BM7.js";
import {
  audienceChange
} from "./chunk-SAO6ZP2K.js";
import {
  settingsOf
} from "./chunk-7MLT33RO.js";
import {
  resolveLists
} from "./chunk-JTZVFYRV.js";
import {
  HOUR_SECONDS,
  atMinute,
  minuteOf
} from "./chunk-264FZAQV.js";
import {
  formatDuration
} from "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import {
  __commonJS,
  __toESM
} from "./chunk-VOBUUCNC.js";

// node_modules/picocolors/picocolors.js
var require_picocolors = __commonJS({
  "node_modules/picocolors/picocolors.js"(exports, module) {
    var p = process || {};
    var argv = p.argv || [];
    var env = p.env || {};
    var isColorSupported = !(!!env.NO_COLOR || argv.includes("--no-color")) && (!!env.FORCE_COLOR || argv.includes("--color") || p.platform === "win32" || (p.stdout || {}).isTTY && env.TERM !== "dumb" || !!env.CI);
    var formatter = (open, close, replace = open) => (input) => {
      let string = "" + input, index = string.indexOf(close, open.length);
      return ~index ? open + replaceClose(string, close, replace, index) + close : open + string + close;
    };
    var replaceClose = (string, close, replace, index) => {
      let result = "", cursor = 0;
      do {
        result += string.substring(cursor, index) + replace;
        cursor = index + close.length;
        index = string.indexOf(close, cursor);
      } while (~index);
      return result + string.substring(cursor);
    };
    var createColors = (enabled = isColorSupported) => {
      let f = enabled ? formatter : () => String;
      return {
        isColorSupported: enabled,
        reset: f("\x1B[0m", "\x1B[0m"),
        bold: f("\x1B[1m", "\x1B[22m", "\x1B[22m\x1B[1m"),
        dim: f("\x1B[2m", "\x1B[22m", "\x1B[22m\x1B[2m"),
        italic: f("\x1B[3m", "\x1B[23m"),
        underline: f("\x1B[4m", "\x1B[24m"),
        inverse: f("\x1B[7m", "\x1B[27m"),
        hidden: f("\x1B[8m", "\x1B[28m"),
        strikethrough: f("\x1B[9m", "\x1B[29m"),
        black: f("\x1B[30m", "\x1B[39m"),
        red: f("\x1B[31m", "\x1B[39m"),
        green: f("\x1B[32m", "\x1B[39m"),
        yellow: f("\x1B[33m", "\x1B[39m"),
        blue: f("\x1B[34m", "\x1B[39m"),
        magenta: f("\x1B[35m", "\x1B[39m"),
        cyan: f("\x1B[36m", "\x1B[39m"),
        white: f("\x1B[37m", "\x1B[39m"),
        gray: f("\x1B[90m", "\x1B[39m"),
        bgBlack: f("\x1B[40m", "\x1B[49m"),
        bgRed: f("\x1B[41m", "\x1B[49m"),
        bgGreen: f("\x1B[42m", "\x1B[49m"),
        bgYellow: f("\x1B[43m", "\x1B[49m"),
        bgBlue: f("\x1B[44m", "\x1B[49m"),
        bgMagenta: f("\x1B[45m", "\x1B[49m"),
        bgCyan: f("\x1B[46m", "\x1B[49m"),
        bgWhite: f("\x1B[47m", "\x1B[49m"),
        blackBright: f("\x1B[90m", "\x1B[39m"),
        redBright: f("\x1B[91m", "\x1B[39m"),
        greenBright: f("\x1B[92m", "\x1B[39m"),
        yellowBright: f("\x1B[93m", "\x1B[39m"),
        blueBright: f("\x1B[94m", "\x1B[39m"),
        magentaBright: f("\x1B[95m", "\x1B[39m"),
        cyanBright: f("\x1B[96m", "\x1B[39m"),
        whiteBright: f("\x1B[97m", "\x1B[39m"),
        bgBlackBright: f("\x1B[100m", "\x1B[49m"),
        bgRedBright: f("\x1B[101m", "\x1B[49m"),
        bgGreenBright: f("\x1B[102m", "\x1B[49m"),
        bgYellowBright: f("\x1B[103m", "\x1B[49m"),
        bgBlueBright: f("\x1B[104m", "\x1B[49m"),
        bgMagentaBright: f("\x1B[105m", "\x1B[49m"),
        bgCyanBright: f("\x1B[106m", "\x1B[49m"),
        bgWhiteBright: f("\x1B[107m", "\x1B[49m")
      };
    };
    module.exports = createColors();
    module.exports.createColors = createColors;
  }
});

// src/domain/proposal/plan-check.ts
function hasErrors({ problems }, feature) {
  const path = `features.${feature}`;
  return problems.some(
    (one) => one.severity === "error" && (one.path === path || one.path.startsWith(`${path}.`))
  );
}
function againstMerging(proposed) {
  const { plan: plan2, changed, raised, unplanned } = proposed;
  if (!changed) return [];
  const errors = plan2.problems.filter(({ severity }) => severity === "error").length;
  const against = [];
  if (unplanned !== null) against.push({ code: "file_refused", message: unplanned, hint: null });
  if (plan2.refused) against.push({ code: "file_refused", ...plan2.refused });
  if (errors > 0) against.push({ code: "errors", count: errors });
  for (const { feature, action, incident, reason } of plan2.changes) {
    if (action === "held" && raised.has(feature)) against.push({ code: "held", feature, incident, reason });
    if (action === "refused" && !hasErrors(plan2, feature)) against.push({ code: "refused", feature, reason });
  }
  if (proposed.with === "away" && raised.size > 0) {
    against.push({ code: "holds_unknown", features: [...raised].sort() });
  }
  return against;
}

// src/app/reconcile/plan-against-file.ts
function planAgainstFile(base, proposed, now, words) {
  const [before, after] = [loadFile(base), loadFile(proposed)];
  if (!after.ok) return nothingPlanned(after.problems, proposed.revision);
  if (!before.ok) {
    throw new RolloutError("file_invalid", `the base file ${base.path} has errors`, {
      hint: `see them with: rollout validate --file ${base.path}`
    });
  }
  const actual = new Map(
    [...before.file.config.features].map(([key, spec]) => [key, asReconciled(key, spec)])
  );
  const desired = desiredOf(after.file, { features: actual, names: /* @__PURE__ */ new Map() });
  const changes = plan(desired, actual, [], now).map(uncounted);
  const { policy } = before.file.config;
  const refused = refusedBy(desired, changes, {
    ...{ policy, refusals: /* @__PURE__ */ new Map(), features: actual, incidents: [], now: null }
  });
  const again = () => plan({ ...desired, refused }, actual, [], now);
  return {
    ...nothingPlanned(
      [...after.file.problems, ...breachProblems(proposed, refused, words)],
      proposed.revision
    ),
    environment: after.file.config.environment,
    changes: withRefused(changes, refused, again),
    test_repositories: testDifference(after.file, testEntries(before.file.config)),
    freezes: freezeDifference(after.file, before.file.config.freeze)
  };
}
function asReconciled(feature, spec) {
  const { exposure, resolved } = resolveLists(spec, {}, /* @__PURE__ */ new Map());
  return {
    feature,
    spec,
    edited: null,
    unsealed: [],
    resolved,
    columns: exposure,
    settings: settingsOf(spec),
    archived: false,
    revision: null
  };
}

// src/domain/simulation/back-test.ts
function backTest(epochs, spec) {
  trustedRule(healthParams(spec));
  const tests = [...epochs].sort((a, b) => a.epoch - b.epoch).map((evidence) => testEpoch(evidence, spec));
  return {
    fired: tests.flatMap(({ fired }) => fired).sort((a, b) => a.at - b.at),
    epochs: tests.flatMap(({ test }) => test ? [test] : [])
  };
}
function testEpoch(evidence, spec) {
  const { epoch, rows } = evidence;
  const problem = impossible(rows);
  const buckets = problem === null ? gather(rows) : [];
  const totals = emptyTally();
  for (const { strata } of buckets) for (const stratum of strata) add(totals, stratum);
  if (totals.jobs === 0 && problem === null) return { fired: [], test: null };
  const looks = spec.analysis === "threshold" ? ratesOf(buckets, spec) : scoresOf(evidence, spec);
  const fired = problem === null ? firedIn(evidence, looks, spec) : [];
  const test = {
    epoch,
    from: buckets[0]?.minute ?? 0,
    until: (buckets.at(-1)?.minute ?? -BUCKET_MINUTES) + BUCKET_MINUTES,
    jobs: totals.jobs,
    errors: totals.errors,
    rolledBackAt: fired.find(({ verdict }) => verdict === "harmful")?.at ?? null,
    warnings: fired.filter(({ verdict }) => verdict !== "harmful").length,
    problem
  };
  return { fired, test };
}
function firedIn(evidence, looks, spec) {
  const fired = [];
  let before = "no_data";
  for (const { at, verdict } of looks) {
    if (verdict !== before && raises(verdict) && !(verdict === "warning" && before === "suspect")) {
      const { reasonCode, reason, scope, jobs, errors } = judgedAt(evidence, at, spec);
      const { epoch } = evidence;
      const said = verdict;
      fired.push({ epoch, at, verdict: said, reasonCode, reason, scope, jobs, errors });
    }
    if (verdict === "harmful") break;
    before = verdict;
  }
  return fired;
}
var NO_WAIT = { timed: Infinity, meanSeconds: 0 };
function judgedAt({ rows, startedAt, windows }, at, spec) {
  const seen = windows.filter((window) => window.startedAt < at * 60);
  const now = at * 60;
  const score = evidenceOf({ startedAt, now, windows: seen, durations: NO_WAIT, startsPerControl: null });
  return judgeFeature(spec, { rows: rows.filter(({ minute }) => minute < at), score }, now).judgement;
}
function* scoresOf({ windows, startedAt }, spec) {
  const treated = new Set(windows.flatMap(({ spans, category }) => spans > 0 ? [category] : []));
  const monitor = scoreMonitor(healthParams(spec), [...treated].sort(), startedAt);
  let end = 0;
  const look = (minute, group) => {
    end = minute + STEP_MINUTES;
    return { at: end, verdict: monitor({ minute, windows: group }) };
  };
  for (const group of groupsOf(windows)) {
    const minute = (group[0]?.startedAt ?? 0) / 60;
    const last = end;
    for (let quiet = last; last > 0 && quiet < Math.min(minute, last + BUCKET_MINUTES); quiet += STEP_MINUTES) {
      yield look(quiet, []);
    }
    yield look(minute, group);
  }
  for (let quiet = 0; quiet < BUCKET_MINUTES; quiet += STEP_MINUTES) yield look(end, []);
}
function* ratesOf(buckets, spec) {
  const params = thresholdParams(spec);
  const window = newRateWindow(trustedRule(params), spec.thresholds.window / 60);
  let next = buckets[0]?.minute ?? 0;
  for (const bucket of buckets) {
    for (; next <= bucket.minute; next += BUCKET_MINUTES) {
      const seen = next < bucket.minute ? { minute: next, strata: [] } : bucket;
      yield { at: next + BUCKET_MINUTES, verdict: slide(window, seen).verdict };
    }
  }
}

// src/domain/simulation/back-test-compare.ts
function compareWithPast({ epochs }, incidents) {
  const first = /* @__PURE__ */ new Map();
  for (const incident of [...incidents].sort((a, b) => minuteOf(a.opened_at) - minuteOf(b.opened_at))) {
    const epoch = epochOf(minuteOf(incident.opened_at), epochs);
    if (epoch && !first.has(epoch)) first.set(epoch, incident);
  }
  return epochs.flatMap((epoch) => {
    const { rolledBackAt } = epoch;
    const incident = first.get(epoch) ?? null;
    if (rolledBackAt === null && incident === null) return [];
    const both = rolledBackAt !== null && incident !== null;
    const hoursEarlier = both ? (minuteOf(incident.opened_at) - rolledBackAt) / 60 : null;
    const agreement = both ? "both" : incident ? "only_past" : "only_proposed";
    return [{ epoch: epoch.epoch, agreement, rolledBackAt, incident, hoursEarlier }];
  });
}
function epochOf(minute, epochs) {
  const begun = epochs.filter(({ from, problem }) => problem === null && from <= minute);
  const [last, before] = [begun.at(-1), begun.at(-2)];
  if (last && before && minute < last.from + BUCKET_MINUTES && before.until > last.from) return before;
  return last;
}

// src/app/views/back-test.ts
var MINUTES_MEASURED = 7 * 24 * 60;
var YOUNGEST_STEP = 60;
var MOST_INCIDENTS = 1e3;
async function readPast(read, feature) {
  const spans = await read.health.evidenceEpochs(feature);
  const epochs = [];
  let durations = { timed: 0, meanSeconds: 0 };
  for (const { epoch, since } of spans) {
    const asked = { feature, epoch, epoch_started_at: since };
    const seen = (await read.health.windowsOf([asked])).get(feature)?.();
    durations = seen?.durations ?? durations;
    epochs.push({
      epoch,
      rows: await read.health.evidence(feature, epoch),
      startedAt: since.getTime() / 1e3,
      windows: seen?.windows ?? []
    });
  }
  const incidents = await read.incidents.list({ feature, limit: MOST_INCIDENTS });
  const last = spans.filter(({ jobs }) => jobs > 0).at(-1);
  const { rows = [], windows = [] } = epochs.find(({ epoch }) => epoch === last?.epoch) ?? {};
  const kept = { windows, durations };
  if (!last) return { epochs, incidents, traffic: null };
  const [standing] = await read.features.standings(feature);
  const present = standing?.epoch === last.epoch;
  const until = minuteOf(present ? (await read.state()).now : last.until);
  const begin = Math.max(minuteOf(last.since), until - MINUTES_MEASURED);
  const step = present ? minuteOf(standing.step_started_at) : 0;
  const ofStep = step > begin && step <= until - YOUNGEST_STEP ? measureTraffic(rows, step, until, kept) : null;
  return { epochs, incidents, traffic: ofStep ?? measureTraffic(rows, begin, until, kept) };
}
function backTestFeature({ epochs, incidents }, spec) {
  const test = backTest(epochs, spec);
  return { ...test, comparisons: compareWithPast(test, incidents) };
}

// src/app/views/change-preview.ts
var MOST_LOOKED_AT = 20;
var SEED = 1;
async function outlooks(deps, text, changes) {
  const loaded = loadFile(text);
  if (!loaded.ok) return [];
  const live = new Map(
    (await deps.store.reading((read) => liveFeatures(read))).map((one) => [one.standing.feature, one])
  );
  const { file } = loaded;
  const { test_repositories } = await deps.store.reading((read) => read.state());
  const tests = testsChange(file, test_repositories);
  const found = [];
  for (const change of changes) {
    const spec = file.config.features.get(change.feature);
    if (!spec || !change.write || found.length === MOST_LOOKED_AT) continue;
    found.push(await outlook(deps, change, tests, spec, live.get(change.feature) ?? null));
  }
  return found;
}
async function outlook({ store, words }, change, tests, spec, live) {
  const { feature } = change;
  const { jobs, past } = await store.reading(async (read) => ({
    jobs: await read.features.jobsMoved(feature, audienceChange(change, tests)),
    past: await readPast(read, feature)
  }));
  const result = live && await checkFeature({ store, words }, live, { actor: "", environment: {}, dryRun: true });
  return {
    feature,
    spec,
    jobs,
    health: result && healthOf(result.judgement, result.advance),
    next: spec.active && !spec.emergency_stop ? nextStep(spec) : null,
    soak: soakOf(spec, past),
    backTest: backTestFeature(past, spec),
    wouldRollBack: result && await wouldRollBack(store, spec, live.standing, result.judgement)
  };
}
function healthOf({ verdict, reason }, gate) {
  return { verdict, reason, gate };
}
function soakOf(spec, { traffic }) {
  if (!traffic) return null;
  const { jobsPerHour, errorRate, control, categories, bursts } = traffic;
  const options = {
    analysis: spec.analysis,
    categories,
    ...control ? { control } : {},
    jobsTogether: bursts?.failedTogether ?? 1
  };
  const random = seededRandom(SEED);
  return {
    errorRate,
    needed: soakToSeeDoubling(thresholdParams(spec), jobsPerHour, errorRate, random, options)
  };
}
async function wouldRollBack(store, spec, standing, present) {
  if (present.verdict === "harmful" || !spec.rollback.enabled) return null;
  const facts = await gatherOne(store, { ...standing, metrics: Object.keys(spec.guardrails ?? {}) });
  if ("problem" in facts) return null;
  const { jobs, guardrails } = await judgeAll(store, standing, spec, facts);
  const proposed = withGuardrails(jobs, guardrails);
  return proposed.verdict === "harmful" ? proposed.reason : null;
}

// src/app/proposals/plan-proposal.ts
async function planProposal(deps, proposal) {
  const { file } = proposal;
  const found = await planned(deps, proposal);
  const changed = changesFile(proposal);
  const against = againstMerging({
    plan: found.plan,
    with: plannedWith(deps),
    changed,
    raised: new Set(raisedBy(proposal)),
    unplanned: found.failed ? found.notes.at(-1) ?? null : null
  });
  return { ...found, changed, against, kept: keptEntries(deps.words, file, against) };
}
function plannedWith({ store }) {
  if (!("without" in store)) return "database";
  return store.without === "away" ? "away" : "file";
}
async function planned(deps, { file, tip }) {
  const { store, words, repository } = deps;
  if (file instanceof RolloutError) {
    const note = `Nothing could be reconciled after this: ${sentence(file)}`;
    return { plan: nothingPlanned([], null), outlooks: [], notes: [note], failed: true };
  }
  try {
    if ("without" in store) {
      const plan3 = tip ? planAgainstFile(tip, file, store.now, words) : validated(file);
      return { plan: plan3, outlooks: [], notes: [], failed: false };
    }
    const plan2 = await planFile({ store, repository, words }, file);
    return { plan: plan2, outlooks: await outlooks({ store, words }, file, plan2.changes), notes: [], failed: false };
  } catch (error) {
    if (!(error instanceof RolloutError) || error.code.startsWith("database_")) throw error;
    return { plan: validated(file), outlooks: [], notes: [sentence(error)], failed: true };
  }
}
function changesFile({ file, base, tip }) {
  const proposed = contentOf(file);
  if (tip && isSame(tip.content, proposed)) return false;
  return base === "unknown" || !isSame(base, proposed);
}
function raisedBy({ file, base }) {
  const after = contentOf(file);
  if (after === null) return [];
  const features = [...parseConfig(after).config?.features.keys() ?? []];
  return raisedBetween(base === "unknown" ? null : base, after, features);
}
function keptEntries(words, file, against) {
  if (file instanceof RolloutError) return [];
  const entries = against.flatMap(
    (one) => one.code === "held" || one.code === "refused" ? [{ severity: "error", path: ["features", one.feature], message: words.reason(one.reason) }] : []
  );
  return problemsAt(file.content, entries);
}
function contentOf(file) {
  return file instanceof RolloutError ? null : file.content;
}
function isSame(one, other) {
  return one === null || other === null ? one === other : Buffer.compare(one, other) === 0;
}
function sentence({ message, hint }) {
  return hint ? `${message}; ${hint}` : message;
}
function environmentIn(file) {
  return file === null ? null : parseConfig(file.content).config?.environment ?? null;
}

// src/report/words/simulation/back-test-sentences.ts
function backTestSentences({ backTest: backTest2, spec }) {
  if (!backTest2) return [];
  const { epochs, fired, comparisons } = backTest2;
  if (epochs.length === 0) return ["back-test: no finished treatment job is stored of the last 30 days"];
  const jobs = epochs.reduce((sum, epoch) => sum + epoch.jobs, 0);
  const rollbacks = epochs.filter(({ rolledBackAt }) => rolledBackAt !== null).length;
  const warnings = fired.length - rollbacks;
  const judged = epochs.filter(({ problem }) => problem === null).length;
  const sentences = [
    `back-test over ${counted(jobs, "job")} of ${counted(judged, "epoch")} in the last 30 days: ${counted(rollbacks, "rollback")}, ${counted(warnings, "warning")}`,
    ...epochs.flatMap(
      ({ epoch, problem }) => problem === null ? [] : [`epoch ${epoch} was not tested: ${problem}`]
    ),
    ...comparisons.map((comparison) => comparisonSentence(comparison))
  ];
  if (rollbacks > 0 && spec.analysis === "sequential" && comparisons.some(({ agreement }) => agreement === "only_proposed")) {
    sentences.push(
      "a rollback that nobody asked for then is either a false alarm or harm that nobody saw: look at the jobs"
    );
  }
  return sentences;
}
function comparisonSentence({ epoch, agreement, rolledBackAt, incident, hoursEarlier }) {
  const at = rolledBackAt === null ? "" : moment(atMinute(rolledBackAt));
  const really = incident ? `${KINDS[incident.kind]} at ${moment(incident.opened_at)} (incident ${incident.id})` : "";
  if (agreement === "only_proposed")
    return `epoch ${epoch}: it would have been rolled back at ${at}; in fact it was not`;
  if (agreement === "only_past") {
    return `epoch ${epoch}: it was ${really}; these thresholds had not rolled it back by the end of that evidence, so they would have been later or never`;
  }
  return `epoch ${epoch}: it would have been rolled back at ${at}, ${differenceText(hoursEarlier ?? 0)} it was ${really}`;
}
var KINDS = { rollback: "rolled back", emergency_stop: "stopped", drift: "reduced by hand" };
function differenceText(hoursEarlier) {
  const minutes = Math.round(Math.abs(hoursEarlier) * 60);
  if (minutes <= 30) return "at the time when";
  const length = minutes < 120 ? `${minutes} min` : `${Number((minutes / 60).toFixed(1))} h`;
  return `${length} ${hoursEarlier > 0 ? "before" : "after"}`;
}

// src/report/words/simulation/simulate-sentences.ts
function shareText(share2) {
  return `${Number((share2 * 100).toFixed(1))}%`;
}
function rateText(rate) {
  return `${rate === 0 ? 0 : Number(rate.toPrecision(3))}%`;
}
function hoursText(hours) {
  if (hours < 1) return `${Math.ceil(hours * 60)} min`;
  return hours < 72 ? `${Number(hours.toFixed(2))} h` : `${Number((hours / 24).toFixed(1))} days`;
}
function soakSentence({ spec, traffic }, soak) {
  const doubling = `a doubling of the normal rate, to ${rateText(soak.rate)},`;
  const { counting, problem } = soak;
  const warning = rateText(spec.thresholds.warning_error_rate);
  const least = counting ? `; by counting alone it takes ${counted(counting.jobs, "job")}, ${hoursText(counting.hours)} at this volume` : "";
  if (problem === "nothing_to_double")
    return "no job fails at the normal rate, so there is nothing to double";
  if (problem === "normal_over_warning_rate") {
    return `the normal rate of ${rateText(traffic.errorRate)} is not under the warning rate of ${warning}: it is warned about without any doubling, and the step waits`;
  }
  if (problem === "doubled_under_warning_rate") {
    return `${doubling} stays within the warning rate of ${warning}: no soak shows it${least}, and a lower warning_error_rate`;
  }
  if (soak.hours === null) return `${doubling} is not seen in 80% of runs even in 30 days of soak${least}`;
  const present = spec.steps.find(({ percentage }) => percentage === spec.percentage)?.soak ?? null;
  const short = present !== null && present < soak.hours * HOUR_SECONDS;
  const file = present === null ? "" : `; the file says ${hoursText(present / HOUR_SECONDS)}${short ? ": too short for that" : ""}`;
  return `a step must soak ${hoursText(soak.hours)} to see ${doubling} with 80%; the normal rate is warned about in ${shareText(soak.falseShare ?? 0)} of as long runs${file}${least}`;
}

// src/report/markdown/plan-comment.ts
function planComment(like) {
  return `${capped(planBody(like), COMMENT_LIMIT)}

${origin(like.from)}
`;
}
function planSummary(like) {
  return `${planBody(like)}

${origin(like.from)}
`;
}
function planBody({ plan: plan2, outlooks: outlooks2, notes, environment = null }) {
  const known = new Map(outlooks2.map((outlook2) => [outlook2.feature, outlook2]));
  const body = [
    `### Rollout plan${environment === null ? "" : ` for ${escapeMarkdown(environment)}`}`,
    "",
    ...notes.flatMap((note) => [`> ${escapeMarkdown(note)}`, ""]),
    // Its revision may be that of a trial merge, which is another one every time; where it is from stands below.
    planMarkdown({ ...plan2, revision: null }, known),
    ...plan2.changes.flatMap((change) => details(change, known.get(change.feature)))
  ];
  return body.join("\n").trimEnd();
}
function details(change, outlook2) {
  const lines = [...movements(change), ...outlook2 ? outlookLines(outlook2) : []];
  if (lines.length === 0) return [];
  return [
    "<details>",
    `<summary><code>${change.feature.replace(/[^A-Za-z0-9_-]/g, "?")}</code>: ${standingWord(change.from)} \u2192 ${standingWord(change.to)}</summary>`,
    "",
    ...lines.map((line) => `- ${line}`),
    "",
    "</details>"
  ];
}
function movements(change) {
  const { impact, largest } = change;
  if (!impact || impact.entering + impact.leaving === 0) return [];
  const parts = impact.categories.filter(({ entering, leaving }) => entering + leaving > 0).map((part) => {
    const { entering, leaving } = part;
    const moves = [entering > 0 ? `${count(entering)} in` : "", leaving > 0 ? `${count(leaving)} out` : ""];
    return `${escapeMarkdown(partWord(part, change))} ${moves.filter(Boolean).join(" and ")}`;
  });
  const names = largest.map(
    ({ enters, name, id }) => `${escapeMarkdown(name ?? id)} (${enters ? "enters" : "leaves"})`
  );
  const total = `then ${count(impact.after)} of ${count(impact.total)} (${share(impact.after, impact.total)})`;
  return [
    `${parts.length > 0 ? `${parts.join(", ")}; ` : ""}${total}`,
    ...names.length > 0 ? [`largest: ${names.join(", ")}`] : []
  ];
}
function outlookLines(outlook2) {
  const { spec, health, next, soak, jobs, backTest: backTest2 } = outlook2;
  const soaks = spec.steps.find(({ percentage }) => percentage === spec.percentage)?.soak ?? null;
  const lines = [
    jobs.jobs === 0 ? "no jobs ran last week" : `${count(jobs.moving)} of ${count(jobs.jobs)} jobs of the last week belong to subjects that move (${share(jobs.moving, jobs.jobs)})`
  ];
  if (health)
    lines.push(
      `now **${verdictWord(health.verdict)}**: ${escapeMarkdown(health.reason)}; ${escapeMarkdown(advanceText(health.gate))}`
    );
  if (next)
    lines.push(
      `the step that follows: ${next.percentage}%${soaks === null ? "" : ` after ${formatDuration(soaks)}`}${next.approve ? ", once a person approves it" : ""}`
    );
  if (soak) lines.push(escapeMarkdown(soakSentence({ spec, traffic: soak }, soak.needed)));
  for (const sentence2 of backTestSentences({ spec, backTest: backTest2 })) lines.push(escapeMarkdown(sentence2));
  return lines;
}
function origin({ head, branch, tip, generation }) {
  const against = tip === null ? "" : ` against ${branch === null ? "the tip" : escapeMarkdown(branch)} at ${code(tip)}`;
  const state = generation === null ? "without a database" : `generation ${count(generation)} of the database`;
  return `<sub>Computed for ${code(head)}${against}, ${state}.</sub>`;
}
function code(revision) {
  return codeMarkdown(commit(revision));
}

// src/report/style/style.ts
var import_picocolors = __toESM(require_picocolors(), 1);
function styleOf(colour) {
  const colours = import_picocolors.default.createColors(colour);
  return {
    bold: colours.bold,
    dim: colours.dim,
    good: colours.green,
    warn: colours.yellow,
    bad: colours.red
  };
}

// src/report/words/check-words.ts
function againstText(against) {
  switch (against.code) {
    case "errors":
      return `the file has ${counted(against.count, "error")}`;
    case "file_refused":
      return `reconcile refuses this file: ${against.message}${against.hint === null ? "" : `; ${against.hint}`}`;
    case "held":
      return `${against.feature} is held: ${reasonText(against.reason)}`;
    case "refused":
      return `${against.feature} is refused: ${reasonText(against.reason)}`;
    case "holds_unknown":
      return `the database could not be read, so nobody knows whether an incident holds ${against.features.join(", ")}; the next health run checks again`;
  }
}
function checkTitle(plan2, against, { changed, file }) {
  if (!changed) return `${file} is not changed`;
  const [first, ...others] = against;
  if (first) return `${shortly(first)}${others.length > 0 ? ` and ${others.length} more` : ""}`;
  const { changes, entering, leaving, uncounted: uncounted2 } = totalsOf(plan2);
  const moved = uncounted2 > 0 ? "subjects were not counted" : `${count(entering)} in, ${count(leaving)} out`;
  return changes === 0 ? "No feature changes" : `${counted(changes, "change")}: ${moved}`;
}
function shortly(against) {
  switch (against.code) {
    case "errors":
      return counted(against.count, "error");
    case "file_refused":
      return "Reconcile refuses this file";
    case "held":
      return `${against.feature} is held${against.incident === null ? "" : ` by incident ${against.incident}`}`;
    case "refused":
      return `${against.feature} is refused`;
    case "holds_unknown":
      return "Holds are not known: the database could not be read";
  }
}

// src/report/markdown/plan-check-markdown.ts
var CHECK_LIMIT = 65535 - 1e3;
function planCheckMarkdown(plan2, against, notes) {
  const lines = [
    ...against.map((one) => `- :x: ${escapeMarkdown(againstText(one))}`),
    ...against.length > 0 ? [""] : [],
    ...notes.flatMap((note) => [`> ${escapeMarkdown(note)}`, ""]),
    planMarkdown({ ...plan2, revision: null })
  ];
  return capped(lines.join("\n").trimEnd(), CHECK_LIMIT);
}

// src/actions/proposals/plan-check.ts
function checkName(environment) {
  return environment === null || environment === UNNAMED ? "rollout/plan" : `rollout/${environment}/plan`;
}
function checkedEnvironment(plan2, tip) {
  const own = tip === null || tip.revision === null ? null : environmentIn(tip);
  return own ?? plan2.environment ?? null;
}
function planCheck(planned2, checked) {
  const { plan: plan2, against, changed, kept } = planned2;
  const { head, file, environment, url, notes } = checked;
  const problems = changed ? [...kept, ...plan2.problems] : [];
  return {
    name: checkName(environment),
    head,
    passes: against.length === 0,
    title: checkTitle(plan2, against, { changed, file }),
    summary: planCheckMarkdown(plan2, against, notes),
    annotations: problems.map((problem) => ({
      path: fileOf(problem, file),
      line: problem.line,
      severity: problem.severity,
      title: problem.path === "" ? null : problem.path,
      message: problem.message
    })),
    url
  };
}
function commentKey({ file }) {
  return `plan of ${file}`;
}

export {
  planProposal,
  environmentIn,
  planComment,
  planSummary,
  styleOf,
  checkName,
  checkedEnvironment,
  planCheck,
  commentKey
};
