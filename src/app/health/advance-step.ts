import { editFeature } from '../../config/edit/edit.ts';
import { parseConfig } from '../../config/read/parse.ts';
import type { CheckNote } from '../../domain/change/outcome.ts';
import type { Advanced, HealthResult } from '../../domain/change/round.ts';
import { nextStep, reviewOf, wayTo } from '../../domain/gate/advance.ts';
import { same } from '../../domain/spec/difference.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import type { Reader, Store } from '../../store/store.ts';
import { attempted } from '../file-edit.ts';
import type { ConfigurationRepository, FileChangeResult } from '../ports/configuration-repository.ts';
import type { OtherEnvironment } from '../ports/other-environment.ts';
import type { Words } from '../ports/words.ts';
import { proposalBranch } from '../proposal-branch.ts';
import { refuseOtherEnvironment } from '../reconcile/file/desired.ts';
import { whyNoPlainWrites } from '../reconcile/file/plain-file-guard.ts';
import { againstStep } from '../reconcile/policy/policy.ts';
import type { LiveFeature } from './live-features.ts';

export interface Judged {
  live: LiveFeature;
  result: HealthResult;
}

interface AdvanceDependencies {
  store: Store;
  repository: ConfigurationRepository;
  words: Words;
  other?: OtherEnvironment;
}

/** Returns the branch of a proposed next step, which identifies its pull request. */
function advanceBranch(environment: string | null, feature: string): string {
  return proposalBranch(environment, { operation: 'advance', name: feature });
}

/**
 * Writes the next step of every feature whose gate is open into the file, by a commit or a pull request, and does
 * nothing else. Exposure rises only when reconcile finds the step there. If the gate closed again (except outside of
 * its hours), the controller's proposal is withdrawn, also for a feature that was switched off meanwhile. `proposals`
 * are the features that may have one.
 */
export async function advanceReady(
  deps: AdvanceDependencies,
  judged: readonly Judged[],
  proposals: readonly string[],
): Promise<Advanced[]> {
  if (await whyNoPlainWrites(deps)) return [];
  const done: Advanced[] = [];
  const open = judged.filter(({ result }) => result.action === 'would_advance');
  for (const { live, result } of open) done.push(await propose(deps, live, result));
  const proposed = new Set(done.filter(({ action }) => action === 'proposed').map(({ feature }) => feature));
  for (const feature of proposals) {
    if (proposed.has(feature)) continue;
    const advance = judged.find(({ result }) => result.feature === feature)?.result.advance;
    // Closing it every evening and reopening it every morning would be noise, so the pull request waits for its
    // hours.
    if (advance?.wait?.code === 'hours') continue;
    const problem = await withdraw(
      deps,
      feature,
      advance ? deps.words.gate(advance) : 'nobody is exposed to it any more',
    );
    if (problem) done.push({ feature, action: 'proposed', note: problem });
  }
  for (const { feature, action } of done) await deps.store.health.noteAction(feature, action);
  return done;
}

/**
 * Returns features that propose their steps, and those that did at their last check but are configured otherwise since.
 */
export async function mayHaveProposals(read: Reader, only?: string): Promise<string[]> {
  const rows = [...(await read.features.actual()).values()];
  const proposing = rows.filter(({ spec }) => {
    const to = spec ? nextStep(spec)?.percentage : undefined;
    return (
      spec && (spec.advance === 'pull_request' || (to !== undefined && wayTo(spec, to) === 'pull_request'))
    );
  });
  const features = [...proposing.map(({ feature }) => feature), ...(await read.health.proposedFeatures())];
  return [...new Set(features)].filter((feature) => only === undefined || feature === only);
}

