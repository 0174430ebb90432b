import { checkHealth } from '../../app/tick/tick.ts';
import { harmless } from '../../lib/text.ts';
import { healthJson, healthText, scoresText } from '../../report/text/health-text.ts';
import { type CommonOptions, type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

interface CheckHealthOptions extends CommonOptions {
  dryRun?: true;
}

export const define: DefineCommand = (command, terminal, end) => {
  command.option('--dry-run', 'only show what would be done');
  run(
    command,
    end,
    'rollout check-health new_checkout --dry-run',
    (options: CheckHealthOptions, feature?: string) =>
      withController(terminal, options, async (controller) => {
        const { environment } = terminal;
        const input = { actor: controller.actor, environment, dryRun: options.dryRun ?? false };
        const round = await checkHealth(controller, input, feature);
        const { results, written_back, advanced, reconcile_error } = round;
        if (options.json) {
          const { heartbeat_at } = await controller.store.reading((read) => read.state());
          terminal.json({
            results: results.map(healthJson),
            heartbeat: heartbeat_at,
            written_back,
            advanced,
            reconcile_error,
          });
        } else {
          terminal.say(healthText(terminal.style, results));
          if (results.length > 0) terminal.say(scoresText(terminal.style, results));
          for (const { feature: name, error } of written_back) {
            const why = error && harmless(error, 500);
            if (why) terminal.note(terminal.style.warn(`write-back of ${name} is pending: ${why}`));
          }
          if (reconcile_error) {
            const why = harmless(reconcile_error.message, 500);
            terminal.note(terminal.style.warn(`the file was not reconciled: ${why}`));
          }
        }
        const pending = written_back.some(({ error }) => error !== null);
        const unjudged = results.some(({ judgement }) => judgement.verdict === 'error');
        return unjudged || pending || reconcile_error ? EXIT.error : EXIT.ok;
      }),
  );
};
