import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  money
} from "./chunk-A74YMBPN.js";
import {
  onlyWaits
} from "./chunk-LAQF6JIT.js";
import {
  percentOf
} from "./chunk-3ADH3BHO.js";
import {
  without
} from "./chunk-YHZEJLZZ.js";
import {
  harmless
} from "./chunk-XRYC3SR4.js";
import {
  durationText,
  formatDuration
} from "./chunk-EURWQ3ED.js";

// src/lib/counted.ts
function count(value) {
  return value.toLocaleString("en-US");
}
function counted(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

// src/report/words/words.ts
function share(part, whole) {
  const percent = whole === 0 ? 0 : part / whole * 100;
  return `${Math.round(percent * 100) / 100}%`;
}
function commit(revision) {
  return revision === null ? "no commit" : harmless(revision.slice(0, 10));
}
function moment(at) {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
function ago(at, now) {
  const minutes = Math.max(0, Math.round((now.getTime() - at.getTime()) / 6e4));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// src/report/words/evidence-words.ts
var LONGEST_NAMES = 300;
function evidenceWarningText(warning) {
  switch (warning.code) {
    case "few_participate": {
      const { participants, eligible } = warning;
      const percent = percentOf(participants, eligible);
      return `only ${participants} of ${counted(eligible, "eligible subject")} (${percent}%) had a job, so the verdict rests on few of them`;
    }
    case "uneven":
      return `${unevenText(warning)}: the others are hardly tried`;
  }
}
function unevenText({ percent, category }) {
  return `${percent}% are ${category}`;
}
function costProblemText(problem) {
  switch (problem.code) {
    case "no_job":
      return "no job has finished";
    case "no_prices":
      return "the file names no costs";
    case "unpriced":
      return `the file names no costs of ${harmless(problem.processors.join(", "), LONGEST_NAMES)}`;
    case "fallback_unpriced":
      return `the file names no costs of the fallback ${harmless(problem.fallback, LONGEST_NAMES)}`;
    case "untimed":
      return `how long the jobs of ${harmless(problem.processors.join(", "), LONGEST_NAMES)} took is not known`;
    case "fallback_untimed":
      return `how long jobs take on ${harmless(problem.fallback, LONGEST_NAMES)} is not known`;
  }
}
var TRENDS = {
  new: "new",
  more: "more",
  same: "as before",
  less: "fewer",
  gone: "gone"
};
function trendWord({ trend, new_in_epoch }) {
  if (!new_in_epoch) return TRENDS[trend];
  return trend === "new" ? "new in this epoch" : `${TRENDS[trend]}, new in this epoch`;
}
function classWord({ class: name }) {
  return name ?? "without a class";
}
function whoFailed({ subject, name }) {
  return harmless(name ?? subject ?? "one subject", 255);
}
function failedText({ failed, subjects }) {
  return `${counted(failed, "job")} of ${counted(subjects, "subject")} failed in the last day`;
}
function failedOf({ failed, finished }) {
  return finished === null ? count(failed) : `${count(failed)} of ${count(finished)}`;
}
var FEW = 3;
function worstSentence({ worst }) {
  const each = worst.slice(0, FEW).map((one) => `${whoFailed(one)} ${failedOf(one)} since ${moment(one.since)} (${one.share}% of all)`);
  return `most failures: ${each.join(", ")}`;
}
function classesSentence({ classes }) {
  const each = classes.filter(({ failed }) => failed > 0).slice(0, FEW).map((one) => `${classWord(one)} ${count(one.failed)} (${trendWord(one)})`);
  return each.length === 0 ? null : `errors: ${each.join(", ")}`;
}
function failureSentences({ worst_subjects: who, error_classes: what }) {
  const said = what ? classesSentence(what) : null;
  return [...who && who.worst.length > 0 ? [worstSentence(who)] : [], ...said === null ? [] : [said]];
}
function overBudgetText({ over, percentage, cost, budget }) {
  return over === "monthly" ? `${percentage}% would cost ${money(cost)} a month at present traffic, above its budget of ${money(budget)}` : `at ${percentage}% more jobs would cost ${money(cost)} each, above its budget of ${money(budget)} a job`;
}
function spendingText({ budget, monthly, per_job, next, problem }) {
  const limits = [
    ...budget.monthly === void 0 ? [] : [`${money(budget.monthly)} a month`],
    ...budget.per_job === void 0 ? [] : [`${money(budget.per_job)} a job`]
  ].join(" and ");
  if (problem) return `budget ${limits}; cost not known: ${costProblemText(problem)}`;
  const now = [
    ...monthly === null ? [] : [`${money(monthly)} a month`],
    ...per_job === null ? [] : [`${money(per_job)} a job`]
  ].join(", ");
  const then = next === null || next.monthly === null ? "" : `; ${money(next.monthly)} a month at ${next.percentage}%`;
  return `costs ${now}${then}; budget ${limits}`;
}

// src/report/words/policy-words.ts
function policyText(feature, breaches) {
  const found = breaches.map(breachText).join("; ");
  if (onlyWaits(breaches)) return `waits for the policy: ${found}`;
  return `refused by the policy that was reconciled before it: ${found}; change the entry, or let it through: rollout allow ${feature} --reason "..."`;
}
function testsBreachText(feature, breach) {
  if (breach.code === "outside_hours") {
    return `policy: these test repositories raise ${feature} outside the hours of the policy, which begin at ${moment(breach.opens)} (${breach.zone}); once merged, the whole list waits until then, or let it through: rollout allow @test_repositories --reason "..."`;
  }
  return `policy: with these test repositories, in ${feature} ${breachText(breach)}; the list stays as it was; change it, or let it through: rollout allow @test_repositories --reason "..."`;
}
function breachText(breach) {
  switch (breach.code) {
    case "points":
      return `raises it by ${breach.points} points at once; at most ${breach.most} are allowed`;
    case "subjects":
      return `${counted(breach.subjects, "subject")} ${breach.subjects === 1 ? "enters" : "enter"} at once; at most ${breach.most} may`;
    case "job_share":
      return `moves ${Math.round(breach.share * 100) / 100}% of the last week's jobs at once; at most ${breach.most}% may move`;
    case "largest_category":
      return `repositories of the largest size, ${breach.category}, enter before all of ${breach.waiting.join(", ")} are in`;
    case "missing_key":
      return MISSING[breach.key];
    case "skips_steps":
      return `${pastStepsText(breach.to, breach.steps)}; take one step, or write skip_steps: true beside it`;
    case "not_proved":
      return `it is not proved in ${harmless(breach.from, 100)}: ${unprovedText(breach.because)}`;
    case "outside_hours":
      return `raises take effect in its hours, which begin at ${moment(breach.opens)} (${breach.zone})`;
  }
}
function unprovedText(because) {
  switch (because.code) {
    case "unknown":
      return harmless(because.why, 300);
    case "absent":
      return "it has no such feature";
    case "differs":
      return `${because.fields.join(", ")} ${because.fields.length === 1 ? "differs" : "differ"}; reconcile the same there first`;
    case "off":
      return "nobody is in there";
    case "unhealthy":
      return `its last check there ${because.verdict === null ? "is still to come" : "was not healthy"}`;
    case "old":
      return `its last check there is ${durationText(because.seconds)} old`;
    case "young":
      return `it has been healthy there for ${durationText(because.seconds)} of ${durationText(because.soak)}`;
  }
}
function pastStepsText(to, steps) {
  const named = steps.map((step) => `${step}%`).join(", ");
  return `goes to ${to}% past its own ${steps.length === 1 ? "step" : "steps"} ${named}`;
}
var MISSING = {
  owner: "it has no owner, which is required",
  steps: "it has no steps, which are required",
  rollback: "its rollback.enabled is false, and rollback is required"
};

// src/report/words/change-words.ts
function reasonText(reason) {
  switch (reason.code) {
    case "created":
      return `new in the file: ${exposureText(reason.exposure)}`;
    case "updated":
      return updatedText(reason);
    case "archived":
      return `${reason.reconciled ? "no longer" : "not"} in the file and off: archived, history and metrics are kept`;
    case "drift_repaired": {
      const to = reason.incident === null ? "what was last reconciled" : `the state held by incident ${reason.incident}`;
      return `${reason.repaired.join(", ")} changed by hand in the database: put back to ${to}`;
    }
    case "drift_adopted":
      return clauses(`${reducedText(reason.reduced)}: adopted and held`, repairedText(reason.repaired));
    case "still_on":
      return stillOnText(reason);
    case "file_errors": {
      const file = reason.file === void 0 ? "" : `${harmless(reason.file, 200)}, `;
      const where = reason.line === null ? "" : `${file}line ${reason.line}: `;
      const more = reason.more > 0 ? ` (and ${reason.more} more)` : "";
      return `left as it is: ${where}${reason.message}${more}`;
    }
    case "settled":
      return `the file agrees with incident ${reason.incident} (${reason.reason}): settled`;
    case "resumed":
      return `raises a feature rolled back on ${reason.day} because ${reason.reason}: ${exposureText(reason.exposure)}`;
    case "reopened":
      return `incident ${reason.incident} is open again: ${HOW_LOST[reason.settlement]}; ${waysOut(reason.feature)}`;
    case "held":
      return clauses(
        `held by incident ${reason.incident} since ${reason.since.toISOString()}: ${reason.reason}`,
        repairedText(reason.repaired),
        reason.subject && `subject: ${reason.subject} has to wait until the incident ends`,
        reason.permit && permitText(reason.permit),
        waysOut(reason.feature)
      );
    case "salt_held":
      return saltText(reason);
    case "policy":
      return policyText(reason.feature, reason.breaches);
    case "database_refused":
      return `the database refused it: ${reason.error}`;
  }
}
function warningText(warning) {
  switch (warning.code) {
    case "freeze":
      return `raises exposure during the freeze of ${warning.from} to ${warning.to} (${warning.reason})`;
    case "not_before":
      return `raises exposure before ${warning.day}, its not_before`;
    case "cutoff":
      return `raises exposure after ${warning.day}, its cutoff`;
    case "hours":
      return `raises exposure outside its hours, which begin at ${moment(warning.opens)} (${warning.zone})`;
    case "policy_hours":
      return `outside the hours of the policy: once merged, it takes effect at ${moment(warning.opens)} (${warning.zone})`;
    case "skips_steps":
      return pastStepsText(warning.to, warning.steps);
    case "over_budget":
      return warning.step === "next" ? `the step after this waits: ${overBudgetText(warning)}` : overBudgetText(warning);
    case "cost_unknown":
      return `no step is taken while its cost is not known: ${costProblemText(warning.problem)}`;
    case "unreviewed":
      return "advance: commit goes on without a review, also by outcomes that a stolen recorder invents; advance: pull_request, or approve: true on a step, asks a person";
    case "unknown_ids":
      return `no ${warning.subject} has the id ${few(warning.ids)} (misspelled, or not imported yet)`;
    case "unmatched_names":
      return `no ${warning.subject} named ${few(warning.names)} (misspelled, or not imported yet)`;
    case "unmatched_owners":
      return `no repository of ${few(warning.owners)} (misspelled, or not imported yet)`;
    case "unknown_attributes":
      return `no ${warning.subject} has the attribute ${few(warning.attributes)}, and a subject without it is not in; import it with: rollout import`;
    case "attributes_not_text":
      return `some ${warning.subject === "customer" ? "customers" : "repositories"} have ${few(warning.attributes)} as something other than text, which counts as absent`;
    case "unknown_values":
      return `no ${warning.subject} has ${warning.attribute} ${few(warning.values)} (misspelled, or not imported yet)`;
    case "everybody_listed":
      return `the owners in the whitelist admit all of ${subjectCount(warning)}, whatever the percentage (${warning.percentage}%)`;
    case "nobody_left":
      return `where, not or the owners in the blacklist leave none of ${subjectCount(warning)} in at ${warning.percentage}%`;
  }
}
function emptyFileText({ live }) {
  const are = live.length === 1 ? "1 is" : `${live.length} are`;
  return `the file has no features, but ${are} live in the database (${live[0]}${live.length > 1 ? ", ..." : ""})`;
}
function reducedText(reduced) {
  const fields = reduced.map(({ field, value }) => `${field} to ${JSON.stringify(value)}`).join(", ");
  return `reduced manually in the database (${fields})`;
}
function differencesText(found) {
  return found.map(differenceText).join(", ");
}
function updatedText({
  unarchived,
  baseline,
  differences,
  repaired
}) {
  return clauses(
    unarchived && "back from the archive",
    baseline && BASELINES[baseline],
    differencesText(differences),
    repairedText(repaired)
  );
}
var BASELINES = {
  edited: "its spec was changed by hand in the database, so the file applies",
  none: "never reconciled before, so the file applies"
};
function stillOnText({ feature, reconciled }) {
  if (reconciled) return "no longer in the file, but still on: set active: false first, then remove it";
  const keep = "to keep it, put it into the file (rollout init --from-database --file found.yaml shows how it would stand there)";
  const end = `to end it, run: rollout stop ${feature} --reason ...`;
  return `not in the file, but on in the database, by SQL and never by a file: ${keep}; ${end}`;
}
var HOW_LOST = {
  contained: "the file exceeds it",
  missing: "this revision does not contain the commit that settled it",
  reverted: "a commit raises it by reverting another, and a revert is not a resume",
  uncommitted: "the file exceeds it, and no commit shows that a person raised it since"
};
function saltText({ holder, incident, reason }) {
  const by = incident === null ? "an incident rolls back" : `incident ${incident} rolled back`;
  return `not created: it has the salt of ${holder}, which ${by} (${becauseText(reason)}); to go on, create it with active: false and raise it later`;
}
function becauseText(because) {
  return "reason" in because ? because.reason : reducedText(because.reduced);
}
function permitText(gap) {
  switch (gap.code) {
    case "no_permit":
      return `resumes: ${gap.resumes} has no permit in force in the database`;
    case "above_permit":
      return `the file asks for more than the permit of incident ${gap.incident} allows`;
    case "other_incident":
      return `resumes: ${gap.resumes} names another incident and has no effect`;
    case "no_resumes":
      return `a permit waits for resumes: ${gap.incident} in the file`;
  }
}
function waysOut(feature) {
  return `to end it, merge the write-back or run: rollout resume ${feature} --reason ...`;
}
function repairedText(fields) {
  return fields.length > 0 ? `puts back ${fields.join(", ")} changed by hand` : "";
}
function exposureText({ active, emergency_stop, strategy, percentage, whitelist }) {
  if (!active) return "off";
  if (emergency_stop) return "stopped";
  if (strategy === "whitelist") return `whitelist of ${whitelist}`;
  return `${percentage}%${strategy === "percentage" ? "" : `, ${strategy}`}`;
}
function differenceText({ path, before, after }) {
  if (Array.isArray(before) && Array.isArray(after) && path !== "steps" && path !== "categories") {
    const added = without(after, before).length;
    const removed = without(before, after).length;
    return `${path} ${[added > 0 ? `+${added}` : "", removed > 0 ? `-${removed}` : ""].filter(Boolean).join(" ")}`;
  }
  const metric = /^guardrails\.([^.]+)$/.exec(path)?.[1];
  if (path === "guardrails" || metric !== void 0) {
    const [was, is] = [before, after].map((value) => guardrailsText(value, metric));
    return `${path} ${was} -> ${is}`;
  }
  return `${path} ${valueText(before)} -> ${valueText(after)}`;
}
function guardrailsText(value, metric) {
  if (typeof value !== "object" || value === null) return valueText(value);
  const guardrails = metric === void 0 ? Object.entries(value) : [];
  if (metric !== void 0) return guardrailText(value);
  return guardrails.map(([name, one]) => `${name} ${guardrailText(one)}`).join(" and ");
}
function guardrailText({ on_harm, limit, dry_run, correlation, slower_than }) {
  const slow = slower_than === void 0 ? "" : ` of jobs slower than ${timeLimitText(slower_than)}`;
  const bursts = correlation === void 0 ? "" : ` with correlation ${correlation}`;
  return `${on_harm}${dry_run ? " (dry run)" : ""} at ${limit}%${slow}${bursts}`;
}
function timeLimitText(limit) {
  if (typeof limit === "number") return formatDuration(limit);
  if (typeof limit !== "object" || limit === null) return valueText(limit);
  return Object.entries(limit).map(([size, time]) => `${timeLimitText(time)} (${size})`).join(", ");
}
function valueText(value) {
  if (value === void 0 || value === null) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}
var MOST_NAMED = 3;
var subjectCount = ({ subject, total }) => counted(total, subject, subject === "customer" ? "customers" : "repositories");
function few(entries) {
  const more = entries.length > MOST_NAMED ? ` and ${entries.length - MOST_NAMED} more` : "";
  return `${entries.slice(0, MOST_NAMED).join(", ")}${more}`;
}
function clauses(...parts) {
  return parts.filter(Boolean).join("; ");
}

export {
  count,
  counted,
  share,
  commit,
  moment,
  ago,
  capital,
  evidenceWarningText,
  costProblemText,
  trendWord,
  classWord,
  whoFailed,
  failedText,
  failureSentences,
  overBudgetText,
  spendingText,
  testsBreachText,
  breachText,
  reasonText,
  warningText,
  emptyFileText,
  reducedText
};
