import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  gravestFirst,
  nextSentence,
  stateSentence
} from "./chunk-3N5X3U2X.js";
import "./chunk-FIREXMHY.js";
import {
  actionWord,
  incidentWord,
  stateWord
} from "./chunk-EV7PFPCA.js";
import {
  codeMarkdown,
  escapeMarkdown,
  markdownTable
} from "./chunk-BU5IQBJI.js";
import "./chunk-FDE2BHFX.js";
import "./chunk-5LPR4R5C.js";
import "./chunk-MRT3W3EF.js";
import "./chunk-IJK26YUE.js";
import "./chunk-3AB62VHW.js";
import "./chunk-DYJMHHBQ.js";
import {
  ago,
  capital,
  commit,
  costProblemText,
  count,
  counted,
  evidenceWarningText,
  failureSentences,
  moment,
  spendingText
} from "./chunk-ECMGPDJJ.js";
import {
  money
} from "./chunk-A74YMBPN.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-KQIIWPI2.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-3ADH3BHO.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-YHZEJLZZ.js";
import {
  DAY_MS
} from "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VOBUUCNC.js";

// src/report/markdown/report-mermaid.ts
var DAYS_SHOWN = 28;
function exposureChart({ exposure, rates, thresholds }, now) {
  const first = exposure[0]?.at.getTime();
  if (first === void 0) return "";
  const days = Math.min(DAYS_SHOWN, Math.ceil((now.getTime() - first) / DAY_MS));
  if (days < 2) return "";
  const ends = Array.from({ length: days }, (_, i) => now.getTime() - (days - 1 - i) * DAY_MS);
  const live = ends.map((end) => exposure.findLast(({ at }) => at.getTime() <= end)?.percentage ?? 0);
  const failed = ends.map((end) => {
    const of = (column) => rates.at.reduce(
      (sum, at, i) => at * 1e3 <= end && at * 1e3 > end - DAY_MS ? sum + (column[i] ?? 0) : sum,
      0
    );
    const jobs = of(rates.jobs);
    return jobs === 0 ? 0 : Math.round(of(rates.errors) / jobs * 1e3) / 10;
  });
  if ([...live, ...failed].every((value) => value === 0)) return "";
  const labels = ends.map((end) => `"${new Date(end).toISOString().slice(5, 10)}"`);
  const most = Math.max(100, ...failed);
  return [
    "```mermaid",
    "xychart-beta",
    `  title "Exposure (bars) and failed jobs (line), percent; the limit is ${thresholds.max_error_rate}"`,
    `  x-axis [${labels.join(", ")}]`,
    `  y-axis "percent" 0 --> ${most}`,
    `  bar [${live.join(", ")}]`,
    `  line [${failed.join(", ")}]`,
    "```"
  ].join("\n");
}
function soakGantt({ soak, next, percentage }, now) {
  if (!soak || soak.left <= 0 || next.percentage === null) return "";
  const time = (at) => at.toISOString().slice(0, 16);
  const end = new Date(now.getTime() + soak.left * 1e3);
  return [
    "```mermaid",
    "gantt",
    "  title Soak of the present step",
    "  dateFormat YYYY-MM-DDTHH:mm",
    `  over at ${percentage} percent :done, ${time(soak.since)}, ${time(now)}`,
    `  left at ${percentage} percent :active, ${time(now)}, ${time(end)}`,
    `  ${next.percentage} percent at the earliest :milestone, ${time(end)}, 0d`,
    "```"
  ].join("\n");
}
function pieOfCosts({ cost }) {
  const parts = cost.processors.filter(({ cost: own }) => own !== null && own > 0);
  if (parts.length < 2 || parts.some(({ processor }) => !/^[\w.-]{1,60}$/.test(processor))) return "";
  const slices = parts.map(({ processor, cost: own }) => `  "${processor}" : ${(own ?? 0).toFixed(4)}`);
  return ["\n\n```mermaid", "pie showData title Cost by processor", ...slices, "```"].join("\n");
}

