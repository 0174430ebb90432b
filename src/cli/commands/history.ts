import { type Command, Option } from 'commander';
import { requireFeature } from '../../app/registry/known-feature.ts';
import { HISTORY_ACTIONS, type HistoryAction } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import { historyText } from '../../report/text/history-text.ts';
import { counted } from '../../report/words/words.ts';
import { type CommonOptions, type DefineCommand, run, withController } from '../terminal/command.ts';
import { digestOption, limitOption, rowOption } from '../terminal/options.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

interface HistoryOptions extends CommonOptions {
  action?: HistoryAction;
  limit: number;
  before?: number;
  expect?: string;
}

export const define: DefineCommand = (command, terminal, end) => {
  command
    .addOption(new Option('--action <action>', 'only rows with this action').choices([...HISTORY_ACTIONS]))
    .option('--limit <rows>', 'how many, newest first', limitOption, 50)
    .option('--before <id>', 'rows before this number', rowOption)
    .option('--expect <digest>', 'with verify: a digest that must be in the chain', digestOption);
  run(
    command,
    end,
    'rollout history verify --expect 3f9a...',
    async (options: HistoryOptions, what?: string) => {
      refuseUnread(command, what);
      return withController(terminal, options, async ({ store }) => {
        if (what === 'verify') return verify(terminal, options, store);
        const { action, limit, before } = options;
        const entries = await store.reading(async (read) => {
          if (what !== undefined) await requireFeature(read, what);
          return read.history.list({ feature: what, action, limit, before });
        });
        if (options.json) terminal.json({ entries });
        else terminal.say(historyText(terminal.style, entries, narrowed(options, what)));
        return EXIT.ok;
      });
    },
  );
};

/** Was less asked for than there is? */
function narrowed({ action, before }: HistoryOptions, feature: string | undefined): boolean {
  return [action, before, feature].some((one) => one !== undefined);
}

/** Who checks a digest and is shown a list instead would take it for found. */
function refuseUnread(command: Command, what: string | undefined): void {
  const unread = what === 'verify' ? ['action', 'limit', 'before'] : ['expect'];
  const given = unread.find((name) => command.getOptionValueSource(name) === 'cli');
  if (given === undefined) return;
  const how =
    what === 'verify' ? 'says nothing to history verify, which checks every row' : 'is for history verify';
  throw new RolloutError('usage', `--${given} ${how}`, {
    hint: what === 'verify' ? 'leave it out' : 'rollout history verify --expect DIGEST',
  });
}

async function verify(
  terminal: Terminal,
  { expect, json }: HistoryOptions,
  store: Parameters<Parameters<typeof withController>[2]>[0]['store'],
): Promise<number> {
  const { valid, entries, first_bad, problem, head } = await store.reading((read) =>
    read.history.verify(expect),
  );
  if (json) terminal.json({ valid, entries, first_bad, problem, head });
  else if (valid)
    terminal.say(terminal.style.good(`the chain of ${counted(entries, 'row')} holds; its head is ${head}`));
  else terminal.say(terminal.style.bad(`the history does not hold: ${harmless(problem ?? '', 500)}`));
  return valid ? EXIT.ok : EXIT.error;
}
