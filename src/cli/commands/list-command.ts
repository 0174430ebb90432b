import { changeList, cleanEntries, type ListedEntry, showList } from '../../app/operate/lists.ts';
import type { ListName } from '../../domain/change/requested.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import type { Style } from '../../report/style/style.ts';
import type { Line } from '../../report/text/outcomes/outcome-text.ts';
import { unmatchedLines } from '../../report/text/outcomes/registry-text.ts';
import { answer, print } from '../terminal/answer.ts';
import {
  type ChangingOptions,
  changeOptions,
  orHeld,
  raisingOptions,
  reportChange,
} from '../terminal/changing.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

/** `whitelist` and `blacklist` differ only in their name. */
export function defineList(
  list: ListName,
  ...[command, terminal, end]: Parameters<DefineCommand<[action: string, feature: string, entries: string[]]>>
): void {
  const example = `rollout ${list} add new_checkout octocat/hello-world`;
  run(raisingOptions(command), end, example, (options, action, feature, entries) => {
    if (action === 'show') return show(terminal, options, feature, list);
    if (action !== 'add' && action !== 'remove') throw unknownAction(list, action);
    // Checked before a database is opened.
    cleanEntries(entries, `rollout ${list} ${action} ${feature} octocat/hello-world`);
    return orHeld(terminal, options, () =>
      withController(terminal, options, async (controller) => {
        const how = changeOptions(terminal, options);
        const outcome = await changeList(controller, { list, action, feature, entries, ...how });
        print(terminal, unmatchedLines(terminal.style, outcome.unmatched));
        return reportChange(terminal, options, outcome, { feature, list, unmatched: outcome.unmatched });
      }),
    );
  });
}

function show(
  terminal: Terminal,
  options: ChangingOptions,
  feature: string,
  list: ListName,
): Promise<number> {
  return withController(terminal, options, async ({ store }) => {
    const entries = await showList(store, feature, list);
    answer(terminal, options, {
      json: () => ({ feature, list, entries }),
      words: () => entryLines(terminal.style, feature, list, entries),
    });
    return EXIT.ok;
  });
}

/** Formats the live list for a terminal. */
export function entryLines(
  style: Style,
  feature: string,
  list: ListName,
  entries: readonly ListedEntry[],
): Line[] {
  if (entries.length === 0) return [{ text: `the ${list} of ${feature} is empty` }];
  return entries.map(({ entry, id }) => {
    const which = id === entry ? '' : id === null ? '  (no subject has that name)' : `  ${harmless(id)}`;
    return { text: `${harmless(entry)}${style.dim(which)}` };
  });
}

function unknownAction(list: ListName, action: string): RolloutError {
  return new RolloutError('usage', `rollout ${list} does not know "${harmless(action)}"`, {
    hint: `rollout ${list} add, remove or show FEATURE ...`,
  });
}
