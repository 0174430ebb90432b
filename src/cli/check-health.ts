import { healthRound } from '../app/health-round.ts';
import { healthJson, healthText, scoresText } from '../report/health-text.ts';
import { type CommonOptions, type DefineCommand, run, withController } from './command.ts';
import { EXIT } from './terminal.ts';

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
        const { results, written_back, advanced } = await healthRound(controller, input, feature);
        if (options.json) {
          const { heartbeat_at } = await controller.store.reading((read) => read.state());
          terminal.json({
            results: results.map(healthJson),
            heartbeat: heartbeat_at,
            written_back,
            advanced,
          });
        } else {
          terminal.say(healthText(terminal.style, results));
          if (results.length > 0) terminal.say(scoresText(terminal.style, results));
          for (const { feature: name, error } of written_back) {
            if (error) terminal.note(terminal.style.warn(`write-back of ${name} is pending: ${error}`));
          }
        }
        return results.some(({ judgement }) => judgement.verdict === 'error') ? EXIT.error : EXIT.ok;
      }),
  );
};
