import { createHash } from 'node:crypto';
import type { Tip } from '../../app/ports/configuration-repository.ts';
import type { MetricEngine } from '../../app/ports/metric-engine.ts';
import type { OpenProposal, PlanCheck } from '../../app/ports/pull-requests.ts';
import { UNNAMED } from '../../app/proposal-branch.ts';
import { environmentIn, planProposal } from '../../app/proposals/plan-proposal.ts';
import { planEngineOf } from '../../compose/environment/prometheus.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { words } from '../../report/kept.ts';
import { planComment } from '../../report/markdown/plan-comment.ts';
import { mayNameSubjects, withoutNames } from '../runner/names.ts';
import type { Opened } from '../runner/open.ts';
import type { Annotation, Session } from '../runner/session.ts';
import { checkedEnvironment, commentKey, planCheck } from './plan-check.ts';

/** Limit of open plans that one run updates, the newest pull requests first; the next run continues. */
const MOST_REFRESHED = 20;

/**
 * Updates the plans of open pull requests after the default branch, a hold or a pull request changed: their checks, and
 * comments whose text changes. Proposals of forks get their check here, because a fork's own run may not write one;
 * their file is read, but nothing of it is executed. Failures are reported and retried by the next run.
 */
export async function refreshPlans(session: Session, opened: Opened): Promise<Annotation[]> {
  if (!session.inputs.check) return [];
  try {
    return await refreshed(session, opened);
  } catch (error) {
    return [warning(`the plans of open pull requests are not refreshed: ${withHint(error)}`)];
  }
}

async function refreshed(session: Session, opened: Opened): Promise<Annotation[]> {
  const { github, store } = opened;
  const tip = await github.configuration.readTip();
  // GitHub sorts by the newest comment, but the controller's own comments must not count as a change.
  const open = (await github.openProposals()).sort((a, b) => b.number - a.number);
  const { head, known } = await store.reading(async (read) => ({
    head: await read.history.head(),
    known: await read.incidents.plansSeen(),
  }));
  const seen = digestOf([tip.revision, head, open.map((one) => [one.number, one.head])]);
  if (seen === known) return [];
  const from = doneOf(seen, known);
  // Shared by all: a run waits for the engine only as long as a single plan does.
  const engine = planEngineOf(session.environment);
  const problems: Annotation[] = [];
  let settled = true;
  for (const one of open.slice(from, from + MOST_REFRESHED)) {
    // A conflicting pull request is planned once its author has resolved the conflict; one without a trial merge, by
    // the next run.
    if (one.conflicts) continue;
    if (one.merge?.onto !== tip.revision) {
      settled = false;
      continue;
    }
    try {
      const unchecked = await refresh(session, { ...opened, engine }, tip, { ...one, merge: one.merge });
      if (unchecked !== null && problems.length === 0) problems.push(warning(unchecked));
    } catch (error) {
      settled = false;
      problems.push(warning(`the plan of #${one.number} is not refreshed: ${withHint(error)}`));
      if (isAway(error)) break;
    }
  }
  const done = from + MOST_REFRESHED;
  if (settled) await store.incidents.notePlansSeen(done < open.length ? `${seen}:${done}` : seen);
  return problems;
}

/** Returns how many of these open plans an earlier run has updated. */
function doneOf(seen: string, known: string | null): number {
  const done = known?.startsWith(`${seen}:`) ? Number(known.slice(seen.length + 1)) : 0;
  return Number.isSafeInteger(done) && done > 0 ? done : 0;
}

/** Returns why the check could not be written; null: it was written. */
async function refresh(
  session: Session,
  { github, store, engine }: Opened & { engine: MetricEngine | null },
  tip: Tip,
  { number, head, fork, merge }: OpenProposal & { merge: { commit: string } },
): Promise<string | null> {
  const { inputs, context } = session;
  const content = await github.fileAt(merge.commit);
  const file =
    content === null
      ? new RolloutError('file_missing', `${inputs.file} would be removed`)
      : { path: tip.path, content, revision: merge.commit };
  const proposal = { file, tip, base: tip.content };
  // The queries of a fork come from a stranger, so no engine is queried.
  const asked = fork ? 'fork' : engine;
  const deps = { store, repository: github.configuration, words, engine: asked } as const;
  const planned = await planProposal(deps, proposal);
  // Another file was changed. Forks get the check nevertheless: where it is required, the merge waits for it.
  if (!planned.changed && !fork) return null;
  const plan = withoutNames(planned.plan, mayNameSubjects(inputs, context));
  const environment = plan.environment ?? environmentIn(tip);
  const named = checkedEnvironment(plan, tip);
  const about = { head, file: inputs.file, environment: named, url: context.run, notes: planned.notes };
  const { state, why } = await put(github, planCheck({ ...planned, plan }, about));
  if (state === 'unchanged' || !planned.changed || inputs.comment === 'never') return why;
  const body = planComment({
    ...{ plan, outlooks: planned.outlooks, notes: planned.notes },
    environment: environment === UNNAMED ? null : environment,
    from: { head, branch: context.defaultBranch, tip: tip.revision, generation: plan.generation },
  });
  await github.comments.put(number, { key: commentKey(inputs), body });
  return why;
}

/** Without the right to write checks only the comment is updated. */
async function put({ checks }: Opened['github'], check: PlanCheck) {
  try {
    return { state: await checks.put(check), why: null };
  } catch (error) {
    if (!(error instanceof RolloutError) || error.code !== 'github_off') throw error;
    return { state: 'refused', why: `the check ${check.name} is not written: ${withHint(error)}` } as const;
  }
}

function isAway(error: unknown): boolean {
  return error instanceof RolloutError && /^github_(limited|unreachable)$/.test(error.code);
}

function withHint(error: unknown): string {
  return errorText(error) + (error instanceof RolloutError && error.hint ? `; ${error.hint}` : '');
}

function warning(message: string): Annotation {
  return { severity: 'warning', title: 'Open plans', message };
}

function digestOf(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
