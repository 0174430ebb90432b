import { parseConfig } from '../../config/read/parse.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import { attempted } from '../file-edit.ts';
import type { ChangeVia, FileChangeResult } from '../ports.ts';
import { type ProposalName, proposalBranch } from '../proposal-branch.ts';
import { refusePlainWrites } from '../reconcile/plain-file-guard.ts';
import type { PlanDependencies } from '../reconcile/plan.ts';
import { type ReconcileResult, reconcile } from '../reconcile/reconcile.ts';

const LONGEST_REASON = 500;

export interface ChangeDependencies extends PlanDependencies {
  actor: string;
}

/** What every change of the file may be told. */
export interface ChangeOptions {
  /** By a commit, a pull request or an edit only; left out, as the feature's part of the file says. */
  via?: ChangeVia | undefined;
  reason?: string | undefined;
  /** Asked before something raises exposure; false: nothing is done. */
  agree: (question: string) => Promise<boolean>;
}

/** A change of the file as a person asked for it. */
export interface ChangeRequest {
  /** Such as `set` or `resume`; kept in history beside the reason. */
  command: string;
  /** Who or what asked for it, where that is no command. */
  asked?: string;
  /** The features it is about; none for what belongs to the whole file. */
  features: readonly string[];
  title: string;
  /** From what to what, and other facts, each a sentence. */
  facts: readonly string[];
  trailers: readonly string[];
  proposal: ProposalName;
  via: ChangeVia;
  reason: string | undefined;
  raises: boolean;
  /** The stop of everything is lifted right after. */
  liftsStop?: boolean;
  /** The text as it should be. Throws `RolloutError` where it cannot be made of this one. */
  edit: (text: string) => string;
}

/** What became of it. */
export interface ChangeOutcome {
  title: string;
  via: ChangeVia;
  raises: boolean;
  /** Null: a person said no, and nothing was done. */
  file: FileChangeResult | null;
  /** What the reconcile that followed did; null: none followed, or it was refused. */
  reconciled: ReconcileResult | null;
  /** Why it is not live; null: it is. */
  not_live: string | null;
}

/**
 * Changes the file and brings it to the database: Git first. Whoever writes also reconciles, because a commit
 * by our own token starts no run; a proposal changes nothing until somebody merges it.
 */
export async function changeFile(deps: ChangeDependencies, request: ChangeRequest): Promise<ChangeOutcome> {
  await refusePlainWrites(deps);
  const { head, environment } = await deps.store.reading(async (read) => ({
    head: await read.historyHead(),
    environment: (await read.state()).environment,
  }));
  const why = request.reason === undefined ? [] : [`Reason: ${harmless(request.reason, LONGEST_REASON)}`];
  const file = await deps.repository.change({
    // Again on the text that is changed in the end: somebody may have asked for reviews meanwhile.
    edit: (text) =>
      attempted(() => {
        if (request.raises && request.via === 'commit') refuseIn(text, request.features);
        return request.edit(text);
      }),
    via: request.via,
    branch: proposalBranch(environment, request.proposal),
    title: request.title,
    body: [
      ...request.facts,
      ...why,
      `Asked for by ${harmless(deps.actor)} with: ${request.asked ?? `rollout ${request.command}`}`,
    ].join('\n'),
    trailers: [
      ...request.trailers,
      ...request.features.map((feature) => `Rollout-Feature: ${feature}`),
      ...(head === '' ? [] : [`Rollout-History: ${head}`]),
    ],
  });
  if (file.state === 'refused') throw file.refused;
  return { ...outcomeOf(request), file, ...(await bringLive(deps, request, file)) };
}

/** A person said no. */
export function declined(request: Pick<ChangeRequest, 'title' | 'via' | 'raises'>): ChangeOutcome {
  return { ...outcomeOf(request), file: null, reconciled: null, not_live: 'nothing was changed' };
}

/** What raises goes the way in which the feature's steps go; the rest the way of its write-backs. */
export function viaOf(
  feature: string,
  given: ChangeVia | undefined,
  { rollback, advance }: Spec,
  raising: boolean,
): ChangeVia {
  if (given === 'commit' && raising) refuseUnreviewed(feature, advance);
  if (given) return given;
  // Who lets nobody commit to the default branch lets nobody raise by a commit either.
  return rollback.via === 'pull_request' || (raising && advance === 'pull_request')
    ? 'pull_request'
    : 'commit';
}

/** Throws `usage` where the file lets nobody raise a feature without a review. */
export function refuseUnreviewed(feature: string, advance: Spec['advance']): void {
  if (advance !== 'pull_request') return;
  throw new RolloutError(
    'usage',
    `${feature} is raised by pull requests only: the file says advance: pull_request`,
    { hint: 'use --via pull_request' },
  );
}

function refuseIn(text: string, features: readonly string[]): void {
  const { config } = parseConfig(text);
  for (const feature of features) {
    refuseUnreviewed(feature, config?.features.get(feature)?.advance ?? 'manual');
  }
}

function outcomeOf({ title, via, raises }: Pick<ChangeRequest, 'title' | 'via' | 'raises'>) {
  return { title, via, raises };
}

type Live = Pick<ChangeOutcome, 'reconciled' | 'not_live'>;

async function bringLive(
  deps: ChangeDependencies,
  request: ChangeRequest,
  file: FileChangeResult,
): Promise<Live> {
  if (file.state === 'proposed') {
    return { reconciled: null, not_live: `waits until a person merges ${file.branch}` };
  }
  if (file.state === 'needs_person') {
    const what = `waits until a person opens and merges the pull request, which we may not open (${file.why})`;
    return { reconciled: null, not_live: `${what}: ${file.compare}` };
  }
  // Whoever asked for a review raises nothing by asking, whatever the branch says already.
  if (file.state === 'unchanged' && request.via === 'pull_request')
    return { reconciled: null, not_live: null };
  return reconcileChange(deps, request);
}

/** The reconcile after a change. The change stands, whatever keeps it from being live. */
export async function reconcileChange(
  deps: ChangeDependencies,
  request: Pick<ChangeRequest, 'command' | 'features' | 'reason' | 'raises' | 'liftsStop'>,
): Promise<Live> {
  try {
    const { command, features, reason } = request;
    const reconciled = await reconcile(deps, {
      actor: deps.actor,
      allowRewind: false,
      revision: null,
      asked: { features, reason },
      metadata: { request: { command, features, ...(reason === undefined ? {} : { reason }) } },
    });
    return { reconciled, not_live: await obstacle(deps, request, reconciled) };
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    const hint = error.hint ? `; ${error.hint}` : '';
    return { reconciled: null, not_live: `not reconciled: ${error.message}${hint}` };
  }
}

async function obstacle(
  deps: ChangeDependencies,
  { features, raises, liftsStop }: Pick<ChangeRequest, 'features' | 'raises' | 'liftsStop'>,
  { changes, problems }: ReconcileResult,
): Promise<string | null> {
  const kept = changes.find(
    ({ feature, action }) => features.includes(feature) && (action === 'held' || action === 'refused'),
  );
  if (kept) return kept.reason;
  const error = problems.find(({ severity }) => severity === 'error');
  if (error && changes.length === 0) return `line ${error.line}: ${error.message}`;
  const { global_stop } = await deps.store.reading((read) => read.state());
  if (!raises || liftsStop || !global_stop) return null;
  return `everything is stopped (${global_stop.reason}); to lift that, run: rollout resume --all --reason ...`;
}
