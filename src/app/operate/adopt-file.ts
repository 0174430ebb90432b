import type { Asked } from '../../domain/change/requested.ts';
import type { PlanResult, ReconcileResult } from '../../domain/plan/result.ts';
import { isWithin } from '../../domain/spec/at-most.ts';
import type { ConfigurationRepository } from '../ports/configuration-repository.ts';
import type { FileText } from '../reconcile/file/desired.ts';
import { fileDigest } from '../reconcile/file/plain-file-guard.ts';
import { planFile } from '../reconcile/plan.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import type { ChangeDependencies, ChangeOptions } from './change-file.ts';

export interface AdoptFileInput extends Pick<ChangeOptions, 'agree'> {
  file: FileText;
  reason: string;
  /** Digest of the content that a person reviewed; left out: the file's present content. */
  digest?: string | undefined;
}

export interface AdoptedOutcome {
  digest: string;
  /** The commit that continues to govern the database. */
  governed_by: string;
  /** Result of the reconcile; null: a person declined, and nothing was done. */
  reconciled: ReconcileResult | null;
}

/**
 * Applies the content of a file that is in no commit, once, when a person confirms it. The database stays governed by
 * its last commit, so the next reconcile from the repository applies that again; adopting settles or resumes no
 * incident.
 */
export async function adoptFile(deps: ChangeDependencies, input: AdoptFileInput): Promise<AdoptedOutcome> {
  const { reason, agree } = input;
  const file = { ...input.file, revision: null };
  const adopted = { digest: input.digest ?? fileDigest(file.content), reason };
  const planned = await planFile(deps, file, adopted);
  const governed_by = (await deps.store.reading((read) => read.governingRevision())) ?? '';
  const outcome = { digest: adopted.digest, governed_by };
  if (!planned.refused && raises(planned) && !(await agree(question(file, planned)))) {
    return { ...outcome, reconciled: null };
  }
  const reconciled = await reconcile(
    { ...deps, repository: holding(deps.repository, file) },
    { actor: deps.actor, allowRewind: false, revision: null, adopted },
  );
  return { ...outcome, reconciled };
}

/** Reads the file only once, so that exactly the confirmed content is applied. */
function holding(repository: ConfigurationRepository, file: FileText): ConfigurationRepository {
  const content = typeof file.content === 'string' ? Buffer.from(file.content) : file.content;
  const read = async () => ({ path: file.path, content, revision: null });
  return {
    ...repository,
    committed: false,
    readTip: read,
    read,
    settlement: async () => 'uncommitted',
  };
}

function raises({ changes, movements }: PlanResult): boolean {
  const rising = changes.some(
    ({ subject, subject_before, before, after, write }) =>
      write &&
      after &&
      !isWithin(
        { subject, exposure: after },
        { subject: subject_before ?? subject, exposure: before ?? { ...after, active: false } },
      ),
  );
  return rising || movements.some(({ entering }) => entering > 0);
}

function question({ path }: FileText, { changes }: PlanResult): Asked {
  const features = changes.filter(({ write }) => write).map(({ feature }) => feature);
  return { code: 'adopt_file', path, features };
}
