import { status } from '../../app/views/status.ts';
import { RolloutError } from '../../errors.ts';
import { standingsJson } from '../../report/json/advance-json.ts';
import { statusText } from '../../report/text/status-text.ts';
import { answer } from '../terminal/answer.ts';
import { type CommonOptions, type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';
import { watch } from '../terminal/watch.ts';

export const define: DefineCommand = (command, terminal, end) => {
  const declared = command.option('--watch', 'show it anew every two seconds, until a key is pressed');
  run(declared, end, 'rollout status --watch', (options) => {
    if (options.watch) refuseScript(terminal, options);
    return withController(terminal, options, async ({ store }) => {
      if (options.watch) {
        await watch(terminal, async () => statusText(terminal.style, await status(store)), 'any key ends it');
        return EXIT.ok;
      }
      const result = await status(store);
      answer(terminal, options, {
        json: () => standingsJson(result),
        words: () => statusText(terminal.style, result),
      });
      return EXIT.ok;
    });
  });
};

/** In a script nobody would press the key that ends it. */
function refuseScript({ watched }: Terminal, { json }: CommonOptions): void {
  if (watched && process.stdin.isTTY === true && process.stdout.isTTY === true && !json) return;
  throw new RolloutError('usage', 'rollout status --watch needs a terminal', {
    hint: 'in a script use: rollout status --json',
  });
}