// src/report/markdown/report-markdown-feature.ts
var MOST_CHANGES = 20;
function featureMarkdown(data, feature, charts) {
  const { advice, health, incidents, exposure } = feature;
  const open = incidents.filter(({ state }) => state === "open");
  const parts = [
    `### ${codeMarkdown(feature.feature)}`,
    escapeMarkdown(stateSentence(feature)),
    ...open.map((incident) => incidentLine(data, incident)),
    [
      ...health.warnings.map((warning) => `${evidenceWarningText(warning)}.`),
      ...failureSentences(feature).map((sentence) => `${sentence}.`),
      ...advice.map(({ sentence }) => sentence)
    ].map((sentence) => `- ${escapeMarkdown(sentence)}`).join("\n"),
    ...charts ? [exposureChart(feature, data.generated_at), soakGantt(feature, data.generated_at)] : [],
    costs(feature, charts),
    feature.health.spending ? escapeMarkdown(`${capital(spendingText(feature.health.spending))}.`) : "",
    changes(exposure, feature)
  ];
  return parts.filter(Boolean).join("\n\n");
}
function incidentLine({ repository_url: repository }, incident) {
  const { id, kind, reason, opened_at, opened_by, write_back, write_back_pull_request: pull } = incident;
  const place = pull !== null && repository?.startsWith("https://") ? `[#${pull}](${repository}/pull/${pull})` : null;
  const file = write_back === "pending" ? "; the file has still to be brought in line" : place === null ? "" : `; ${place} brings the file in line`;
  return `> **${incidentWord(kind)}** (incident ${id}, ${moment(opened_at)}, by ${escapeMarkdown(opened_by)}): ${escapeMarkdown(reason)}${file}`;
}
function costs(feature, charts) {
  const { processors, total, alone, saved, fallback, days, problem } = feature.cost;
  if (total === null || processors.length === 0) {
    return processors.length === 0 || problem?.code === "no_prices" ? "" : `Cost: not known, because ${escapeMarkdown(problem ? costProblemText(problem) : "")}.`;
  }
  const rows = processors.map((one) => [
    escapeMarkdown(one.processor),
    count(one.jobs),
    one.per_job === null ? "\u2013" : money(one.per_job),
    one.cost === null ? "\u2013" : money(one.cost)
  ]);
  const beside = alone === null || saved === null ? "" : ` On ${escapeMarkdown(fallback)} alone ${money(alone)}: ${saved >= 0 ? `${money(saved)} saved` : `${money(-saved)} more`}.`;
  return `${money(total)} in ${days} days.${beside}

${markdownTable(["processor", "jobs", "a job", "cost"], "-rrr", rows)}${charts ? pieOfCosts(feature) : ""}`;
}
function changes(exposure, { history }) {
  const newest = exposure.slice(-MOST_CHANGES).reverse();
  if (newest.length === 0) return "";
  const lines = newest.map(({ at, percentage, action, history: row }) => {
    const entry = history.find(({ id }) => id === row);
    const why = entry ? `, by ${escapeMarkdown(entry.triggered_by)}: ${escapeMarkdown(entry.reason ?? "no reason")}` : "";
    return `- ${moment(at)} ${actionWord(action)}: ${percentage}%${why}`;
  });
  return `<details><summary>${counted(newest.length, "change")} of the exposure</summary>

${lines.join("\n")}

</details>`;
}

