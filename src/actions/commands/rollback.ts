import type { RollbackOutcome } from '../../domain/change/outcome.ts';
import { escapeMarkdown } from '../../report/markdown/escape-markdown.ts';
import { planMarkdown } from '../../report/markdown/plan-markdown.ts';
import { pendingText, rolledBackSentence, stillAdmittedText } from '../../report/words/outcome-words.ts';
import { planJson } from '../../report/words/plan-model.ts';
import { reasonOf, requireFeature } from '../runner/inputs.ts';
import { mayNameSubjects, withoutNames } from '../runner/names.ts';
import { openTakingAway } from '../runner/open.ts';
import { type ActionEntry, type Annotation, EXIT } from '../runner/session.ts';
import { afterwards } from './afterwards.ts';
import { planAnnotations } from './plan-lines.ts';

/** Rolls back a feature manually: in the database at once, then in the file. */
export const run: ActionEntry = async (session) => {
  const { inputs, context, log } = session;
  const [feature, reason] = [requireFeature(inputs), reasonOf(inputs, 'rollback')];
  const opened = await openTakingAway(session);
  try {
    const { rollBack } = await import('../../app/operate/rollback.ts');
    const done = await rollBack(opened, {
      feature,
      to: inputs.percentage,
      reason,
      via: inputs.via ?? undefined,
    });
    const lines = linesOf(done);
    for (const { message } of lines) log(message);
    const reconciled = done.reconciled && withoutNames(done.reconciled, mayNameSubjects(inputs, context));
    return {
      exit: EXIT.ok,
      needsPerson: needsPerson(done),
      annotations: [
        ...lines,
        ...(reconciled ? planAnnotations(reconciled, inputs.file) : []),
        ...(await afterwards(opened)),
      ],
      summary: [
        `### Rollback of ${escapeMarkdown(feature)}`,
        '',
        ...lines.map(({ message }) => `- ${escapeMarkdown(message)}`),
        `- reason: ${escapeMarkdown(reason)}`,
        '',
        reconciled ? planMarkdown(reconciled) : '',
      ].join('\n'),
      outputs: {
        changed: done.incident !== null,
        incident: done.incident ?? '',
        commit: done.written_back?.commit ?? '',
        pull_request: String(done.written_back?.pull_request ?? ''),
        ...(reconciled ? { plan: planJson(reconciled) } : {}),
      },
    };
  } finally {
    await opened.close();
  }
};

/** A feature that is off and still admits somebody is reported before a file that does not reflect the rollback yet. */
function needsPerson(outcome: RollbackOutcome): string | null {
  const { pending, written_back } = outcome;
  return stillAdmittedText(outcome) ?? (written_back?.error && pending ? pendingText(pending) : null);
}

function linesOf(outcome: RollbackOutcome): Annotation[] {
  const { incident, pending } = outcome;
  const lines: Annotation[] = [{ severity: 'warning', message: rolledBackSentence(outcome) }];
  if (incident !== null && pending) lines.push({ severity: 'notice', message: pendingText(pending) });
  return lines;
}
