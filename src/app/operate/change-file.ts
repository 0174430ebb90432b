import { parseConfig } from '../../config/read/parse.ts';
import type { ChangeVia, FileChangeResult } from '../../domain/change/file.ts';
import type { ChangeOutcome, Obstacle, Refusal } from '../../domain/change/outcome.ts';
import type { Agree, Requested } from '../../domain/change/requested.ts';
import { reviewOf } from '../../domain/gate/advance.ts';
import type { ReconcileResult } from '../../domain/plan/result.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import { attempted } from '../file-edit.ts';
import { type ProposalName, proposalBranch } from '../proposal-branch.ts';
import { refusePlainWrites } from '../reconcile/file/plain-file-guard.ts';
import type { PlanDependencies } from '../reconcile/plan.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import { refuseAgainstPolicy } from './preconditions.ts';

const LONGEST_REASON = 500;

export interface ChangeDependencies extends PlanDependencies {
  actor: string;
  /** Verified identity of the actor; left out: not verified. */
  provedBy?: string;
}

/** Options of every change of the file. */
export interface ChangeOptions {
  /** Only by commit, pull request or edit; left out: as the feature's entry says. */
  via?: ChangeVia | undefined;
  reason?: string | undefined;
  /** Called before a change that raises exposure; false: nothing is done. */
  agree: Agree;
}

/** A change of the file as a person requested it. */
export interface ChangeRequest {
  /** Command such as `set` or `resume`; recorded in history beside the reason. */
  command: string;
  /** The person or program that asked for it, if that is not a command. */
  asked?: string;
  /** The changed features; empty for settings of the whole file. */
  features: readonly string[];
  requested: Requested;
  trailers: readonly string[];
  proposal: ProposalName;
  via: ChangeVia;
  reason: string | undefined;
  raises: boolean;
  /** True: the global stop is lifted right after. */
  liftsStop?: boolean;
  /** Returns the new text. Throws `RolloutError` if this text cannot be edited. */
  edit: (text: string) => string;
}

/**
 * Changes the file and applies it to the database: Git first. It also reconciles, because a commit by the controller's
 * own token starts no run; a proposal changes nothing until somebody merges it.
 */
export async function changeFile(deps: ChangeDependencies, request: ChangeRequest): Promise<ChangeOutcome> {
  await refusePlainWrites(deps);
  refuseUnreviewable(deps, request);
  await refuseAgainstPolicy(deps, request);
  const { head, environment } = await deps.store.reading(async (read) => ({
    head: await read.history.head(),
    environment: (await read.state()).environment,
  }));
  const why = request.reason === undefined ? [] : [`Reason: ${harmless(request.reason, LONGEST_REASON)}`];
  const file = await deps.repository.change({
    // Checked again on the text that is finally changed: somebody may have demanded reviews meanwhile.
    edit: (text) =>
      attempted(() => {
        const edited = request.edit(text);
        if (request.raises && request.via === 'commit') refuseIn(text, edited, request.features);
        return edited;
      }),
    via: request.via,
    branch: proposalBranch(environment, request.proposal),
    title: deps.words.title(request.requested),
    body: [
      ...deps.words.facts(request.requested),
      ...why,
      `Asked for by ${harmless(deps.actor)}${deps.provedBy === undefined ? '' : ` (proved: ${harmless(deps.provedBy)})`} with: ${request.asked ?? `rollout ${request.command}`}`,
    ].join('\n'),
    features: request.features,
    trailers: [
      ...request.trailers,
      ...request.features.map((feature) => `Rollout-Feature: ${feature}`),
      ...(head === '' ? [] : [`Rollout-History: ${head}`]),
    ],
  });
  if (file.state === 'refused') throw file.refused;
  return { ...outcomeOf(request), file, ...(await bringLive(deps, request, file)) };
}

/**
 * Throws `usage` for a raise by pull request where pull requests do not exist: the raise would be written and live at
 * once.
 */
function refuseUnreviewable({ repository }: ChangeDependencies, { raises, via }: ChangeRequest): void {
  if (!raises || via !== 'pull_request' || repository.committed) return;
  throw new RolloutError(
    'usage',
    'a raise that asks for a review was not written: a file outside a repository has no pull requests',
    { hint: 'edit the file and run rollout reconcile, or say --via file' },
  );
}

