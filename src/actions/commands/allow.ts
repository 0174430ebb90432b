import { planMarkdown } from '../../report/markdown/plan-markdown.ts';
import { styleOf } from '../../report/style/style.ts';
import { planText } from '../../report/text/plan-text.ts';
import { reconcileExit, wouldChange } from '../../report/words/exits.ts';
import { planJson } from '../../report/words/plan-model.ts';
import { reasonOf, requireFeature } from '../runner/inputs.ts';
import { mayNameSubjects, withoutNames } from '../runner/names.ts';
import { openWriting } from '../runner/open.ts';
import type { ActionEntry } from '../runner/session.ts';
import { afterwards } from './afterwards.ts';
import { planAnnotations } from './plan-lines.ts';

/**
 * Allows one committed entry that the policy refused. Needs no pull request: the entry is already on the default
 * branch, and starting the workflow by its form is the confirmation.
 */
export const run: ActionEntry = async (session) => {
  const { inputs, context, log } = session;
  const feature = requireFeature(inputs);
  const reason = reasonOf(inputs, 'allow');
  const opened = await openWriting(session);
  try {
    const { allowRefused } = await import('../../app/reconcile/allow.ts');
    const done = await allowRefused(opened, { feature, reason });
    const result = withoutNames(done, mayNameSubjects(inputs, context));
    log(planText(styleOf(false), result, inputs.file, true));
    return {
      exit: reconcileExit(result),
      needsPerson: null,
      annotations: [...planAnnotations(result, inputs.file), ...(await afterwards(opened))],
      summary: `### Allowed\n\n${planMarkdown(result)}`,
      outputs: { changed: wouldChange(result), plan: planJson(result) },
    };
  } finally {
    await opened.close();
  }
};
