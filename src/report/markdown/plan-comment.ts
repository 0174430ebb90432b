import { verdictWord } from '../../domain/health/wording.ts';
import type { PlannedChange } from '../../domain/plan/impact.ts';
import type { SoakNeeded } from '../../domain/simulation/soak.ts';
import type { Step } from '../../domain/spec/spec.ts';
import { formatDuration } from '../../lib/duration.ts';
import { type PlanLike, type PlannedGuardrailLike, partWord, standingWord } from '../words/plan-model.ts';
import { backTestSentences } from '../words/simulation/back-test-sentences.ts';
import { plannedGuardrailSentences } from '../words/simulation/planned-guardrails.ts';
import { soakSentence } from '../words/simulation/simulate-sentences.ts';
import type { SimulationLike } from '../words/simulation/simulated.ts';
import { advanceText, type Gated } from '../words/wait-words.ts';
import { commit, count, share } from '../words/words.ts';
import { COMMENT_LIMIT, capped } from './capped.ts';
import { codeMarkdown, escapeMarkdown } from './escape-markdown.ts';
import { planMarkdown } from './plan-markdown.ts';

/** Facts about one change, beyond the subjects that move. */
export interface OutlookLike {
  feature: string;
  spec: SimulationLike['spec'];
  jobs: { jobs: number; moving: number; grouped: number };
  health: { verdict: string; reason: string; gate: Gated } | null;
  next: Step | null;
  soak: { errorRate: number; needed: SoakNeeded } | null;
  backTest: SimulationLike['backTest'];
  guardrails: readonly PlannedGuardrailLike[];
  wouldRollBack: string | null;
}

export interface PlanCommentLike {
  plan: PlanLike;
  /** Facts by feature; empty without a database. */
  outlooks: readonly OutlookLike[];
  /** The proposed commit, the tip with which it was compared, and the database's generation. */
  from: { head: string; branch: string | null; tip: string | null; generation: number | null };
  /** Sentences that the reader must see before the table; not escaped here. */
  notes: readonly string[];
  /** Set if the file names one: a repository may have the files of several environments. */
  environment?: string | null;
}

/** Formats the comment on a pull request. Everything from the pull request or a person is escaped. */
export function planComment(like: PlanCommentLike): string {
  return `${capped(planBody(like), COMMENT_LIMIT)}\n\n${origin(like.from)}\n`;
}

/** Formats the plan for a run's summary, which may be longer than a comment. */
export function planSummary(like: PlanCommentLike): string {
  return `${planBody(like)}\n\n${origin(like.from)}\n`;
}

function planBody({ plan, outlooks, notes, environment = null }: PlanCommentLike): string {
  const known = new Map(outlooks.map((outlook) => [outlook.feature, outlook]));
  const body = [
    `### Rollout plan${environment === null ? '' : ` for ${escapeMarkdown(environment)}`}`,
    '',
    ...notes.flatMap((note) => [`> ${escapeMarkdown(note)}`, '']),
    // The revision may be a trial merge, which is new every time; the origin is printed below.
    planMarkdown({ ...plan, revision: null, guardrails: new Map() }, known),
    ...plan.changes.flatMap((change) => details(change, known.get(change.feature))),
  ];
  return body.join('\n').trimEnd();
}

/** Formats the details of one change; empty if there are none. */
function details(change: PlannedChange, outlook: OutlookLike | undefined): string[] {
  const lines = [...movements(change), ...(outlook ? outlookLines(outlook) : [])];
  if (lines.length === 0) return [];
  return [
    '<details>',
    `<summary><code>${change.feature.replace(/[^A-Za-z0-9_-]/g, '?')}</code>: ${standingWord(change.from)} → ${standingWord(change.to)}</summary>`,
    '',
    ...lines.map((line) => `- ${line}`),
    '',
    '</details>',
  ];
}

function movements(change: PlannedChange): string[] {
  const { impact, largest } = change;
  if (!impact || impact.entering + impact.leaving === 0) return [];
  const parts = impact.categories
    .filter(({ entering, leaving }) => entering + leaving > 0)
    .map((part) => {
      const { entering, leaving } = part;
      const moves = [entering > 0 ? `${count(entering)} in` : '', leaving > 0 ? `${count(leaving)} out` : ''];
      return `${escapeMarkdown(partWord(part, change))} ${moves.filter(Boolean).join(' and ')}`;
    });
  const names = largest.map(
    ({ enters, name, id }) => `${escapeMarkdown(name ?? id)} (${enters ? 'enters' : 'leaves'})`,
  );
  const total = `then ${count(impact.after)} of ${count(impact.total)} (${share(impact.after, impact.total)})`;
  return [
    `${parts.length > 0 ? `${parts.join(', ')}; ` : ''}${total}`,
    ...(names.length > 0 ? [`largest: ${names.join(', ')}`] : []),
  ];
}

function outlookLines(outlook: OutlookLike): string[] {
  const { feature, spec, health, next, soak, jobs, backTest, guardrails } = outlook;
  const soaks = spec.steps.find(({ percentage }) => percentage === spec.percentage)?.soak ?? null;
  const lines = [
    jobs.jobs === 0
      ? jobs.grouped === 0
        ? 'no jobs ran last week'
        : `${count(jobs.grouped)} jobs ran last week; outcomes.by_subject keeps no subjects to count those that move`
      : `${count(jobs.moving)} of ${count(jobs.jobs)} jobs of the last week belong to subjects that move (${share(jobs.moving, jobs.jobs)})`,
  ];
  if (health)
    lines.push(
      `now **${verdictWord(health.verdict)}**: ${escapeMarkdown(health.reason)}; ${escapeMarkdown(advanceText(health.gate))}`,
    );
  if (next)
    lines.push(
      `the step that follows: ${next.percentage}%${soaks === null ? '' : ` after ${formatDuration(soaks)}`}${next.approve ? ', once a person approves it' : ''}`,
    );
  if (soak) lines.push(escapeMarkdown(soakSentence({ spec, traffic: soak }, soak.needed)));
  for (const sentence of backTestSentences({ spec, backTest })) lines.push(escapeMarkdown(sentence));
  for (const { warning, text } of plannedGuardrailSentences(feature, guardrails))
    lines.push(`${warning ? ':warning: ' : ''}${escapeMarkdown(text)}`);
  return lines;
}

/** Describes what the plan was computed from, so that a reviewer sees whether it is current. */
function origin({ head, branch, tip, generation }: PlanCommentLike['from']): string {
  const against =
    tip === null ? '' : ` against ${branch === null ? 'the tip' : escapeMarkdown(branch)} at ${code(tip)}`;
  const state =
    generation === null ? 'without a database' : `generation ${count(generation)} of the database`;
  return `<sub>Computed for ${code(head)}${against}, ${state}.</sub>`;
}

function code(revision: string): string {
  return codeMarkdown(commit(revision));
}
