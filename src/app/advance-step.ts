import { editFeature } from '../config/edit.ts';
import type { Store } from '../store/store.ts';
import type { HealthResult, LiveFeature } from './check-health.ts';
import type { ConfigurationRepository } from './ports.ts';

export interface Advanced {
  feature: string;
  action: 'advanced' | 'proposed' | 'none';
  note: string | null;
}

/** The branch of a proposed next step, by which its pull request is found again. */
export function advanceBranch(feature: string): string {
  return `rollout/advance/${feature}`;
}

/**
 * Writes the next step of every feature whose gate is open into the file: a commit or a pull request, and
 * nothing else. Exposure rises only when reconcile finds it there. Where the gate closed again, our own
 * proposal is withdrawn.
 */
export async function advanceReady(
  deps: { store: Store; repository: ConfigurationRepository },
  judged: readonly { live: LiveFeature; result: HealthResult }[],
): Promise<Advanced[]> {
  const done: Advanced[] = [];
  for (const { live, result } of judged) {
    if (live.spec.advance === 'manual') continue;
    const advanced =
      result.action === 'would_advance'
        ? await propose(deps, live, result)
        : await withdraw(deps, live, result);
    if (!advanced) continue;
    await deps.store.noteAction(result.feature, advanced.action);
    done.push(advanced);
  }
  return done;
}

async function propose(
  { repository, store }: { store: Store; repository: ConfigurationRepository },
  { spec }: LiveFeature,
  { feature, advance }: HealthResult,
): Promise<Advanced> {
  const to = advance.next?.percentage;
  if (to === undefined) return { feature, action: 'none', note: null };
  const head = await store.reading((read) => read.historyHead());
  try {
    const outcome = await repository.change({
      edit: (text) => editFeature(text, feature, [{ kind: 'set', path: ['percentage'], value: to }]),
      via: spec.advance === 'pull_request' ? 'pull_request' : 'commit',
      branch: advanceBranch(feature),
      title: `Advance ${feature} to ${to} %`,
      body: `From ${spec.percentage} % to ${to} %: ${advance.reason}.`,
      trailers: [`Rollout-Feature: ${feature}`, `Rollout-History: ${head}`],
    });
    const action = outcome.state === 'proposed' || outcome.state === 'edited' ? 'proposed' : 'advanced';
    return { feature, action: outcome.state === 'unchanged' ? 'none' : action, note: `to ${to} %` };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { feature, action: 'none', note: `the file could not be changed: ${message}` };
  }
}

/** A proposal whose reason has gone must not be merged by somebody who did not look. */
async function withdraw(
  { repository }: { repository: ConfigurationRepository },
  { spec }: LiveFeature,
  { feature, advance }: HealthResult,
): Promise<null> {
  if (spec.advance !== 'pull_request') return null;
  await repository.withdraw(advanceBranch(feature), advance.reason).catch(() => undefined);
  return null;
}
