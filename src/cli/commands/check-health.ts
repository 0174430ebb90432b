import { checkHealth } from '../../app/tick/tick.ts';
import { checkedJson } from '../../report/json/tick-json.ts';
import { checkLines } from '../../report/text/outcomes/tick-text.ts';
import { checkExit } from '../../report/words/exits.ts';
import { answer } from '../terminal/answer.ts';
import { printing } from '../terminal/changing.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';

export const define: DefineCommand<[feature: string | undefined]> = (command, terminal, end) => {
  const declared = command.option('--dry-run', 'only show what would be done');
  run(declared, end, 'rollout check-health new_checkout --dry-run', (options, feature) =>
    withController(terminal, options, async (controller) => {
      const { environment } = terminal;
      const input = { actor: controller.actor, environment, dryRun: options.dryRun ?? false };
      const round = await checkHealth(controller, input, feature);
      const { heartbeat_at: heartbeat } = await controller.store.reading((read) => read.state());
      answer(terminal, options, {
        json: () => ({ ...checkedJson(round), heartbeat }),
        words: () => checkLines(printing(terminal, options), round),
      });
      return checkExit(round);
    }),
  );
};
