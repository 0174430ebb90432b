import { changeList, cleanEntries, type ListedEntry, showList } from '../../app/operate/lists.ts';
import type { ListName } from '../../domain/change/requested.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import { unmatchedText } from '../../report/words/outcome-words.ts';
import {
  type ChangingOptions,
  changeOptions,
  orHeld,
  raisingOptions,
  reportChange,
} from '../terminal/changing.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

/** `whitelist` and `blacklist` differ in their name only. */
export function defineList(
  list: ListName,
  ...[command, terminal, end]: Parameters<DefineCommand<[action: string, feature: string, entries: string[]]>>
): void {
  const example = `rollout ${list} add new_checkout octocat/hello-world`;
  run(raisingOptions(command), end, example, (options, action, feature, entries) => {
    if (action === 'show') return show(terminal, options, feature, list);
    if (action !== 'add' && action !== 'remove') throw unknownAction(list, action);
    // Before a database is opened for it.
    cleanEntries(entries, `rollout ${list} ${action} ${feature} octocat/hello-world`);
    return orHeld(terminal, options, () =>
      withController(terminal, options, async (controller) => {
        const how = changeOptions(terminal, options);
        const outcome = await changeList(controller, { list, action, feature, entries, ...how });
        tellUnmatched(terminal, outcome.unmatched);
        return reportChange(terminal, options, outcome, { feature, list, unmatched: outcome.unmatched });
      }),
    );
  });
}

export function tellUnmatched(terminal: Terminal, unmatched: readonly string[]): void {
  if (unmatched.length === 0) return;
  terminal.note(terminal.style.warn(unmatchedText('subject', unmatched)));
}

function show(
  terminal: Terminal,
  options: ChangingOptions,
  feature: string,
  list: ListName,
): Promise<number> {
  return withController(terminal, options, async ({ store }) => {
    const entries = await showList(store, feature, list);
    if (options.json) terminal.json({ feature, list, entries });
    else tellEntries(terminal, feature, list, entries);
    return EXIT.ok;
  });
}

/** A list as it is live, for a terminal. */
export function tellEntries(
  terminal: Terminal,
  feature: string,
  list: ListName,
  entries: readonly ListedEntry[],
): void {
  if (entries.length === 0) terminal.say(`the ${list} of ${feature} is empty`);
  for (const { entry, id } of entries) {
    const which = id === entry ? '' : id === null ? '  (no subject has that name)' : `  ${harmless(id)}`;
    terminal.say(`${harmless(entry)}${terminal.style.dim(which)}`);
  }
}

function unknownAction(list: ListName, action: string): RolloutError {
  return new RolloutError('usage', `rollout ${list} does not know "${harmless(action)}"`, {
    hint: `rollout ${list} add, remove or show FEATURE ...`,
  });
}
