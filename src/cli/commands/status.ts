import { status } from '../../app/views/status.ts';
import { standingsJson } from '../../report/json/advance-json.ts';
import { statusText } from '../../report/text/status-text.ts';
import { type CommonOptions, type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

export const define: DefineCommand = (command, terminal, end) => {
  run(command, end, 'rollout status --json', (options: CommonOptions) =>
    withController(terminal, options, async ({ store }) => {
      const result = await status(store);
      if (options.json) terminal.json(standingsJson(result));
      else terminal.say(statusText(terminal.style, result));
      return EXIT.ok;
    }),
  );
};
