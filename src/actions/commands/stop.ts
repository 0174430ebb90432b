import { stop } from '../../app/operate/stop.ts';
import { openForActionStop } from '../../compose/action.ts';
import { noRepository } from '../../compose/environment/no-repository.ts';
import { RolloutError } from '../../errors.ts';
import { words } from '../../report/kept.ts';
import { codeMarkdown, escapeMarkdown } from '../../report/markdown/escape-markdown.ts';
import { stopTexts } from '../../report/words/outcome-words.ts';
import { type Inputs, reasonOf, requireDatabase } from '../runner/inputs.ts';
import { type ActionEntry, type Annotation, EXIT } from '../runner/session.ts';

/** Stops a feature, or everything, using only the database: no file, and no other network connection. */
export const run: ActionEntry = async ({ inputs, context, log }) => {
  const reason = reasonOf(inputs, 'stop');
  const feature = whichFeature(inputs);
  const { store, close } = await openForActionStop(requireDatabase(inputs));
  try {
    // The job has no rights on the repository, so the next health run opens the issue.
    const deps = { store, actor: context.actor, repository: noRepository(), words, tracker: null };
    const { result } = await stop(deps, { feature, reason, onWait: log });
    const { stopped, already_off } = result;
    const lines = stopTexts({ feature, stopped, already_off });
    for (const line of lines) log(line);
    // The stop stays in force even if the rest cannot be reported.
    const incidents = await store.reading((read) => read.incidents.current()).catch(() => []);
    const own = incidents.filter(({ feature, state }) => state === 'open' && stopped.includes(feature));
    return {
      exit: EXIT.ok,
      needsPerson: null,
      annotations: lines.map((message): Annotation => ({ severity: 'warning', title: 'Stopped', message })),
      summary: summaryOf(feature, stopped, already_off, reason),
      outputs: { changed: stopped.length > 0, incident: own.map(({ id }) => id).join(',') },
    };
  } finally {
    await close();
  }
};

/**
 * Returns the feature to stop; null: everything. Neither an empty form nor one with both fields may stop everything by
 * mistake.
 */
function whichFeature({ feature, all }: Inputs): string | null {
  if (all !== (feature !== null)) return feature;
  throw new RolloutError('usage', all ? 'a feature and all cannot be combined' : 'stop needs a feature', {
    hint: 'set the input feature, or all for everything',
  });
}

function summaryOf(feature: string | null, stopped: string[], alreadyOff: string[], reason: string): string {
  const rows = [
    ...stopped.map((name) => `| ${codeMarkdown(name)} | stopped |`),
    ...alreadyOff.map((name) => `| ${codeMarkdown(name)} | was stopped already |`),
  ];
  return [
    `## :octagonal_sign: ${feature === null ? 'Everything is stopped' : 'Stopped'}`,
    '',
    `Reason: ${escapeMarkdown(reason)}`,
    '',
    ...(rows.length > 0 ? ['| feature | |', '| --- | --- |', ...rows, ''] : []),
    'It is in effect in the database now. The next run of the health workflow writes it into the file; until a person',
    `resumes it nothing raises it again: start the workflow **operate** with \`resume\`${feature === null ? ' and *all*' : ''}.`,
    '',
  ].join('\n');
}
