import { Option } from 'commander';
import { requireFeature } from '../../app/registry/known-feature.ts';
import { INCIDENT_STATES } from '../../domain/spec/incident.ts';
import { incidentsText } from '../../report/text/incidents-text.ts';
import { quarantineText } from '../../report/words/outcome-words.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { limitOption } from '../terminal/options.ts';
import { EXIT } from '../terminal/terminal.ts';

export const define: DefineCommand<[feature: string | undefined]> = (command, terminal, end) => {
  const declared = command
    .addOption(new Option('--state <state>', 'only these').choices([...INCIDENT_STATES]))
    .option('--limit <rows>', 'how many, newest first', limitOption, 50);
  run(declared, end, 'rollout incidents --state open', (options, feature) =>
    withController(terminal, options, async ({ store }) => {
      const { state, limit } = options;
      const { incidents, quarantined } = await store.reading(async (read) => {
        if (feature !== undefined) await requireFeature(read, feature);
        return {
          incidents: await read.incidents.list({ feature, state, limit }),
          quarantined: await read.incidents.quarantined(feature),
        };
      });
      answer(terminal, options, {
        json: () => ({ incidents, quarantined }),
        words: () => [
          { text: incidentsText(terminal.style, incidents, (state ?? feature) !== undefined) },
          ...quarantined.map((one) => ({ text: quarantineText(one) })),
        ],
      });
      return EXIT.ok;
    }),
  );
};
