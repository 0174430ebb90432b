import { randomUUID } from 'node:crypto';
import { metricEngineOf } from '../../compose/environment/prometheus.ts';
import { heartbeatOf, receiversOf } from '../../compose/environment/receivers.ts';
import type { Printed } from '../../domain/change/notice.ts';
import type { TickResult } from '../../domain/change/round.ts';
import { verdictClause } from '../../domain/health/wording.ts';
import { harmless } from '../../lib/text.ts';
import { escapeMarkdown } from '../../report/markdown/escape-markdown.ts';
import { healthMarkdown } from '../../report/markdown/health-markdown.ts';
import { planMarkdown } from '../../report/markdown/plan-markdown.ts';
import { styleOf } from '../../report/style/style.ts';
import { tickLines } from '../../report/text/outcomes/tick-text.ts';
import { tickJobExit, wouldChange } from '../../report/words/exits.ts';
import { printedText } from '../../report/words/notice-words.ts';
import { refusalText } from '../../report/words/outcome-words.ts';
import { planJson } from '../../report/words/plan-model.ts';
import { type BeforeReconcile, beforeReconcile, tellOutcome } from '../proposals/merged.ts';
import { refreshPlans } from '../proposals/refresh.ts';
import { mayNameSubjects, withoutNames } from '../runner/names.ts';
import { type Opened, openWriting } from '../runner/open.ts';
import type { ActionEntry, Annotation, Session } from '../runner/session.ts';
import { mergedBy } from './merged-by.ts';
import { planAnnotations, planChart } from './plan-lines.ts';

const LONGEST_MESSAGE = 1_000;

/** Limit of read incidents, larger than one tick can open. */
const MOST_INCIDENTS = 1_000;

/** Runs the scheduled controller once. */
export const run: ActionEntry = async (session) => {
  const { inputs, context, environment } = session;
  const opened = await openWriting(session);
  try {
    const { tick } = await import('../../app/tick/tick.ts');
    const before = await recentIncidents(opened);
    const applied = await beforeReconcile(opened);
    const told: Printed[] = [];
    const print = (notice: Printed) => void told.push(notice);
    const done = await tick(
      {
        ...opened,
        receivers: receiversOf(environment),
        heartbeat: heartbeatOf(environment),
        engine: metricEngineOf(environment),
        print,
      },
      { actor: opened.actor, environment, holder: randomUUID(), metadata: mergedBy(opened.github, context) },
    );
    const result = {
      ...done,
      reconciled: done.reconciled && withoutNames(done.reconciled, mayNameSubjects(inputs, context)),
    };
    logTick(session, result, told);
    const after = await recentIncidents(opened);
    const opens = [...after.keys()].filter((id) => !before.has(id));
    const problems = problemsOf(result);
    return {
      exit: tickJobExit(result, problems.length > 0),
      needsPerson: needsPerson(result, told, opens, newlyWaiting(result, before)),
      annotations: [
        ...problems,
        ...told.map(noticeAnnotation),
        ...result.warnings.map(
          (message): Annotation => ({ severity: 'warning', title: 'Switched off', message }),
        ),
        ...(result.reconciled ? planAnnotations(result.reconciled, inputs.file) : []),
        ...(await outcomeOf(session, opened, applied, result)),
        ...(result.skipped ? [] : await refreshPlans(session, opened)),
      ],
      summary: summaryOf(result, told),
      outputs: outputsOf(result, opens),
    };
  } finally {
    await opened.close();
  }
};

/** Reports the outcome of a merge if this tick was the first to apply it, as after a push whose run was lost. */
async function outcomeOf(
  session: Session,
  opened: Opened,
  applied: BeforeReconcile,
  { reconciled }: TickResult,
): Promise<Annotation[]> {
  if (!reconciled || reconciled.revision === applied.revision) return [];
  return tellOutcome(session, opened, applied, reconciled);
}

/** Reads incidents with the state of their write-back; an incident that a tick opens may be settled at its end. */
async function recentIncidents({ store }: Opened): Promise<Map<string, string>> {
  const recent = await store.reading((read) => read.incidents.list({ limit: MOST_INCIDENTS }));
  return new Map(recent.map(({ id, write_back }) => [id, write_back]));
}

