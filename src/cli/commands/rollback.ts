import { type RollbackOutcome, rollBack } from '../../app/operate/rollback.ts';
import { planText } from '../../report/text/plan-text.ts';
import { planJson } from '../../report/words/plan-model.ts';
import { counted } from '../../report/words/words.ts';
import {
  type ChangingOptions,
  changingOptions,
  percentageArgument,
  requireReason,
} from '../terminal/changing.ts';
import { type CommonOptions, type DefineCommand, run, withControllerForStop } from '../terminal/command.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

interface RollbackOptions extends ChangingOptions {
  to?: number;
}

export const define: DefineCommand = (command, terminal, end) => {
  changingOptions(command, { mayRaise: false }).option(
    '--to <percentage>',
    'lower to this instead of switching off; 0 is off, the whitelist included',
    percentageArgument,
  );
  const example = 'rollout rollback new_checkout --reason "payments fail"';
  run(command, end, example, async (options: RollbackOptions, feature: string) => {
    const reason = requireReason(
      options,
      'a rollback',
      `rollout rollback ${feature} --reason "what you saw"`,
    );
    return withControllerForStop(terminal, options, async (controller) => {
      const { via, to = null } = options;
      const outcome = await rollBack(controller, { feature, to, reason, via });
      if (options.json) {
        terminal.json({ ...outcome, reconciled: outcome.reconciled && planJson(outcome.reconciled) });
      } else tellRollback(terminal, options, outcome);
      return isWrittenBack(outcome) ? EXIT.ok : EXIT.error;
    });
  });
};

/** Is the file committed or proposed? What failed is tried again by every tick, but a script has to learn of it. */
function isWrittenBack({ incident, written_back }: RollbackOutcome): boolean {
  return incident === null || (written_back !== null && written_back.state !== 'pending');
}

/** What became of a rollback, for a terminal. */
export function tellRollback(terminal: Terminal, options: CommonOptions, outcome: RollbackOutcome): void {
  const { style } = terminal;
  const { feature, incident, because, from, to, eligible, written_back, reconciled, pending } = outcome;
  if (incident === null) {
    terminal.say(`${feature}: nothing was taken away, because ${because}`);
    return;
  }
  const now = to === null ? 'off for everyone' : `at ${to}%`;
  terminal.say(style.bad(`${feature} is rolled back from ${from}%, and now ${now} (incident ${incident})`));
  if (to === null && eligible) {
    terminal.note(
      style.bad(
        `but the database still admits ${counted(eligible, 'subject')}; run: rollout stop ${feature} --reason "..."`,
      ),
    );
  }
  if (written_back?.commit) terminal.say(`written back in ${written_back.commit.slice(0, 10)}`);
  if (reconciled) terminal.say(planText(style, reconciled, options.file, true));
  if (pending) terminal.note(style.warn(`the file does not say so yet: ${pending}`));
}
