import type {
  ChangeReason,
  ChangeWarning,
  EmptyFile,
  ExposureFacts,
  HeldBecause,
  PermitGap,
  ReducedField,
} from '../../domain/plan/reason.ts';
import type { Difference } from '../../domain/spec/difference.ts';
import { without } from '../../domain/spec/difference.ts';
import type { Settlement } from '../../domain/spec/incident.ts';
import type { Guardrail } from '../../domain/spec/spec.ts';
import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import { counted } from '../../lib/counted.ts';
import { formatDuration } from '../../lib/duration.ts';
import { harmless } from '../../lib/text.ts';
import { costProblemText, overBudgetText } from './evidence-words.ts';
import { pastStepsText, policyText } from './policy-words.ts';
import { moment } from './words.ts';

/** Why a change is planned, held or refused: one sentence without a full stop. */
export function reasonText(reason: ChangeReason): string {
  switch (reason.code) {
    case 'created':
      return `new in the file: ${exposureText(reason.exposure)}`;
    case 'updated':
      return updatedText(reason);
    case 'archived':
      return `${reason.reconciled ? 'no longer' : 'not'} in the file and off: archived, history and metrics are kept`;
    case 'drift_repaired': {
      const to =
        reason.incident === null
          ? 'what was last reconciled'
          : `the state held by incident ${reason.incident}`;
      return `${reason.repaired.join(', ')} changed by hand in the database: put back to ${to}`;
    }
    case 'drift_adopted':
      return clauses(`${reducedText(reason.reduced)}: adopted and held`, repairedText(reason.repaired));
    case 'still_on':
      return stillOnText(reason);
    case 'file_errors': {
      const file = reason.file === undefined ? '' : `${harmless(reason.file, 200)}, `;
      const where = reason.line === null ? '' : `${file}line ${reason.line}: `;
      const more = reason.more > 0 ? ` (and ${reason.more} more)` : '';
      return `left as it is: ${where}${reason.message}${more}`;
    }
    case 'settled':
      return `the file agrees with incident ${reason.incident} (${reason.reason}): settled`;
    case 'resumed':
      return `raises a feature rolled back on ${reason.day} because ${reason.reason}: ${exposureText(reason.exposure)}`;
    case 'reopened':
      return `incident ${reason.incident} is open again: ${HOW_LOST[reason.settlement]}; ${waysOut(reason.feature)}`;
    case 'held':
      return clauses(
        `held by incident ${reason.incident} since ${reason.since.toISOString()}: ${reason.reason}`,
        repairedText(reason.repaired),
        reason.subject && `subject: ${reason.subject} has to wait until the incident ends`,
        reason.permit && permitText(reason.permit),
        waysOut(reason.feature),
      );
    case 'salt_held':
      return saltText(reason);
    case 'policy':
      return policyText(reason.feature, reason.breaches);
    case 'database_refused':
      return `the database refused it: ${reason.error}`;
  }
}

/** Warning about a change that is made nevertheless. */
export function warningText(warning: ChangeWarning): string {
  switch (warning.code) {
    case 'freeze':
      return `raises exposure during the freeze of ${warning.from} to ${warning.to} (${warning.reason})`;
    case 'not_before':
      return `raises exposure before ${warning.day}, its not_before`;
    case 'cutoff':
      return `raises exposure after ${warning.day}, its cutoff`;
    case 'hours':
      return `raises exposure outside its hours, which begin at ${moment(warning.opens)} (${warning.zone})`;
    case 'policy_hours':
      return `outside the hours of the policy: once merged, it takes effect at ${moment(warning.opens)} (${warning.zone})`;
    case 'skips_steps':
      return pastStepsText(warning.to, warning.steps);
    case 'over_budget':
      return warning.step === 'next'
        ? `the step after this waits: ${overBudgetText(warning)}`
        : overBudgetText(warning);
    case 'cost_unknown':
      return `no step is taken while its cost is not known: ${costProblemText(warning.problem)}`;
    case 'unreviewed':
      return 'advance: commit goes on without a review, also by outcomes that a stolen recorder invents; advance: pull_request, or approve: true on a step, asks a person';
    case 'unknown_ids':
      return `no ${warning.subject} has the id ${few(warning.ids)} (misspelled, or not imported yet)`;
    case 'unmatched_names':
      return `no ${warning.subject} named ${few(warning.names)} (misspelled, or not imported yet)`;
    case 'unmatched_owners':
      return `no repository of ${few(warning.owners)} (misspelled, or not imported yet)`;
    case 'unknown_attributes':
      return `no ${warning.subject} has the attribute ${few(warning.attributes)}, and a subject without it is not in; import it with: rollout import`;
    case 'attributes_not_text':
      return `some ${warning.subject === 'customer' ? 'customers' : 'repositories'} have ${few(warning.attributes)} as something other than text, which counts as absent`;
    case 'unknown_values':
      return `no ${warning.subject} has ${warning.attribute} ${few(warning.values)} (misspelled, or not imported yet)`;
    case 'everybody_listed':
      return `the owners in the whitelist admit all of ${subjectCount(warning)}, whatever the percentage (${warning.percentage}%)`;
    case 'nobody_left':
      return `where, not or the owners in the blacklist leave none of ${subjectCount(warning)} in at ${warning.percentage}%`;
  }
}

/** Why a file without features is not applied. */
export function emptyFileText({ live }: EmptyFile): string {
  const are = live.length === 1 ? '1 is' : `${live.length} are`;
  return `the file has no features, but ${are} live in the database (${live[0]}${live.length > 1 ? ', ...' : ''})`;
}

/** The fields that were reduced by SQL, with their present values. */
export function reducedText(reduced: readonly ReducedField[]): string {
  const fields = reduced.map(({ field, value }) => `${field} to ${JSON.stringify(value)}`).join(', ');
  return `reduced manually in the database (${fields})`;
}

