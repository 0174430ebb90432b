import type { ChangeOptions, ChangeOutcome } from '../../app/operate/change-file.ts';
import { RolloutError } from '../../errors.ts';
import { escapeMarkdown } from '../../report/markdown/escape-markdown.ts';
import { planMarkdown } from '../../report/markdown/plan-markdown.ts';
import { planJson } from '../../report/words/plan-model.ts';
import type { Inputs } from '../runner/inputs.ts';
import { mayNameSubjects, withoutNames } from '../runner/names.ts';
import { type Opened, openWriting } from '../runner/open.ts';
import { type Annotation, EXIT, type Outcome, type Session } from '../runner/session.ts';
import { afterwards } from './afterwards.ts';
import { planAnnotations } from './plan-lines.ts';

/** Whoever starts the workflow by its form has agreed to what the form says. */
export function changeOptions({ via, reason }: Inputs): ChangeOptions {
  return { via: via ?? undefined, reason: reason ?? undefined, agree: async () => true };
}

/** What came of a change beside the file, a sentence each. */
export interface Besides {
  done: string[];
  /** What stays as it was although it was asked for. */
  held: string[];
}

const NOTHING: Besides = { done: [], held: [] };

/** Opens what a change of the file needs, makes it, and tells of it; what an incident holds is no error of the machine. */
export async function changing<O extends ChangeOutcome>(
  session: Session,
  change: (opened: Opened) => Promise<O>,
  besides: (outcome: O) => Besides = () => NOTHING,
): Promise<Outcome> {
  const opened = await openWriting(session);
  try {
    const outcome = await change(opened);
    return await toldOf(session, opened, outcome, besides(outcome));
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

async function toldOf(
  session: Session,
  opened: Opened,
  outcome: ChangeOutcome,
  { done, held }: Besides,
): Promise<Outcome> {
  const { inputs, context, log } = session;
  const { file, not_live } = outcome;
  const reconciled = outcome.reconciled && withoutNames(outcome.reconciled, mayNameSubjects(inputs, context));
  // Where no file had to be changed, what was done instead is what happened.
  const happened = [...(file === null && done.length > 0 ? [] : [whatHappened(outcome)]), ...done].join('; ');
  const sentence = `${outcome.title}: ${happened}`;
  for (const line of [sentence, ...held]) log(line);
  const waits = file?.state === 'proposed' || file?.state === 'needs_person';
  const lines: Annotation[] = [{ severity: 'notice', message: sentence }];
  if (not_live !== null && !waits) lines.push({ severity: 'warning', title: 'Not live', message: not_live });
  lines.push(...held.map((message): Annotation => ({ severity: 'warning', title: 'Held', message })));
  const nothing = file === null && done.length === 0;
  return {
    exit: nothing || held.length > 0 || (not_live !== null && !waits) ? EXIT.held : EXIT.ok,
    needsPerson: file?.state === 'needs_person' ? (not_live ?? file.why) : null,
    annotations: [
      ...lines,
      ...(reconciled ? planAnnotations(reconciled, inputs.file) : []),
      ...(await afterwards(opened)),
    ],
    summary: [
      `### ${escapeMarkdown(outcome.title)}`,
      '',
      `${escapeMarkdown(happened)}${not_live === null ? '' : `. Not live: ${escapeMarkdown(not_live)}`}`,
      '',
      ...held.map((message) => `- ${escapeMarkdown(message)}`),
      '',
      reconciled ? planMarkdown(reconciled) : '',
    ].join('\n'),
    outputs: {
      changed: file?.state === 'committed' || waits || done.length > 0,
      commit: file?.state === 'committed' ? file.commit : '',
      pull_request: file?.state === 'proposed' ? String(file.pull_request ?? '') : '',
      ...(reconciled ? { plan: planJson(reconciled) } : {}),
    },
  };
}

function whatHappened({ file, not_live }: ChangeOutcome): string {
  switch (file?.state) {
    case 'committed':
      return `committed as ${file.commit.slice(0, 10)}`;
    case 'proposed':
      return file.pull_request === null ? `proposed on ${file.branch}` : `proposed in #${file.pull_request}`;
    case 'unchanged':
      return 'the file says so already';
    case 'edited':
      return 'the file was edited';
    case 'needs_person':
      return `waits on ${file.branch}, for a person to open the pull request: ${file.compare}`;
    default:
      return not_live ?? 'nothing was changed';
  }
}