async function propose(
  { repository, store, words, other }: AdvanceDependencies,
  { spec, reconciled }: LiveFeature,
  { feature, advance }: HealthResult,
): Promise<Advanced> {
  const to = advance.next?.percentage;
  if (to === undefined || reconciled === null) return { feature, action: 'none', note: null };
  const { wait, step } = advance;
  const breaches = await againstStep(store, feature, reconciled, to, other);
  if (breaches.length > 0) return { feature, action: 'none', note: { code: 'step_refused', to, breaches } };
  if (!repository.committed && reviewOf(spec, to)) return notChanged(feature, unreviewable(to));
  const from = spec.percentage;
  const requested = { code: 'advance', feature, from, to, gate: { wait, step }, forced: false } as const;
  try {
    const { head, environment } = await store.reading(async (read) => ({
      head: await read.history.head(),
      environment: (await read.state()).environment,
    }));
    const outcome = await repository.change({
      edit: (text) => attempted(() => nextText(text, { feature, reconciled, to, environment })),
      via: reviewOf(spec, to) ? 'pull_request' : 'commit',
      branch: advanceBranch(environment, feature),
      title: words.title(requested),
      body: words.facts(requested).join('\n'),
      features: [feature],
      trailers: [`Rollout-Feature: ${feature}`, `Rollout-History: ${head}`],
    });
    if (outcome.state === 'refused') return notChanged(feature, outcome.refused);
    if (outcome.state === 'needs_person') {
      const note = { code: 'step_by_person', to, compare: outcome.compare } as const;
      return { feature, action: 'proposed', note };
    }
    const proposed = outcome.state === 'proposed' || outcome.state === 'edited';
    return { feature, action: proposed ? 'proposed' : 'advanced', ...whereIs(outcome, to) };
  } catch (error) {
    return notChanged(feature, error);
  }
}

/** A step written into a file without a repository is live at the next reconcile, so nobody could decline it. */
function unreviewable(to: number): RolloutError {
  return new RolloutError(
    'usage',
    `${to}% asks for a review, and a file outside a repository has no pull requests`,
    { hint: 'a person writes the percentage into the file' },
  );
}

function notChanged(feature: string, error: unknown): Advanced {
  return { feature, action: 'none', note: { code: 'step_failed', error: errorText(error) } };
}

function whereIs(outcome: FileChangeResult, to: number): Pick<Advanced, 'note' | 'commit' | 'pull_request'> {
  const commit = 'commit' in outcome ? outcome.commit : null;
  const pull_request = 'pull_request' in outcome ? outcome.pull_request : null;
  return {
    note: { code: 'step', to, pull_request },
    ...(commit === null ? {} : { commit }),
    ...(pull_request === null ? {} : { pull_request }),
  };
}

interface NextStep {
  feature: string;
  /** The spec that was judged. */
  reconciled: Spec;
  to: number;
  environment: string | null;
}

/**
 * Returns the text with the next step. The health was judged for the spec in the database; if the file differs from it
 * in anything else, the step is not written.
 */
function nextText(text: string, { feature, reconciled, to, environment }: NextStep): string {
  const { config } = parseConfig(text);
  const spec = config?.features.get(feature);
  if (config) refuseOtherEnvironment(config, environment);
  // Already written: the answer to an earlier attempt was lost.
  if (spec && same(spec, { ...reconciled, percentage: to })) return text;
  if (spec && same(spec, reconciled)) {
    return editFeature(text, feature, [{ kind: 'set', path: ['percentage'], value: to }]);
  }
  throw new RolloutError(
    'edit_refused',
    `it says something else of ${feature} than what was judged; it has to be reconciled first`,
  );
}

/** Withdraws an obsolete proposal, so that nobody merges it without looking. Null: withdrawn. */
async function withdraw(
  { repository, store }: AdvanceDependencies,
  feature: string,
  why: string,
): Promise<CheckNote | null> {
  try {
    const { environment } = await store.reading((read) => read.state());
    await repository.withdraw(advanceBranch(environment, feature), why);
    return null;
  } catch (error) {
    const message = errorText(error);
    return { code: 'step_not_withdrawn', error: message };
  }
}
