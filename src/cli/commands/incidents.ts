import { Option } from 'commander';
import { requireFeature } from '../../app/registry/known-feature.ts';
import { INCIDENT_STATES, type IncidentState } from '../../domain/spec/incident.ts';
import { incidentsText } from '../../report/text/incidents-text.ts';
import { type CommonOptions, type DefineCommand, run, withController } from '../terminal/command.ts';
import { limitOption } from '../terminal/options.ts';
import { EXIT } from '../terminal/terminal.ts';

interface IncidentsOptions extends CommonOptions {
  state?: IncidentState;
  limit: number;
}

export const define: DefineCommand = (command, terminal, end) => {
  command
    .addOption(new Option('--state <state>', 'only these').choices([...INCIDENT_STATES]))
    .option('--limit <rows>', 'how many, newest first', limitOption, 50);
  run(command, end, 'rollout incidents --state open', (options: IncidentsOptions, feature?: string) =>
    withController(terminal, options, async ({ store }) => {
      const { state, limit } = options;
      const incidents = await store.reading(async (read) => {
        if (feature !== undefined) await requireFeature(read, feature);
        return read.incidents.list({ feature, state, limit });
      });
      if (options.json) terminal.json({ incidents });
      else terminal.say(incidentsText(terminal.style, incidents, (state ?? feature) !== undefined));
      return EXIT.ok;
    }),
  );
};
