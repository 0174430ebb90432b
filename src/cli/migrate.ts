import { configuredMigrations, migrateConfigured } from '../compose/database.ts';
import { counted } from '../report/words.ts';
import { type CommonOptions, type DefineCommand, run, settingsOf } from './command.ts';
import { EXIT } from './terminal.ts';

interface MigrateOptions extends CommonOptions {
  status?: true;
}

export const define: DefineCommand = (command, terminal, end) => {
  command.option('--status', 'only say what is applied and what is not');
  run(command, end, 'rollout migrate --status', async (options: MigrateOptions) => {
    const settings = settingsOf(terminal, options);
    if (options.status) {
      const status = await configuredMigrations(settings);
      if (options.json) terminal.json(status);
      else {
        for (const name of status.applied) terminal.say(`applied  ${name}`);
        for (const name of status.pending) terminal.say(`pending  ${name}`);
      }
      return status.pending.length > 0 ? EXIT.changes : EXIT.ok;
    }
    const applied = await migrateConfigured(settings);
    if (options.json) terminal.json({ applied });
    else if (applied.length === 0) terminal.say('the database is up to date');
    else terminal.say(`applied ${counted(applied.length, 'migration')}: ${applied.join(', ')}`);
    return EXIT.ok;
  });
};
