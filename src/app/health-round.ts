import type { Store } from '../store/store.ts';
import { type Advanced, advanceReady } from './advance-step.ts';
import { type CheckInput, checkFeature, type HealthResult, liveFeatures } from './check-health.ts';
import type { ConfigurationRepository } from './ports.ts';
import { type WrittenBack, writeBackPending } from './write-back.ts';

export interface Round {
  results: HealthResult[];
  written_back: WrittenBack[];
  advanced: Advanced[];
}

export interface RoundDependencies {
  store: Store;
  repository: ConfigurationRepository;
}

/**
 * Judges every live feature, or one, and acts: takes back what does harm, writes back what the file does not
 * say yet, and goes on with what has soaked. With `dryRun` it only says what it would do.
 */
export async function healthRound(
  deps: RoundDependencies,
  input: CheckInput,
  feature?: string,
): Promise<Round> {
  const live = await deps.store.reading((read) => liveFeatures(read, feature));
  const judged = [];
  for (const one of live) judged.push({ live: one, result: await checkFeature(deps.store, one, input) });
  const round: Round = { results: judged.map(({ result }) => result), written_back: [], advanced: [] };
  if (input.dryRun) return round;
  round.written_back = await writeBackPending(deps);
  round.advanced = await advanceReady(deps, judged);
  for (const { feature, action, note } of round.advanced) {
    const result = round.results.find((one) => one.feature === feature);
    if (result) Object.assign(result, { action, note });
  }
  return round;
}