/** `percentage 10 -> 25, whitelist +1 -2`: differences in one line. */
export function differencesText(found: readonly Difference[]): string {
  return found.map(differenceText).join(', ');
}

function updatedText({
  unarchived,
  baseline,
  differences,
  repaired,
}: Extract<ChangeReason, { code: 'updated' }>): string {
  return clauses(
    unarchived && 'back from the archive',
    baseline && BASELINES[baseline],
    differencesText(differences),
    repairedText(repaired),
  );
}

const BASELINES = {
  edited: 'its spec was changed by hand in the database, so the file applies',
  none: 'never reconciled before, so the file applies',
} as const;

function stillOnText({ feature, reconciled }: Extract<ChangeReason, { code: 'still_on' }>): string {
  if (reconciled) return 'no longer in the file, but still on: set active: false first, then remove it';
  const keep =
    'to keep it, put it into the file (rollout init --from-database --file found.yaml shows how it would stand there)';
  const end = `to end it, run: rollout stop ${feature} --reason ...`;
  return `not in the file, but on in the database, by SQL and never by a file: ${keep}; ${end}`;
}

const HOW_LOST: Readonly<Record<Settlement, string>> = {
  contained: 'the file exceeds it',
  missing: 'this revision does not contain the commit that settled it',
  reverted: 'a commit raises it by reverting another, and a revert is not a resume',
  uncommitted: 'the file exceeds it, and no commit shows that a person raised it since',
};

function saltText({ holder, incident, reason }: Extract<ChangeReason, { code: 'salt_held' }>): string {
  const by = incident === null ? 'an incident rolls back' : `incident ${incident} rolled back`;
  return `not created: it has the salt of ${holder}, which ${by} (${becauseText(reason)}); to go on, create it with active: false and raise it later`;
}

function becauseText(because: HeldBecause): string {
  return 'reason' in because ? because.reason : reducedText(because.reduced);
}

function permitText(gap: PermitGap): string {
  switch (gap.code) {
    case 'no_permit':
      return `resumes: ${gap.resumes} has no permit in force in the database`;
    case 'above_permit':
      return `the file asks for more than the permit of incident ${gap.incident} allows`;
    case 'other_incident':
      return `resumes: ${gap.resumes} names another incident and has no effect`;
    case 'no_resumes':
      return `a permit waits for resumes: ${gap.incident} in the file`;
  }
}

function waysOut(feature: string): string {
  return `to end it, merge the write-back or run: rollout resume ${feature} --reason ...`;
}

function repairedText(fields: readonly string[]): string {
  return fields.length > 0 ? `puts back ${fields.join(', ')} changed by hand` : '';
}

function exposureText({ active, emergency_stop, strategy, percentage, whitelist }: ExposureFacts): string {
  if (!active) return 'off';
  if (emergency_stop) return 'stopped';
  if (strategy === 'whitelist') return `whitelist of ${whitelist}`;
  return `${percentage}%${strategy === 'percentage' ? '' : `, ${strategy}`}`;
}

function differenceText({ path, before, after }: Difference): string {
  if (Array.isArray(before) && Array.isArray(after) && path !== 'steps' && path !== 'categories') {
    const added = without(after, before).length;
    const removed = without(before, after).length;
    return `${path} ${[added > 0 ? `+${added}` : '', removed > 0 ? `-${removed}` : ''].filter(Boolean).join(' ')}`;
  }
  const metric = /^guardrails\.([^.]+)$/.exec(path)?.[1];
  if (path === 'guardrails' || metric !== undefined) {
    const [was, is] = [before, after].map((value) => guardrailsText(value, metric));
    return `${path} ${was} -> ${is}`;
  }
  return `${path} ${valueText(before)} -> ${valueText(after)}`;
}

/** `refunds rollback at 3%`: guardrails by metric, or one of them, from a spec. */
function guardrailsText(value: unknown, metric?: string): string {
  if (typeof value !== 'object' || value === null) return valueText(value);
  const guardrails = metric === undefined ? Object.entries(value as Record<string, Guardrail>) : [];
  if (metric !== undefined) return guardrailText(value as Guardrail);
  return guardrails.map(([name, one]) => `${name} ${guardrailText(one)}`).join(' and ');
}

function guardrailText({ on_harm, limit, dry_run, correlation, slower_than }: Guardrail): string {
  const slow = slower_than === undefined ? '' : ` of jobs slower than ${timeLimitText(slower_than)}`;
  const bursts = correlation === undefined ? '' : ` with correlation ${correlation}`;
  return `${on_harm}${dry_run ? ' (dry run)' : ''} at ${limit}%${slow}${bursts}`;
}

/**
 * `30s`, `control_p95`, or `30s (small), 10m (large)`; a spec that SQL edited may contain anything, which is printed as
 * it is.
 */
function timeLimitText(limit: unknown): string {
  if (typeof limit === 'number') return formatDuration(limit);
  if (typeof limit !== 'object' || limit === null) return valueText(limit);
  return Object.entries(limit)
    .map(([size, time]) => `${timeLimitText(time)} (${size})`)
    .join(', ');
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const MOST_NAMED = 3;

const subjectCount = ({ subject, total }: { subject: SubjectType; total: number }): string =>
  counted(total, subject, subject === 'customer' ? 'customers' : 'repositories');

function few(entries: readonly string[]): string {
  const more = entries.length > MOST_NAMED ? ` and ${entries.length - MOST_NAMED} more` : '';
  return `${entries.slice(0, MOST_NAMED).join(', ')}${more}`;
}

function clauses(...parts: readonly (string | false | null)[]): string {
  return parts.filter(Boolean).join('; ');
}
