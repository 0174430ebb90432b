import { cleanEntries } from '../../app/operate/lists.ts';
import { changeTestRepositories } from '../../app/operate/test-repositories.ts';
import { movementLines, unmatchedLines } from '../../report/text/outcomes/registry-text.ts';
import { print } from '../terminal/answer.ts';
import { changeOptions, raisingOptions, reportChange } from '../terminal/changing.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';

/** Defines `mark-test` and `unmark-test`. */
export function defineTestRepositories(
  action: 'mark' | 'unmark',
  ...[command, terminal, end]: Parameters<DefineCommand<[repositories: string[]]>>
): void {
  const example = `rollout ${action}-test acme/sandbox`;
  run(raisingOptions(command), end, example, (options, repositories) => {
    cleanEntries(repositories, example);
    return withController(terminal, options, async (controller) => {
      const how = changeOptions(terminal, options);
      const outcome = await changeTestRepositories(controller, { action, repositories, ...how });
      print(terminal, unmatchedLines(terminal.style, outcome.unmatched));
      const movements = outcome.reconciled?.movements ?? [];
      const more = { unmatched: outcome.unmatched, movements };
      return reportChange(terminal, options, outcome, more, { after: movementLines(movements) });
    });
  });
}
