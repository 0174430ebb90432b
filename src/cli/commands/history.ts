import { type Command, type CommandUnknownOpts, Option } from 'commander';
import { requireFeature } from '../../app/registry/known-feature.ts';
import { HISTORY_ACTIONS } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import { EXPORT_FORMATS } from '../../report/json/history-export.ts';
import { historyText } from '../../report/text/history-text.ts';
import { counted } from '../../report/words/words.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, type OptionsOf, run, withController } from '../terminal/command.ts';
import { digestOption, limitOption, rowOption, sinceOption } from '../terminal/options.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';
import { exportHistory } from './history-export.ts';

const declared = (command: Command<[what: string | undefined]>) =>
  command
    .addOption(new Option('--action <action>', 'only rows with this action').choices([...HISTORY_ACTIONS]))
    .option('--limit <rows>', 'how many, newest first', limitOption, 50)
    .option('--before <id>', 'rows before this number', rowOption)
    .option('--expect <digest>', 'with verify: a digest that must be in the chain', digestOption)
    .option('--since <row-or-time>', 'with export: rows after this number, or from this time on', sinceOption)
    .option('--of <feature>', 'with export: only rows of this feature')
    .addOption(
      new Option('--format <format>', 'with export').choices([...EXPORT_FORMATS]).default(EXPORT_FORMATS[0]),
    );

type HistoryOptions = OptionsOf<typeof declared>;

export const define: DefineCommand<[what: string | undefined]> = (command, terminal, end) => {
  run(declared(command), end, 'rollout history verify --expect 3f9a...', async (options, what) => {
    refuseUnread(command, what);
    return withController(terminal, options, async ({ store }) => {
      if (what === 'verify') return verify(terminal, options, store);
      const { action, limit, before, since, format } = options;
      if (what === 'export')
        return exportHistory(terminal, { store }, { feature: options.of, action, since, format });
      const entries = await store.reading(async (read) => {
        if (what !== undefined) await requireFeature(read, what);
        return read.history.list({ feature: what, action, limit, before });
      });
      answer(terminal, options, {
        json: () => ({ entries }),
        words: () => historyText(terminal.style, entries, narrowed(options, what)),
      });
      return EXIT.ok;
    });
  });
};

/** Was only a part requested? */
function narrowed({ action, before }: HistoryOptions, feature: string | undefined): boolean {
  return [action, before, feature].some((one) => one !== undefined);
}

/** Options that each word after `history` uses; a list uses the first. */
const READ_BY = {
  list: ['action', 'limit', 'before'],
  verify: ['expect'],
  export: ['action', 'since', 'of', 'format'],
} as const;

/**
 * Refuses unused options: an ignored one would look effective, such as a digest that was not checked or a filter that
 * was not applied.
 */
function refuseUnread(command: CommandUnknownOpts, what: string | undefined): void {
  const mode = what === 'verify' || what === 'export' ? what : 'list';
  const read: readonly string[] = READ_BY[mode];
  const all = [...new Set(Object.values(READ_BY).flat())];
  const given = all.find((name) => !read.includes(name) && command.getOptionValueSource(name) === 'cli');
  if (given === undefined) return;
  const others = (['verify', 'export'] as const).filter((one) =>
    (READ_BY[one] as readonly string[]).includes(given),
  );
  const how = mode === 'list' ? `is for history ${others.join(' and ')}` : `says nothing to history ${mode}`;
  throw new RolloutError('usage', `--${given} ${how}`, {
    hint:
      mode !== 'list'
        ? 'leave it out'
        : given === 'expect'
          ? 'rollout history verify --expect DIGEST'
          : `rollout history export --${given} ...`,
  });
}

async function verify(
  terminal: Terminal,
  options: HistoryOptions,
  store: Parameters<Parameters<typeof withController>[2]>[0]['store'],
): Promise<number> {
  const { valid, entries, first_bad, problem, head } = await store.reading((read) =>
    read.history.verify(options.expect),
  );
  const { good, bad } = terminal.style;
  answer(terminal, options, {
    json: () => ({ valid, entries, first_bad, problem, head }),
    words: () =>
      valid
        ? good(`the chain of ${counted(entries, 'row')} holds; its head is ${head}`)
        : bad(`the history does not hold: ${harmless(problem ?? '', 500)}`),
  });
  return valid ? EXIT.ok : EXIT.error;
}
