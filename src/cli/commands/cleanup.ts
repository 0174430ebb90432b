import { Option } from 'commander';
import { unknownInFile } from '../../app/registry/known-feature.ts';
import { validFile } from '../../app/setup/validate.ts';
import { readConfigurationFile } from '../../compose/environment/files.ts';
import { isNarrowed } from '../../domain/spec/audience/audience.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import type { Line } from '../../report/text/outcomes/outcome-text.ts';
import { counted } from '../../report/words/words.ts';
import { becomesText, cleanupSteps } from '../cleanup/advice.ts';
import { searchSources } from '../cleanup/sources.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

const LONGEST_CODE = 120;

export const define: DefineCommand<[feature: string]> = (command, terminal, end) => {
  const declared = command
    .option('--source <folder>', 'where the sources of the application are', 'src')
    .addOption(
      new Option('--as <state>', 'how the feature ends; default: as the file says').choices(['on', 'off']),
    );
  run(declared, end, 'rollout cleanup old_checkout --source src', async (options, feature) => {
    const on = options.as === undefined ? await endOf(options.file, feature) : options.as === 'on';
    const { files, sites, unread } = await searchSources(options.source, feature);
    const told = sites.map((site) => ({ ...site, becomes: becomesText(site, on) }));
    const order = cleanupSteps(feature, on, sites.length);
    const where = `${counted(sites.length, 'place')} in ${counted(files, 'file')} of ${harmless(options.source, 1_000)}`;
    answer(terminal, options, {
      json: () => {
        const places = told.map(({ start: _start, end: _end, ...site }) => site);
        return { feature, on, files, sites: places, unread, order };
      },
      words: () => [
        ...told.flatMap(siteLines),
        { text: where },
        ...unread.map((one) => ({ text: terminal.style.bad(unreadText(one)), beside: true as const })),
        ...order.map(({ text }, at) => ({ text: `${at + 1}. ${text}` })),
      ],
    });
    return unread.length > 0 ? EXIT.error : EXIT.ok;
  });
};

type Searched = Awaited<ReturnType<typeof searchSources>>;

function siteLines({
  file,
  line,
  column,
  text,
  becomes,
}: Searched['sites'][number] & { becomes: string }): Line[] {
  const place = `${harmless(file, 1_000)}:${line}:${column}`;
  return [{ text: `${place}: ${harmless(text, LONGEST_CODE)}` }, { text: `    ${becomes}` }];
}

function unreadText({ file, line, message }: Searched['unread'][number]): string {
  return `${harmless(file, 1_000)}:${line}: not searched: ${harmless(message, 200)}`;
}

/** Is the feature on for everybody, or for nobody? Throws `usage` if neither is true. */
async function endOf(file: string, feature: string): Promise<boolean> {
  const { features } = validFile(file, await readConfigurationFile(file));
  const spec = features.get(feature);
  if (!spec)
    throw unknownInFile(file, feature, features, 'if the file no longer has it, add --as on or --as off');
  if (isOnForAll(spec)) return true;
  if (!spec.active || spec.emergency_stop || (spec.percentage === 0 && spec.whitelist.length === 0))
    return false;
  throw new RolloutError('usage', `${feature} is on for some and off for others: its rollout has not ended`, {
    hint: 'say how it ends with --as on or --as off',
  });
}

function isOnForAll(spec: Spec): boolean {
  const { active, emergency_stop, strategy, percentage, categories, blacklist } = spec;
  const some = strategy === 'whitelist' || categories !== null || blacklist.length > 0 || isNarrowed(spec);
  return active && !emergency_stop && !some && percentage === 100;
}
