import type { ChangeOptions } from '../../app/operate/change-file.ts';
import type { ChangeOutcome } from '../../domain/change/outcome.ts';
import { RolloutError } from '../../errors.ts';
import { changeJson } from '../../report/json/change-json.ts';
import { escapeMarkdown } from '../../report/markdown/escape-markdown.ts';
import { planMarkdown } from '../../report/markdown/plan-markdown.ts';
import { changeExit, EXIT, type Exit } from '../../report/words/exits.ts';
import { fileText, obstacleText } from '../../report/words/outcome-words.ts';
import { planJson } from '../../report/words/plan-model.ts';
import { titleText } from '../../report/words/request-words.ts';
import type { Inputs } from '../runner/inputs.ts';
import { mayNameSubjects, withoutNames } from '../runner/names.ts';
import { type Opened, openWriting } from '../runner/open.ts';
import type { Annotation, Outcome, Session } from '../runner/session.ts';
import { afterwards } from './afterwards.ts';
import { planAnnotations } from './plan-lines.ts';

/** Starting the workflow by its form confirms the values in the form. */
export function changeOptions({ via, reason }: Inputs): ChangeOptions {
  return { via: via ?? undefined, reason: reason ?? undefined, agree: async () => true };
}

/**
 * Opens the dependencies of a change of the file, makes the change, and reports it; a hold by an incident is not an
 * error.
 */
export async function changing<O extends ChangeOutcome>(
  session: Session,
  change: (opened: Opened) => Promise<O>,
  ended: (outcome: O) => Ended = (outcome) => ({ exit: changeExit(outcome), done: [], held: [] }),
): Promise<Outcome> {
  const opened = await openWriting(session);
  try {
    const outcome = await change(opened);
    return await reported(session, opened, outcome, ended(outcome));
  } catch (error) {
    if (!(error instanceof RolloutError) || error.code !== 'held') throw error;
    const message = [error.message, error.hint].filter(Boolean).join('; next: ');
    return {
      exit: EXIT.held,
      needsPerson: message,
      annotations: [],
      summary: `${escapeMarkdown(message)}\n`,
      outputs: { changed: false },
    };
  } finally {
    await opened.close();
  }
}

/** Result of a change, and its effects besides the file, one sentence each. */
export interface Ended {
  exit: Exit;
  done: string[];
  /** Requested changes that were not made. */
  held: string[];
}

async function reported(
  session: Session,
  opened: Opened,
  outcome: ChangeOutcome,
  { exit, done, held }: Ended,
): Promise<Outcome> {
  const { inputs, context, log } = session;
  const { file, obstacle } = outcome;
  const reconciled = outcome.reconciled && withoutNames(outcome.reconciled, mayNameSubjects(inputs, context));
  const title = titleText(outcome.requested);
  const notLive = obstacle && obstacleText(obstacle);
  // If no file was changed, the report names the other effect.
  const what = file ? fileText(file, inputs.file) : (notLive ?? 'nothing was changed');
  const happened = [...(file === null && done.length > 0 ? [] : [what]), ...done].join('; ');
  const sentence = `${title}: ${happened}`;
  for (const line of [sentence, ...held]) log(line);
  const waits = file?.state === 'proposed' || file?.state === 'needs_person';
  const lines: Annotation[] = [{ severity: 'notice', message: sentence }];
  if (notLive !== null && !waits) lines.push({ severity: 'warning', title: 'Not live', message: notLive });
  lines.push(...held.map((message): Annotation => ({ severity: 'warning', title: 'Held', message })));
  return {
    exit,
    needsPerson: file?.state === 'needs_person' ? (notLive ?? file.why) : null,
    annotations: [
      ...lines,
      ...(reconciled ? planAnnotations(reconciled, inputs.file) : []),
      ...(await afterwards(opened)),
    ],
    summary: [
      `### ${escapeMarkdown(title)}`,
      '',
      `${escapeMarkdown(happened)}${notLive === null ? '' : `. Not live: ${escapeMarkdown(notLive)}`}`,
      '',
      ...held.map((message) => `- ${escapeMarkdown(message)}`),
      '',
      reconciled ? planMarkdown(reconciled) : '',
    ].join('\n'),
    outputs: {
      changed: file?.state === 'committed' || waits || done.length > 0,
      commit: file?.state === 'committed' ? file.commit : '',
      pull_request: file?.state === 'proposed' ? String(file.pull_request ?? '') : '',
      result: changeJson({ ...outcome, reconciled }),
      ...(reconciled ? { plan: planJson(reconciled) } : {}),
    },
  };
}
