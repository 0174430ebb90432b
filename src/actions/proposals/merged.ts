import { outcomeKey, withOutcome } from '../../app/incidents/merged-outcome.ts';
import type { MergedPull } from '../../app/ports/pull-requests.ts';
import { UNNAMED } from '../../app/proposal-branch.ts';
import type { ReconcileResult } from '../../domain/plan/result.ts';
import { errorText } from '../../lib/error-text.ts';
import { notReconciledMarkdown, outcomeMarkdown } from '../../report/markdown/outcome-markdown.ts';
import type { Opened } from '../runner/open.ts';
import type { Annotation, Session } from '../runner/session.ts';

/** State of the database before a reconcile. */
export interface BeforeReconcile {
  /** The last applied commit; null: none was applied, or not completely. */
  revision: string | null;
  environment: string | null;
}

export async function beforeReconcile({ store }: Opened): Promise<BeforeReconcile> {
  const { revision, reconciled_at, environment } = await store.reading((read) => read.state());
  return {
    revision: reconciled_at === null ? null : revision,
    environment: environment === UNNAMED ? null : environment,
  };
}

/**
 * Comments the outcome on pull requests that were merged since the last reconcile: one comment each, edited if it is
 * reconciled again. A pull request that does not change the file gets none. Failures are only reported: applied changes
 * stay.
 */
export async function tellOutcome(
  session: Session,
  opened: Opened,
  before: BeforeReconcile,
  done: ReconcileResult | { revision: string | null; refused: string },
): Promise<Annotation[]> {
  const { revision } = done;
  // A run that finds its commit already applied, such as a manual one, has nothing new to report.
  const isNew = revision !== null && revision !== before.revision;
  if (!isNew || session.inputs.comment === 'never') return [];
  try {
    const { environment } = before;
    const text =
      'changes' in done
        ? outcomeMarkdown(done, environment)
        : notReconciledMarkdown(done.refused, environment);
    for (const pull of await opened.github.mergedBetween(before.revision, revision)) {
      const only_edit = !(await changesFile(opened, pull, before));
      await opened.comments.put(pull.number, {
        ...{ key: outcomeKey(environment), body: withOutcome(text), only_edit },
      });
    }
    return [];
  } catch (error) {
    const message = `the outcome was not posted on the merged pull request: ${errorText(error)}`;
    return [{ severity: 'warning', title: 'No comment', message }];
  }
}

async function changesFile(
  { github }: Opened,
  { commit, parent }: MergedPull,
  before: BeforeReconcile,
): Promise<boolean> {
  const from = parent ?? before.revision;
  const [was, is] = [from === null ? null : await github.fileAt(from), await github.fileAt(commit)];
  return was === null || is === null ? was !== is : Buffer.compare(was, is) !== 0;
}
