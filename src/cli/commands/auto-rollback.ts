import { setAutoRollback } from '../../app/operate/auto-rollback.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import { changeOptions, changingOptions, reportChange } from '../terminal/changing.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';

export const define: DefineCommand<[word: string, feature: string]> = (command, terminal, end) => {
  const declared = changingOptions(command);
  const example = 'rollout auto-rollback off new_checkout --reason "the alarm is known"';
  run(declared, end, example, (options, word, feature) => {
    const enabled = switchOf(word);
    return withController(terminal, options, async (controller) => {
      const { via, reason } = changeOptions(terminal, options);
      const outcome = await setAutoRollback(controller, { feature, enabled, via, reason });
      return reportChange(terminal, options, outcome, { feature, enabled });
    });
  });
};

function switchOf(word: string): boolean {
  if (word === 'on' || word === 'off') return word === 'on';
  throw new RolloutError('usage', `auto-rollback is on or off, not "${harmless(word)}"`, {
    hint: 'rollout auto-rollback on FEATURE, or off',
  });
}
