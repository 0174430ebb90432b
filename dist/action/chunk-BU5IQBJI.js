import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  notYetText
} from "./chunk-5LPR4R5C.js";
import {
  effectOf
} from "./chunk-IJK26YUE.js";
import {
  freezeWords,
  standingWord,
  totalsOf
} from "./chunk-DYJMHHBQ.js";
import {
  commit,
  count,
  counted,
  moment,
  reasonText,
  share,
  warningText
} from "./chunk-ECMGPDJJ.js";
import {
  DAY_SECONDS,
  HOUR_SECONDS,
  atMinute
} from "./chunk-264FZAQV.js";
import {
  harmless
} from "./chunk-XRYC3SR4.js";

// src/report/markdown/escape-markdown.ts
var LONGEST_TEXT = 1e3;
function escapeMarkdown(text) {
  return harmless(text.replace(/[\r\n\t]+/g, " "), LONGEST_TEXT).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/[\\`*_{}[\]()#+!|~$]/g, (character) => `\\${character}`).replace(/[@#]|\bGH(?=-\d)|\bwww(?=\.)|\b[a-z]+(?=:\/\/)/gi, "$&\u200B");
}
function codeMarkdown(key) {
  return `\`${key.replace(/[^A-Za-z0-9_-]/g, "?")}\``;
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

// src/report/words/simulation/guardrail-test-sentences.ts
var MOST_SHOWN = 5;
var PERCENT = 100;
function guardrailTestSentences(feature, tests, command = "simulate") {
  return tests.flatMap((one) => sentencesOf(`rollout ${command} ${feature}`, one));
}
function sentencesOf(next, { metric, found }) {
  const name = `guardrail ${metric}`;
  switch (found.code) {
    case "no_events":
      return [`${name}: not back-tested: no event of it is known yet`];
    case "no_engine":
      return [
        `${name}: not back-tested: its events are in an engine, and ROLLOUT_PROMETHEUS_URL is not set here; where it is, run: ${next}`
      ];
    case "fork":
      return [
        `${name}: not back-tested: no engine is asked for a pull request from a fork; once it is merged, run: ${next}`
      ];
    case "engine_refused":
      return [`${name}: not back-tested: ${found.problem}; try again with: ${next}`];
    case "tested":
      return testedSentences(name, found.test);
  }
}
function testedSentences(name, test) {
  const { guardrail, from, until, acted, events, bad, days, gap } = test;
  const length = Math.round((until - from) / DAY_SECONDS);
  const rate = events === 0 ? 0 : bad / events * PERCENT;
  const did = guardrail.on_harm === "rollback" ? "rolled back" : ACTED[guardrail.on_harm];
  const sentences = [
    `${name}: with limit ${rateText(guardrail.limit)} it would have ${did} ${times(acted.length)} in the last ${counted(length, "day")}${whenText(acted)}; ${counted(bad, "bad event")} of ${counted(events, "event")} (${rateText(rate)}) on ${counted(days, "day")}; ${burstText(test)}`
  ];
  if (guardrail.limit <= rate) {
    sentences.push(
      `${name}: limit ${rateText(guardrail.limit)} is not above the measured share of ${rateText(rate)}, so a feature without effect exceeds it; choose a higher limit`
    );
  }
  if (gap) {
    sentences.push(
      `${name}: it has no event from ${moment(atMinute(Math.floor(gap.from / 60)))} to ${moment(atMinute(Math.floor(gap.until / 60)))}`
    );
  }
  return sentences;
}
var ACTED = { freeze: "frozen the ramp", warn: "warned" };
function times(count2) {
  if (count2 === 0) return "never";
  return count2 === 1 ? "once" : `${count2} times`;
}
function whenText(acted) {
  if (acted.length === 0) return "";
  const shown = acted.slice(0, MOST_SHOWN).map(({ at, arm, epoch }) => {
    const whose = arm === "control" ? ", by control, which has no feature" : "";
    return `${moment(atMinute(at))}${epoch === null ? "" : ` in epoch ${epoch}`}${whose}`;
  });
  const more = acted.length - shown.length;
  return ` (${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""})`;
}
function burstText({ correlation }) {
  if (correlation === null) return "too few bad events to measure whether they come in bursts";
  return correlation === 0 ? "they do not come in bursts" : `they come in bursts: the correlation of two events of five minutes is ${correlation}`;
}

// src/report/words/simulation/back-test-report.ts
function forRollback(found) {
  if (found.code !== "tested" || found.by !== "engine" || found.test.acted.length > 0) return null;
  return `for a rollback write on_harm: rollback, and in the feature advanced: { correlation: ${found.test.correlation ?? 1} }`;
}

// src/report/words/simulation/planned-guardrails.ts
function plannedGuardrailSentences(feature, guardrails) {
  return guardrails.flatMap((one) => {
    const tested = guardrailTestSentences(feature, [one], one.expected === null ? "simulate" : "back-test");
    const warning = one.found.code === "engine_refused";
    return [
      ...tested.map((text) => ({ warning, text })),
      ...reaction(feature, one).map((text) => ({ warning: false, text }))
    ];
  });
}
function reaction(feature, { metric, guardrail, found, expected }) {
  if (expected === null) return [];
  const { notYet, afterTick } = expected;
  const name = `guardrail ${metric}`;
  const effect = effectOf(guardrail);
  if (effect === "freeze" && notYet?.code === "no_correlation") {
    const write = forRollback(found);
    return write === null ? [] : [`${name}: it freezes; ${write}`];
  }
  if (effect !== "rollback") return [];
  if (notYet !== null) {
    return [
      `${name}: on_harm: rollback acts as freeze until a back-test allows more: ${notYetText(notYet, feature)}`
    ];
  }
  return [
    afterTick ? `${name}: on_harm: rollback acts as freeze until a tick has made this back-test itself` : `${name}: it may roll back`
  ];
}

// src/report/markdown/markdown-table.ts
function markdownTable(heads, sides, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [
    line(heads),
    line([...sides].map((side) => side === "r" ? "---:" : "---")),
    ...rows.map(line)
  ].join("\n");
}

// src/report/markdown/plan-markdown.ts
var MOST_NAMES = 5;
function planMarkdown(plan, known = /* @__PURE__ */ new Map()) {
  const totals = totalsOf(plan);
  const head = [
    `**${counted(totals.changes, "change")}**`,
    totals.held > 0 ? `${totals.held} held` : "",
    totals.refused > 0 ? `${totals.refused} refused` : "",
    totals.uncounted > 0 ? "subjects were not counted" : `${count(totals.entering)} in, ${count(totals.leaving)} out`,
    plan.revision === null ? "" : `at \`${commit(plan.revision)}\``
  ].filter(Boolean);
  const lines = [head.join(" \xB7 "), ""];
  if (plan.global_stop) {
    lines.push(
      `:octagonal_sign: everything is stopped (${escapeMarkdown(plan.global_stop)}): nobody is in`,
      ""
    );
  }
  if (plan.refused)
    lines.push(`:x: reconcile refuses this file: ${escapeMarkdown(plan.refused.message)}`, "");
  if (plan.changes.length > 0) lines.push(changeTable(plan, known), "");
  lines.push(
    ...testRepositories(plan),
    ...freezeWords(plan).map((word) => `- ${codeMarkdown("freeze")}: ${escapeMarkdown(word)}`)
  );
  for (const { feature, entering, leaving } of plan.movements) {
    lines.push(
      `- ${codeMarkdown(feature)}: ${count(entering)} in, ${count(leaving)} out by ${codeMarkdown("test_repositories")}`
    );
  }
  for (const change of plan.changes) {
    for (const warning of change.warnings)
      lines.push(`- :warning: ${codeMarkdown(change.feature)}: ${escapeMarkdown(warningText(warning))}`);
    const harm = known.get(change.feature)?.wouldRollBack;
    if (harm) {
      lines.push(
        `- :warning: ${codeMarkdown(change.feature)}: with these thresholds the next tick takes it back: ${escapeMarkdown(harm)}`
      );
    }
    for (const { warning, text } of plannedGuardrailSentences(
      change.feature,
      plan.guardrails?.get(change.feature) ?? []
    ))
      lines.push(`- ${warning ? ":warning: " : ""}${codeMarkdown(change.feature)}: ${escapeMarkdown(text)}`);
  }
  for (const { severity, file, line, message } of plan.problems) {
    const where = `${file === void 0 ? "" : `${codeMarkdown(file)}, `}line ${line}`;
    lines.push(`- ${severity === "error" ? ":x:" : ":warning:"} ${where}: ${escapeMarkdown(message)}`);
  }
  return `${lines.join("\n").trimEnd()}
`;
}
function testRepositories({ test_repositories: { added, removed } }) {
  const names = [...added.map((name) => `+${name}`), ...removed.map((name) => `-${name}`)];
  if (names.length === 0) return [];
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  return [`- ${codeMarkdown("test_repositories")}: ${escapeMarkdown(names.slice(0, MOST_NAMES).join(", "))}${more}`];
}
function changeTable(plan, known) {
  const more = known.size > 0;
  return markdownTable(
    ["feature", "what", "from", "to", "in", "out", ...more ? ["jobs", "health"] : [], "why"],
    `llrrrr${more ? "rl" : ""}l`,
    plan.changes.map((change) => [
      codeMarkdown(change.feature),
      change.action.replace("_", " "),
      standingWord(change.from),
      asked(change),
      change.impact ? count(change.impact.entering) : "?",
      change.impact ? count(change.impact.leaving) : "?",
      ...more ? knownCells(known.get(change.feature)) : [],
      escapeMarkdown(reasonText(change.reason))
    ])
  );
}
function knownCells(known) {
  if (!known) return ["", ""];
  const { jobs, health } = known;
  const none = jobs.grouped === 0 ? "none" : "not kept";
  return [jobs.jobs === 0 ? none : share(jobs.moving, jobs.jobs), health?.verdict ?? "not live"];
}
function asked({ to, file }) {
  const after = standingWord(to);
  return file && standingWord(file) !== after ? `${after} (file: ${standingWord(file)})` : after;
}

export {
  soakSentence,
  escapeMarkdown,
  codeMarkdown,
  plannedGuardrailSentences,
  markdownTable,
  planMarkdown
};