// src/report/markdown/report-markdown.ts
var LONGEST_SUMMARY = 9e5;
var MOST_FEATURES = 100;
var MOST_CHARTED = 10;
function reportMarkdown(data) {
  const shown = gravestFirst(data.features).slice(0, MOST_FEATURES);
  const left = data.features.length - shown.length;
  const parts = [
    head(data),
    ...shown.length === 0 ? ["No features. Archived ones are not listed."] : [
      featureTable(shown),
      week(shown),
      ...shown.map((one, i) => featureMarkdown(data, one, i < MOST_CHARTED))
    ],
    left > 0 ? `${counted(left, "more feature")} without trouble: see \`rollout status\`.` : "",
    `History ends with \`${data.history_head || "no row"}\`.`
  ].filter(Boolean);
  const text = `${parts.join("\n\n")}
`;
  return text.length <= LONGEST_SUMMARY ? text : `${text.slice(0, text.lastIndexOf("\n\n", LONGEST_SUMMARY))}

The rest is left out: it is too long for a summary.
`;
}
function head({
  environment,
  generated_at: now,
  revision,
  heartbeat,
  heartbeat_stale,
  global_stop: stop,
  freeze
}) {
  const alive = heartbeat === null ? "no tick has run yet" : `last tick ${ago(heartbeat, now)} ago`;
  const lines = [
    `## Rollouts${environment === null ? "" : ` of ${escapeMarkdown(environment)}`}`,
    `${moment(now)}${revision === null ? "" : ` \xB7 file at \`${commit(revision)}\``} \xB7 ${alive}`
  ];
  if (stop)
    lines.push(
      `:octagonal_sign: **Everything is stopped** since ${moment(stop.at)} by ${escapeMarkdown(stop.by)}: ${escapeMarkdown(stop.reason)}`
    );
  if (heartbeat_stale)
    lines.push(
      ":rotating_light: **The controller is silent**: three ticks are missing, nothing is judged or rolled back meanwhile."
    );
  if (freeze)
    lines.push(`:snowflake: Nothing is raised until ${freeze.to}: ${escapeMarkdown(freeze.reason)}`);
  return lines.join("\n\n");
}
var SIGNS = {
  stopped: ":octagonal_sign:",
  held: ":no_entry:",
  "rolled back": ":no_entry:",
  harmful: ":no_entry:",
  "not judged": ":question:",
  suspect: ":warning:",
  warning: ":warning:"
};
function sign(feature) {
  const word = stateWord(feature.state);
  return `${SIGNS[word] ? `${SIGNS[word]} ` : ""}${word}`;
}
function featureTable(features) {
  return markdownTable(
    ["feature", "state", "exposure", "in", "jobs", "failed", "control", "took part", "next"],
    "--r-rrrr-",
    features.map((one) => [
      codeMarkdown(one.feature),
      sign(one),
      one.strategy === "whitelist" ? "whitelist" : `${one.exposure.at(-1)?.percentage ?? one.percentage}%`,
      `${count(one.eligible)} of ${count(one.total)}`,
      count(one.health.treatment.jobs),
      rate(one.health.treatment.error_rate),
      rate(one.health.control.error_rate),
      one.health.participation === null ? "\u2013" : `${one.health.participation.share}%`,
      escapeMarkdown(nextSentence(one.feature, one.next))
    ])
  );
}
function week(features) {
  const active = features.filter(
    ({ weeks: { now, before } }) => now.treatment.jobs + before.treatment.jobs > 0
  );
  if (active.length === 0) return "";
  const rows = active.map(({ feature, weeks: { now, before } }) => [
    codeMarkdown(feature),
    `${before.percentage} \u2192 ${now.percentage}%`,
    `${count(before.treatment.jobs)} \u2192 ${count(now.treatment.jobs)}`,
    `${rate(before.treatment.error_rate)} \u2192 ${rate(now.treatment.error_rate)}`,
    change(before.treatment.mean_ms, now.treatment.mean_ms),
    ...["p50_ms", "p95_ms", "p99_ms"].map(
      (key) => change(before.treatment[key], now.treatment[key])
    ),
    `${before.cost === null ? "\u2013" : money(before.cost)} \u2192 ${now.cost === null ? "\u2013" : money(now.cost)}`
  ]);
  return `### Last week \u2192 this week

${markdownTable(["feature", "exposure", "jobs", "failed", "mean time", "p50", "p95", "p99", "cost"], "-rrrrrrrr", rows)}`;
}
function rate(value) {
  return value === null ? "\u2013" : `${value}%`;
}
function change(before, now) {
  const text = (ms) => ms === null ? "\u2013" : `${Math.round(ms / 10) / 100} s`;
  return `${text(before)} \u2192 ${text(now)}`;
}
export {
  reportMarkdown
};