/** Errors that somebody has to fix; the rest of the tick continued. */
function problemsOf(result: TickResult): Annotation[] {
  const { reconcile_error, written_back, results, problems } = result;
  const error = (title: string, message: string): Annotation => ({ severity: 'error', title, message });
  return [
    ...(reconcile_error ? [error('Not reconciled', refusalText(reconcile_error))] : []),
    // A change that waits for a person is reported once, when the wait begins.
    ...written_back
      .filter(({ state, error: why }) => state === 'pending' && why !== null)
      .map(({ feature, error: why }) => error(`The write-back of ${feature} is pending`, why ?? '')),
    ...results
      .filter(({ judgement }) => judgement.verdict === 'error')
      .map(({ feature, judgement }) => error(`${feature} was not judged`, judgement.reason)),
    ...problems.map((problem) => error('Housekeeping', problem)),
  ];
}

/**
 * Describes what is new in this run and waits for a person; the next run knows it already, and then only errors fail
 * the job.
 */
function needsPerson(
  { results }: TickResult,
  told: readonly Printed[],
  opens: readonly string[],
  waiting: readonly string[],
): string | null {
  const newly = (name: string) => told.some(({ feature }) => feature === name);
  const judged = results.filter(
    ({ feature, judgement, action }) =>
      (action === 'would_roll_back' || judgement.verdict === 'suspect') && newly(feature),
  );
  const lines = [
    ...results
      .filter(({ action }) => action === 'rolled_back')
      .map(({ feature }) => `${feature} was rolled back`),
    ...(opens.length > 0 ? [`opened: incident ${opens.join(', ')}`] : []),
    ...waiting,
    ...judged.map(
      ({ feature, judgement }) => `${feature} ${verdictClause(judgement.verdict)} and a person decides`,
    ),
  ];
  return lines.length === 0 ? null : `a person is needed: ${lines.join('; ')}`;
}

/**
 * Returns write-backs that wait since this run for a person to merge them, or to open a pull request that the
 * controller may not open.
 */
function newlyWaiting({ written_back }: TickResult, before: ReadonlyMap<string, string>): string[] {
  return written_back
    .filter(({ incident, state }) => state === 'proposed' && before.get(incident) !== 'proposed')
    .map(({ feature, pull_request, error }) =>
      pull_request === null
        ? `the write-back of ${feature}: ${error ?? 'it waits on a branch'}`
        : `pull request ${pull_request} of ${feature} waits to be merged`,
    );
}

function noticeAnnotation({ severity, message }: Printed): Annotation {
  const text = harmless(message, LONGEST_MESSAGE);
  if (severity === 'critical') return { severity: 'error', title: 'Critical', message: text };
  return { severity: severity === 'warning' ? 'warning' : 'notice', message: text };
}

function logTick({ inputs, log }: Session, result: TickResult, told: readonly Printed[]): void {
  for (const { text } of tickLines({ style: styleOf(false), file: inputs.file }, result)) log(text);
  for (const notice of told) log(printedText(notice));
}

function summaryOf(result: TickResult, told: readonly Printed[]): string {
  if (result.skipped) return '### Health\n\nAnother tick is at work; this one did nothing.\n';
  const { reconciled, results } = result;
  return [
    '### Health',
    '',
    ...told.map((notice) => `> ${escapeMarkdown(printedText(notice))}\n`),
    healthMarkdown(results),
    ...(reconciled && wouldChange(reconciled)
      ? ['### Reconciled', '', planMarkdown(reconciled), planChart(reconciled)]
      : []),
  ].join('\n');
}

function outputsOf(result: TickResult, opens: readonly string[]) {
  const { results, reconciled, written_back, advanced } = result;
  const changes = [...written_back, ...advanced];
  const commits = changes.flatMap(({ commit }) => commit ?? []);
  const pulls = changes.flatMap(({ pull_request }) => pull_request ?? []);
  const moved = advanced.some(({ action }) => action !== 'none');
  return {
    changed:
      moved || commits.length > 0 || opens.length > 0 || (reconciled !== null && wouldChange(reconciled)),
    verdicts: Object.fromEntries(results.map(({ feature, judgement }) => [feature, judgement.verdict])),
    incident: opens.join(','),
    commit: [...new Set(commits)].join(','),
    pull_request: [...new Set(pulls)].join(','),
    ...(reconciled ? { plan: planJson(reconciled) } : {}),
  };
}
