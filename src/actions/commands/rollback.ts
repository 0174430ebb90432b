import type { RollbackOutcome } from '../../app/operate/rollback.ts';
import { escapeMarkdown } from '../../report/markdown/escape-markdown.ts';
import { planMarkdown } from '../../report/markdown/plan-markdown.ts';
import { planJson } from '../../report/words/plan-model.ts';
import { counted } from '../../report/words/words.ts';
import { requireFeature, requireReason } from '../runner/inputs.ts';
import { mayNameSubjects, withoutNames } from '../runner/names.ts';
import { openTakingAway } from '../runner/open.ts';
import { type ActionEntry, type Annotation, EXIT } from '../runner/session.ts';
import { afterwards } from './afterwards.ts';
import { planAnnotations } from './plan-lines.ts';

/** Rolls back a feature by hand: in the database at once, then in the file. */
export const run: ActionEntry = async (session) => {
  const { inputs, context, log } = session;
  const [feature, reason] = [requireFeature(inputs), requireReason(inputs)];
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

/** A feature that is off and admits somebody comes before a file that does not say so yet. */
function needsPerson({ feature, incident, to, eligible, written_back }: RollbackOutcome): string | null {
  if (incident !== null && to === null && eligible) {
    return `the database still admits ${counted(eligible, 'subject')}: stop ${feature}`;
  }
  return written_back?.error ? `the file does not say so yet: ${written_back.error}` : null;
}

function linesOf({ feature, incident, because, from, to, pending }: RollbackOutcome): Annotation[] {
  if (incident === null) {
    return [{ severity: 'warning', message: `${feature}: nothing was taken away, because ${because}` }];
  }
  const now = to === null ? 'off for everyone' : `at ${to}%`;
  const lines: Annotation[] = [
    {
      severity: 'warning',
      message: `${feature} is rolled back from ${from}%, and now ${now} (incident ${incident})`,
    },
  ];
  if (pending) lines.push({ severity: 'notice', message: `the file does not say so yet: ${pending}` });
  return lines;
}
