import { Option } from 'commander';
import { chosenFeature } from '../../app/views/chosen-feature.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';
import { helpText } from './help.ts';
import { operations } from './operations.ts';
import { runRepl } from './repl.ts';
import { shown } from './shown.ts';

export const define: DefineCommand = (command, terminal, end) => {
  const declared = command
    .option('--feature <key>', 'what it is about; hybrid_progressive_capture, or the only one')
    .addOption(
      new Option('--via <way>', 'how the file is changed; left out, as it says itself').choices([
        'commit',
        'pull_request',
        'file',
      ]),
    )
    .option('--history <path>', 'keep what is typed in a file; nowhere without it');
  run(declared, end, 'rollout console --feature new_checkout', (options) =>
    withController(terminal, options, async (controller) => {
      const feature = await chosenFeature(controller.store, options.feature);
      terminal.note(
        `about ${terminal.style.bold(feature)}; rollout.help() says what there is, .exit ends it`,
      );
      await runRepl({
        terminal,
        history: options.history ?? null,
        globals: (asking) => {
          const help = () => shown({}, helpText(terminal.style, feature));
          return {
            rollout: { ...operations({ controller, terminal, options, feature, asking }), help },
            help,
          };
        },
      });
      return EXIT.ok;
    }),
  );
};
