import type { Advanced, HealthResult, Round } from '../../domain/change/round.ts';
import { STORM_SECONDS } from '../../domain/verdict/storm.ts';
import type { Store } from '../../store/store.ts';
import { writeBackQuarantines } from '../incidents/quarantine-write-back.ts';
import { writeBackPending } from '../incidents/write-back.ts';
import type { ConfigurationRepository } from '../ports/configuration-repository.ts';
import type { Words } from '../ports/words.ts';
import type { CheckInput } from './act-on-judgement.ts';
import { advanceReady, type Judged, mayHaveProposals } from './advance-step.ts';
import { checkFeature, uncheckedFeature } from './check-health.ts';
import { type Asked, type Gathered, gatherAll } from './health-inputs.ts';
import { keepCheckpoints } from './keep-checkpoints.ts';
import { askedOf, type LiveFeature, liveFeatures } from './live-features.ts';

export interface RoundDependencies {
  store: Store;
  repository: ConfigurationRepository;
  words: Words;
}

/**
 * Judges every live feature, or one, and acts: rolls back harmful features, writes back differences to the file, and
 * advances features that have soaked. With `dryRun` it only reports what it would do.
 */
export async function healthRound(
  deps: RoundDependencies,
  input: CheckInput,
  feature?: string,
): Promise<Round> {
  if (!input.dryRun) await deps.store.features.restartSoaks(input.actor);
  const { live, proposals } = await deps.store.reading(async (read) => ({
    live: await liveFeatures(read, feature),
    proposals: await mayHaveProposals(read, feature),
  }));
  const asked = live.map(askedOf);
  if (!input.dryRun) await keepWindows(deps.store, asked);
  const gathered = await gatherAll(deps.store, asked);
  const crossings = await recentCrossings(deps.store, live.length);
  const judged: Judged[] = [];
  for (const one of live) {
    input.keep?.();
    const found = gathered.get(one.standing.feature);
    judged.push({ live: one, result: await checkOne(deps, one, { ...input, crossings }, found) });
  }
  const results = judged.map(({ result }) => result);
  if (input.dryRun) return { results, written_back: [], quarantines: [], advanced: [] };
  input.keep?.();
  await keepCheckpoints(deps.store, live, gathered, input.environment);
  const written_back = await writeBackPending(deps);
  const quarantines = await writeBackQuarantines(deps);
  input.keep?.();
  const advanced = await advanceReady(deps, judged, proposals);
  return {
    results: results.map((result) => withStep(result, advanced)),
    written_back,
    quarantines,
    advanced,
  };
}

/**
 * Stores sums that later ticks would otherwise compute again from outcomes. Judging computes missing ones itself, so an
 * error here is found again there, feature by feature.
 */
async function keepWindows(store: Store, asked: readonly Asked[]): Promise<void> {
  try {
    await store.health.keepWindows(asked);
  } catch {
    // Without stored sums judging takes longer, but it still works.
  }
}

/** Adds the result of the feature's next step. */
function withStep(result: HealthResult, advanced: readonly Advanced[]): HealthResult {
  const step = advanced.find(({ feature }) => feature === result.feature);
  return step ? { ...result, action: step.action, note: step.note } : result;
}

/** Reads the rollbacks of the last ten minutes: too many at once are a storm. */
async function recentCrossings(store: Store, live: number): Promise<NonNullable<CheckInput['crossings']>> {
  const recent = await store.reading((read) => read.incidents.recentRollbacks(STORM_SECONDS));
  return { ...recent, live };
}

/** Checks one feature; a database error for it never keeps the others from being checked. */
async function checkOne(
  deps: RoundDependencies,
  live: LiveFeature,
  input: CheckInput,
  gathered: Gathered | undefined,
): Promise<HealthResult> {
  try {
    return await checkFeature(deps, live, input, gathered);
  } catch (error) {
    // Throws if the whole database is unreachable.
    await deps.store.reading((read) => read.state());
    return uncheckedFeature(live, error);
  }
}

/**
 * Did the round change the file? Then it must also reconcile, because a commit by the controller's own token starts no
 * workflow run.
 */
export function fileChanged({ written_back, quarantines, advanced }: Round): boolean {
  return (
    quarantines.some(({ state }) => state !== 'pending') ||
    written_back.some(({ state }) => state !== 'pending') ||
    advanced.some(({ action }) => action === 'advanced')
  );
}
