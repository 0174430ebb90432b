import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  heartbeatIsStale
} from "./chunk-ZWOM6VOV.js";
import {
  readConfigurationFile
} from "./chunk-7SKQIERC.js";
import {
  UNNAMED
} from "./chunk-AMLPSWQB.js";
import {
  styleOf
} from "./chunk-TUTS5XSD.js";
import {
  openGithub,
  planAnnotations,
  planChart,
  planText
} from "./chunk-VZ6PZMBN.js";
import "./chunk-QDD6OJKJ.js";
import {
  planMarkdown
} from "./chunk-JVUT66EZ.js";
import {
  mayNameSubjects,
  withoutNames
} from "./chunk-M6C7ZMIQ.js";
import {
  words
} from "./chunk-TL3N7MVK.js";
import {
  codeMarkdown,
  escapeMarkdown
} from "./chunk-GU4ICXZ5.js";
import {
  advanceText
} from "./chunk-B2NUAD26.js";
import {
  COMMENT_LIMIT,
  capped
} from "./chunk-MQGN5AR4.js";
import {
  planExit,
  wouldChange
} from "./chunk-PGLGBJIK.js";
import {
  partWord,
  planJson,
  standingWord
} from "./chunk-36L5UVMJ.js";
import {
  ago,
  commit,
  count,
  counted,
  moment,
  share
} from "./chunk-EMFE24EX.js";
import "./chunk-Z4H22RN3.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-VJKLXGZ2.js";
import "./chunk-W5XH7XAJ.js";
import "./chunk-B2KEE5F7.js";
import {
  verdictWord
} from "./chunk-B2BW3BM7.js";
import "./chunk-BRTXR6YH.js";
import "./chunk-5IBP2Q37.js";
import "./chunk-NXELXFFY.js";
import "./chunk-TORRJGHT.js";
import {
  HOUR_SECONDS,
  atMinute
} from "./chunk-264FZAQV.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-TVORLO7R.js";
import "./chunk-63QZTHAV.js";
import "./chunk-7ZPVH5MT.js";
import "./chunk-EVETM6WC.js";
import "./chunk-DSNQL33Q.js";
import "./chunk-6XXLSJON.js";
import {
  errorText
} from "./chunk-GEW4BJNP.js";
import {
  formatDuration
} from "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/report/words/back-test-sentences.ts
function backTestSentences({ backTest, spec }) {
  if (!backTest) return [];
  const { epochs, fired, comparisons } = backTest;
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

// src/report/words/simulate-sentences.ts
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
function planBody({ plan, outlooks, notes, environment = null }) {
  const known = new Map(outlooks.map((outlook) => [outlook.feature, outlook]));
  const body = [
    `### Rollout plan${environment === null ? "" : ` for ${escapeMarkdown(environment)}`}`,
    "",
    ...notes.flatMap((note) => [`> ${escapeMarkdown(note)}`, ""]),
    // Its revision may be that of a trial merge, which is another one every time; where it is from stands below.
    planMarkdown({ ...plan, revision: null }, known),
    ...plan.changes.flatMap((change) => details(change, known.get(change.feature)))
  ];
  return body.join("\n").trimEnd();
}
function details(change, outlook) {
  const lines = [...movements(change), ...outlook ? outlookLines(outlook) : []];
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
function outlookLines(outlook) {
  const { spec, health, next, soak, jobs, backTest } = outlook;
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
      `the step that follows: ${next.percentage}%${soaks === null ? "" : ` after ${formatDuration(soaks)}`}`
    );
  if (soak) lines.push(escapeMarkdown(soakSentence({ spec, traffic: soak }, soak.needed)));
  for (const sentence2 of backTestSentences({ spec, backTest })) lines.push(escapeMarkdown(sentence2));
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

// src/actions/commands/plan.ts
var run = async (session) => {
  const { inputs, context } = session;
  const opening = tryDatabase(session);
  const file = await proposedFile(session);
  const { database, note } = await opening;
  try {
    const github = await openGithub(session);
    const { tip, note: unread } = await baseOf(github);
    const found = await planned(database, github, tip, file);
    const plan = withoutNames(found.plan, mayNameSubjects(inputs, context));
    const like = {
      plan,
      outlooks: found.outlooks,
      notes: [note, unread, ...found.notes, ...notesOn(session, plan)].filter((one) => one !== ""),
      environment: plan.environment === UNNAMED ? null : plan.environment,
      from: {
        head: context.pullRequest?.head ?? context.sha,
        branch: context.defaultBranch,
        tip: tip?.revision ?? null,
        generation: plan.generation
      }
    };
    session.log(planText(styleOf(false), plan, inputs.file, false));
    const { generation, global_stop, heartbeat } = plan;
    return {
      exit: found.exit ?? planExit(plan),
      needsPerson: null,
      annotations: [
        ...planAnnotations(plan, inputs.file),
        ...found.notes.map((message) => ({ severity: "error", message })),
        ...await comment(session, github, planComment(like), () => isChanged(github, context, tip, file))
      ],
      summary: `${planSummary(like)}
${planChart(plan)}`,
      outputs: {
        changed: wouldChange(plan),
        plan: { ...planJson(plan), generation, global_stop, heartbeat }
      }
    };
  } finally {
    await database?.close();
  }
};
async function tryDatabase({
  inputs,
  database,
  log
}) {
  if (inputs.databaseUrl === "") return { database: null, note: WITHOUT };
  try {
    return { database: await database(), note: "" };
  } catch (error) {
    if (!(error instanceof RolloutError) || !error.code.startsWith("database_")) throw error;
    log(sentence(error));
    return { database: null, note: `${WITHOUT} (${error.code.replaceAll("_", " ")}; the log says more)` };
  }
}
var WITHOUT = "Compared with the file on the default branch, without a database: whom it moves and what is held is not known";
async function proposedFile({ inputs: { file: path }, context }) {
  try {
    return { path, content: await readConfigurationFile(path), revision: context.sha };
  } catch (error) {
    if (error instanceof RolloutError) return error;
    throw error;
  }
}
async function baseOf({ configuration }) {
  try {
    return { tip: await configuration.readTip(), note: "" };
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    if (error.code === "file_missing") return { tip: NO_FILE, note: "" };
    return { tip: null, note: `The default branch could not be read: ${error.message}` };
  }
}
var NO_FILE = { path: "no file", content: Buffer.from("version: 1\nfeatures: {}\n"), revision: null };
async function planned(database, { configuration: repository }, tip, text) {
  const { nothingPlanned, planAgainstFile, planFile, validated } = await import("./plan-DMJC6YIO.js");
  if (text instanceof RolloutError) {
    const note = `Nothing could be reconciled after this: ${sentence(text)}`;
    return { plan: nothingPlanned([], null), outlooks: [], notes: [note], exit: 1 };
  }
  try {
    if (!database) {
      const plan2 = tip ? planAgainstFile(tip, text, /* @__PURE__ */ new Date(), words) : validated(text);
      return { plan: plan2, outlooks: [], notes: [], exit: null };
    }
    const { store } = database;
    const plan = await planFile({ store, repository, words }, text);
    const { outlooks } = await import("./change-preview-ZIYEL7G7.js");
    return { plan, outlooks: await outlooks({ store, words }, text, plan.changes), notes: [], exit: null };
  } catch (error) {
    if (!(error instanceof RolloutError) || error.code.startsWith("database_")) throw error;
    return { plan: validated(text), outlooks: [], notes: [sentence(error)], exit: 1 };
  }
}
function sentence({ message, hint }) {
  return hint ? `${message}; ${hint}` : message;
}
function notesOn({ context }, plan) {
  const { pullRequest, defaultBranch } = context;
  const { heartbeat, now } = plan;
  const elsewhere = pullRequest && defaultBranch !== null && pullRequest.base !== defaultBranch;
  return [
    heartbeat && now && heartbeatIsStale(heartbeat, now) ? `The scheduled controller last ran ${ago(heartbeat, now)} ago: nothing is judged or rolled back meanwhile` : "",
    elsewhere ? `This goes to ${pullRequest.base}: nothing of it counts before it is on ${defaultBranch}` : ""
  ];
}
async function isChanged(github, { sha }, tip, file) {
  const proposed = file instanceof RolloutError ? null : file.content;
  if (tip && tip !== NO_FILE && isSame(tip.content, proposed)) return false;
  const base = await github.parentOf(sha);
  return base === null || !isSame(await github.fileAt(base), proposed);
}
function isSame(one, other) {
  return one === null || other === null ? one === other : Buffer.compare(one, other) === 0;
}
async function comment({ inputs, context }, github, body, changed) {
  const { pullRequest } = context;
  if (!pullRequest || pullRequest.fork || inputs.comment === "never") return [];
  try {
    const only_edit = inputs.comment === "changed" && !await changed();
    await github.comments.put(pullRequest.number, { key: `plan of ${inputs.file}`, body, only_edit });
    return [];
  } catch (error) {
    const why = errorText(error);
    return [{ severity: "warning", title: "No comment", message: `the plan is in the summary only: ${why}` }];
  }
}
export {
  run
};
