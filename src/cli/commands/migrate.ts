import {
  configuredMigrations,
  migrateConfigured,
  rehearseConfigured,
} from '../../compose/environment/database.ts';
import { RolloutError } from '../../errors.ts';
import { changesAnything, rehearsalLines } from '../../report/text/rehearsal-text.ts';
import { counted } from '../../report/words/words.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run, settingsOf } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

const KINDS = ['reader', 'recorder', 'evaluate', 'none'] as const;

interface Allowed {
  role: string;
  kind: (typeof KINDS)[number];
}

export const define: DefineCommand = (command, terminal, end) => {
  const declared = command
    .option('--status', 'only print what is applied and what is not')
    .option('--dry-run', 'print what would be done (also with --grants and --allow), and change nothing')
    .option('--grants', 'revoke rights on our tables and functions from roles that are not ours')
    .option(
      '--allow <role=kind>',
      `give another role the rights of a kind (${KINDS.join(', ')}) and keep them; repeatable`,
      (text: string, before: Allowed[] = []) => [...before, allowed(text)],
    );
  run(declared, end, 'rollout migrate --dry-run', async (options) => {
    const settings = settingsOf(terminal, options);
    if (options.status) {
      const status = await configuredMigrations(settings);
      answer(terminal, options, {
        json: () => status,
        words: () => [
          ...status.applied.map((name) => ({ text: `applied  ${name}` })),
          ...status.pending.map((name) => ({ text: `pending  ${name}` })),
        ],
      });
      return status.pending.length > 0 ? EXIT.changes : EXIT.ok;
    }
    const rights = { revokeOthers: options.grants, allow: options.allow };
    if (options.dryRun) {
      const rehearsed = await rehearseConfigured(settings, rights);
      answer(terminal, options, {
        json: () => rehearsed,
        words: () => rehearsalLines(rehearsed).map((text) => ({ text })),
      });
      return changesAnything(rehearsed) ? EXIT.changes : EXIT.ok;
    }
    const applied = await migrateConfigured(settings, rights);
    answer(terminal, options, {
      json: () => ({ applied }),
      words: () =>
        applied.length === 0
          ? 'the database is up to date'
          : `applied ${counted(applied.length, 'migration')}: ${applied.join(', ')}`,
    });
    return EXIT.ok;
  });
};

function allowed(text: string): Allowed {
  const [, role, word] = /^(.+)=([a-z]+)$/.exec(text) ?? [];
  const kind = KINDS.find((each) => each === word);
  if (role !== undefined && kind !== undefined) return { role, kind };
  throw new RolloutError('usage', `--allow takes ROLE=KIND, found ${JSON.stringify(text)}`, {
    hint: `KIND is one of ${KINDS.join(', ')}`,
  });
}
