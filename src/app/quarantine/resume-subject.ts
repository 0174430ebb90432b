import type { ChangeOutcome } from '../../domain/change/outcome.ts';
import { calledBy, type Quarantined } from '../../domain/quarantine/quarantine.ts';
import { foldName, type Resolved } from '../../domain/spec/resolve.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';
import type { Store } from '../../store/store.ts';
import { quarantineBranch } from '../incidents/quarantine-write-back.ts';
import type { ChangeDependencies, ChangeOptions } from '../operate/change-file.ts';
import { specIn, textToChange } from '../operate/file-text.ts';
import { changeList } from '../operate/lists.ts';
import { requireFeature } from '../registry/known-feature.ts';

export interface ResumeSubjectInput extends ChangeOptions {
  feature: string;
  /** Id or name of the subject. */
  subject: string;
  reason: string;
}

/** A subject that left quarantine. */
export interface SubjectResumed {
  feature: string;
  /** Display name of the subject. */
  subject: string;
  /** False: a person declined, and nothing was done. */
  released: boolean;
  /** Change of the file's blacklist; null: the file does not blacklist it. */
  change: ChangeOutcome | null;
}

/**
 * Releases a subject from quarantine and removes it from the file's blacklist. It is in again as soon as the applied
 * file admits it, so after the merge if the file is changed by a pull request. Throws `usage` for a subject that is not
 * in quarantine.
 */
export async function resumeSubject(
  deps: ChangeDependencies,
  input: ResumeSubjectInput,
): Promise<SubjectResumed> {
  const { feature, reason } = input;
  const { inside, resolved } = await whoIsMeant(deps.store, input);
  const subject = calledBy(inside);
  const spec = specIn(await textToChange(deps.repository, input.via), feature);
  const entries = entriesOf(spec, resolved, inside);
  if (entries.length === 0) {
    const requested = {
      code: 'list',
      list: 'blacklist',
      action: 'remove',
      feature,
      entries: [subject],
    } as const;
    if (!(await input.agree(requested))) return { feature, subject, released: false, change: null };
    await letGo(deps, inside, reason);
    return { feature, subject, released: true, change: null };
  }
  const change = await changeList(deps, { ...input, list: 'blacklist', action: 'remove', entries });
  if (change.file === null) return { feature, subject, released: false, change };
  await letGo(deps, inside, reason);
  return { feature, subject, released: true, change };
}

async function whoIsMeant(
  store: Store,
  { feature, subject }: ResumeSubjectInput,
): Promise<{ inside: Quarantined; resolved: Resolved }> {
  const { all, row } = await store.reading(async (read) => {
    await requireFeature(read, feature);
    return {
      all: await read.incidents.quarantined(feature),
      row: (await read.features.actual(feature)).get(feature),
    };
  });
  const inside = all.find(
    (one) => one.subject === subject || (one.name !== null && foldName(one.name) === foldName(subject)),
  );
  if (inside) return { inside, resolved: row?.resolved ?? {} };
  throw new RolloutError('usage', `${quoted(subject)} is not in quarantine of ${feature}`, {
    hint:
      all.length === 0
        ? 'nobody is; see: rollout status'
        : `in quarantine are: ${all.map(calledBy).join(', ')}`,
  });
}

/** Returns the entries of the file's blacklist that match this subject. */
function entriesOf(
  { blacklist }: Pick<Spec, 'blacklist'>,
  resolved: Resolved,
  { subject, name }: Pick<Quarantined, 'subject' | 'name'>,
): string[] {
  return blacklist.filter(
    (entry) =>
      (resolved[entry] ?? entry) === subject || (name !== null && foldName(entry) === foldName(name)),
  );
}

/** Withdraws the controller's obsolete proposal to blacklist the subject; others that it names are proposed again. */
async function letGo(
  { store, repository, actor }: ChangeDependencies,
  { feature, subject, write_back }: Quarantined,
  reason: string,
): Promise<void> {
  await store.incidents.release({ feature, subjects: [subject], reason, actor });
  if (write_back !== 'proposed') return;
  const { environment } = await store.reading((read) => read.state());
  await repository
    .withdraw(quarantineBranch(environment, feature), `resumed: ${reason}`)
    .catch(() => undefined);
}