/** The outcome if nothing was done, because a person declined or for another reason. */
export function notDone(
  request: Pick<ChangeRequest, 'requested' | 'via' | 'raises'>,
  obstacle: Obstacle | null = { code: 'declined' },
): ChangeOutcome {
  return { ...outcomeOf(request), file: null, reconciled: null, obstacle };
}

/**
 * Returns the route of a change. Changes that raise exposure use `advance`'s route, and a pull request to or past a
 * step that a person approves; all others use `rollback.via`. `to`: the percentage afterwards.
 */
export function viaOf(
  feature: string,
  given: ChangeVia | undefined,
  spec: Spec,
  raising: boolean,
  to = spec.percentage,
): ChangeVia {
  if (given === 'commit' && raising) refuseUnreviewed(feature, spec, to);
  if (given) return given;
  // A default branch that rejects commits also rejects commits that raise exposure.
  return spec.rollback.via === 'pull_request' || (raising && reviewOf(spec, to)) ? 'pull_request' : 'commit';
}

/** Throws `usage` if the file demands a review of a raise to `to` percent. */
export function refuseUnreviewed(feature: string, spec: Spec, to: number): void {
  const rule = reviewOf(spec, to);
  if (!rule) return;
  const found =
    rule.code === 'advance'
      ? `${feature} is raised by pull requests only: the file says advance: pull_request`
      : `${feature} reaches ${rule.percentage}% by a pull request only: its step says approve: true`;
  throw new RolloutError('usage', found, { hint: 'use --via pull_request' });
}

function refuseIn(text: string, edited: string, features: readonly string[]): void {
  const before = parseConfig(text).config?.features;
  const after = parseConfig(edited).config?.features;
  for (const feature of features) {
    const spec = before?.get(feature);
    if (spec) refuseUnreviewed(feature, spec, after?.get(feature)?.percentage ?? spec.percentage);
  }
}

function outcomeOf({ requested, via, raises }: Pick<ChangeRequest, 'requested' | 'via' | 'raises'>) {
  return { requested, via, raises };
}

type Live = Pick<ChangeOutcome, 'reconciled' | 'obstacle'>;

async function bringLive(
  deps: ChangeDependencies,
  request: ChangeRequest,
  file: FileChangeResult,
): Promise<Live> {
  if (file.state === 'proposed') {
    return { reconciled: null, obstacle: { code: 'merge', branch: file.branch } };
  }
  if (file.state === 'needs_person') {
    const { compare, why } = file;
    return { reconciled: null, obstacle: { code: 'open_and_merge', compare, why } };
  }
  // A request for a review raises nothing by itself, even if the branch already has the change.
  if (file.state === 'unchanged' && request.via === 'pull_request')
    return { reconciled: null, obstacle: null };
  return reconcileChange(deps, request);
}

/** Reconciles after a change. The change stands, even if something keeps it from being live. */
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
    return { reconciled, obstacle: await obstacleTo(deps, request, reconciled) };
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    return { reconciled: null, obstacle: { code: 'not_reconciled', refusal: refusalOf(error) } };
  }
}

async function obstacleTo(
  deps: ChangeDependencies,
  { features, raises, liftsStop }: Pick<ChangeRequest, 'features' | 'raises' | 'liftsStop'>,
  { changes, problems }: ReconcileResult,
): Promise<Obstacle | null> {
  const kept = changes.find(
    ({ feature, action }) => features.includes(feature) && (action === 'held' || action === 'refused'),
  );
  if (kept) return { code: 'kept', feature: kept.feature, reason: kept.reason };
  const error = problems.find(({ severity }) => severity === 'error');
  if (error && changes.length === 0) {
    return { code: 'file_error', line: error.line, message: error.message };
  }
  const { global_stop } = await deps.store.reading((read) => read.state());
  if (!raises || liftsStop || !global_stop) return null;
  return { code: 'everything_stopped', reason: global_stop.reason };
}

/** Converts a caught RolloutError to a part of an answer. */
export function refusalOf({ code, message, hint }: RolloutError): Refusal {
  return { code, message, hint: hint ?? null };
}
