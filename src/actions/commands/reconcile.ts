import { migrateForAction } from '../../compose/action.ts';
import type { ReconcileResult } from '../../domain/plan/result.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { planMarkdown } from '../../report/markdown/plan-markdown.ts';
import { styleOf } from '../../report/style/style.ts';
import { planText } from '../../report/text/plan-text.ts';
import { reconcileExit, wouldChange } from '../../report/words/exits.ts';
import { adoptedText } from '../../report/words/outcome-words.ts';
import { planJson, totalsOf } from '../../report/words/plan-model.ts';
import { type BeforeReconcile, beforeReconcile, tellOutcome } from '../proposals/merged.ts';
import { refreshPlans } from '../proposals/refresh.ts';
import { requireDatabase } from '../runner/inputs.ts';
import { mayNameSubjects, withoutNames } from '../runner/names.ts';
import { type Opened, openWriting } from '../runner/open.ts';
import type { ActionEntry, Session } from '../runner/session.ts';
import { deployed } from './afterwards.ts';
import { mergedBy } from './merged-by.ts';
import { planAnnotations, planChart } from './plan-lines.ts';

/** Applies the file at the tip of the default branch to the database. */
export const run: ActionEntry = async (session) => {
  const { inputs, context, log } = session;
  if (inputs.migrate) {
    for (const name of await migrateForAction(requireDatabase(inputs), log)) log(`migrated: ${name}`);
  }
  const opened = await openWriting(session);
  try {
    const before = await beforeReconcile(opened);
    const { reconcile } = await import('../../app/reconcile/reconcile.ts');
    const done = await reconcile(opened, {
      actor: opened.actor,
      allowRewind: inputs.allowRewind,
      revision: null,
      metadata: mergedBy(opened.github, context),
    }).catch(async (error: unknown) => {
      for (const { message } of await tellRefused(session, opened, before, error)) log(message);
      throw error;
    });
    const result = withoutNames(done, mayNameSubjects(inputs, context));
    log(planText(styleOf(false), result, inputs.file, true));
    return {
      exit: reconcileExit(result),
      needsPerson: await triesToRaise(session, opened, result),
      annotations: [
        ...planAnnotations(result, inputs.file),
        ...(await deployed(opened)),
        ...(await tellOutcome(session, opened, before, result)),
        ...(await refreshPlans(session, opened)),
      ],
      summary: summaryOf(result),
      outputs: { changed: wouldChange(result), plan: planJson(result) },
    };
  } finally {
    await opened.close();
  }
};

/** Reports a file that reconcile refuses as a whole on the pull request of its merge. */
async function tellRefused(session: Session, opened: Opened, before: BeforeReconcile, error: unknown) {
  if (!(error instanceof RolloutError) || error.code.startsWith('database_')) return [];
  const refused = error.hint ? `${error.message}; ${error.hint}` : error.message;
  return tellOutcome(session, opened, before, { revision: session.context.sha, refused });
}

/** The job fails for the push that asks for a held change, not for later pushes about something else. */
async function triesToRaise(
  { context }: Session,
  { github }: Opened,
  { changes, revision }: ReconcileResult,
): Promise<string | null> {
  const held = changes.filter(({ action }) => action === 'held').map(({ feature }) => feature);
  if (held.length === 0 || context.event !== 'push' || revision === null) return null;
  const { raisedBetween } = await import('../../app/operate/raised-between.ts');
  try {
    const before = context.before === null ? null : await github.fileAt(context.before);
    const raised = raisedBetween(before, await github.fileAt(revision), held);
    if (raised.length === 0) return null;
    return `this push raises held features: ${raised.join(', ')}. None of it is live; resume it first, or remove the raise from the file`;
  } catch (error) {
    // The reconcile is reported nevertheless. A force-push leaves a commit behind that GitHub may no longer have.
    const why = errorText(error);
    return `it is not known whether this push raises held features (${held.join(', ')}): ${why}. None of it is live`;
  }
}

function summaryOf(result: ReconcileResult): string {
  const { changes, held, refused } = totalsOf(result);
  const title = changes + held + refused === 0 ? 'Nothing to do' : 'Reconciled';
  const adopted = result.adopted.length > 0 ? `\n${adoptedText(result.adopted)}\n` : '';
  return `### ${title}\n\n${planMarkdown(result)}${adopted}\n${planChart(result)}`;
}
