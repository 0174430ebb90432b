import { randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import { tryRoutes } from '../../app/tick/try-routes.ts';
import { receiversOf } from '../../compose/environment/receivers.ts';
import { SEVERITIES } from '../../domain/notify/route.ts';
import { routesText } from '../../report/text/routes-text.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

const declared = (command: Command<[feature: string | undefined]>) =>
  command
    .addOption(
      new Option('--severity <severity>', 'of the message')
        .choices([...SEVERITIES])
        .default('critical' as const),
    )
    .option('--test', 'send a test message to those receivers');

export const define: DefineCommand<[feature: string | undefined]> = (command, terminal, end) => {
  run(declared(command), end, 'rollout notify new_checkout --test', (options, feature) =>
    withController(terminal, options, async ({ store, words }) => {
      const { severity, test: send = false } = options;
      const question = { feature: feature ?? null, severity, send, id: randomUUID() };
      const deps = { store, words, receivers: receiversOf(terminal.environment) };
      const routing = await tryRoutes(deps, question);
      answer(terminal, options, { json: () => routing, words: () => routesText(terminal.style, routing) });
      return routing.sent?.some(({ error }) => error !== null) ? EXIT.error : EXIT.ok;
    }),
  );
};
