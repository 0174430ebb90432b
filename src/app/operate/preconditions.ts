import { isOff } from '../../domain/spec/at-most.ts';
import type { Incident } from '../../domain/spec/incident.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import { utf8 } from '../../lib/utf8.ts';
import type { Store } from '../../store/store.ts';
import type { ChangeVia } from '../ports/configuration-repository.ts';
import { type PlanDependencies, planFile } from '../reconcile/plan.ts';

/** An intended edit of the file. */
interface Intended {
  features: readonly string[];
  raises: boolean;
  via: ChangeVia;
  /** Returns the new text. Throws `RolloutError` if this text cannot be edited. */
  edit: (text: string) => string;
}

/** Returns the open incident that holds a feature, if there is one. */
export async function holdOf(store: Store, feature: string): Promise<Incident | null> {
  const incidents = await store.reading((read) => read.incidents.current());
  return incidents.find((one) => one.feature === feature && one.state === 'open') ?? null;
}

/** Throws `held` while an incident is open: `resume` is the command to continue after one. */
export async function refuseHeld(store: Store, feature: string): Promise<void> {
  const hold = await holdOf(store, feature);
  if (hold) throw askForResume(feature, `is held by incident ${hold.id}: ${hold.reason}`);
}

/**
 * Throws `held` if an edit of a plain file would have no effect: it exceeds a settled incident, and no commit shows
 * that a person raised the feature since. In a repository the commit shows it.
 */
export async function refuseUnshown(
  deps: PlanDependencies,
  { features, raises, edit }: Omit<Intended, 'via'>,
): Promise<void> {
  if (!raises || deps.repository.committed) return;
  const { path, content, revision } = await deps.repository.read('file');
  const { changes } = await planFile(deps, { path, content: edit(utf8(content, path)), revision });
  const held = changes.find(({ feature, action }) => features.includes(feature) && action === 'held');
  if (!held) return;
  throw new RolloutError('held', `nothing was changed, because ${held.feature} would then be held`, {
    hint: `to raise it above incident ${held.incident}, run: rollout resume ${held.feature} --percentage N --reason "..."`,
  });
}

/**
 * Throws `held` if the present policy would refuse the raise once it is in the file, so that no ineffective commit is
 * made. Proposals are checked by their own check.
 */
export async function refuseAgainstPolicy(
  deps: PlanDependencies,
  { features, raises, via, edit }: Intended,
): Promise<void> {
  if (!raises || via === 'pull_request') return;
  if ((await deps.store.reading((read) => read.state())).policy === null) return;
  const { path, content, revision } = await deps.repository.read(via);
  const { changes } = await planFile(deps, { path, content: edit(utf8(content, path)), revision });
  for (const { feature, reason } of changes) {
    if (reason.code !== 'policy' || !features.includes(feature)) continue;
    const found = reason.breaches.map((breach) => deps.words.breach(breach)).join('; ');
    throw new RolloutError('held', `nothing was changed, since the policy would refuse it: ${found}`, {
      hint: `raise ${feature} by less, or change policy in a commit of its own first`,
    });
  }
}

/** Throws `held` for a feature that is off in the file: a percentage would have no effect. */
export function refuseOff(feature: string, spec: Spec): void {
  if (!isOff(spec)) return;
  throw askForResume(feature, spec.emergency_stop ? 'is stopped in the file' : 'is inactive in the file');
}

function askForResume(feature: string, why: string): RolloutError {
  return new RolloutError('held', `${feature} ${why}`, {
    hint: `to switch it on again, run: rollout resume ${feature} --percentage N --reason "..."`,
  });
}
