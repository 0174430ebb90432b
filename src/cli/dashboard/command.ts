import { type FeatureStats, type Stats, stats } from '../../app/views/status.ts';
import type { Controller } from '../../compose/controller.ts';
import { verdictWord } from '../../domain/health/wording.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import { emptyText, stateWord } from '../../report/text/status-text.ts';
import { counted } from '../../report/words/words.ts';
import { type CommonOptions, type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT, type Terminal, tellError } from '../terminal/terminal.ts';
import { ACTIONS, type ActionName } from './actions.ts';
import { choose } from './ask.ts';
import { featureScreen } from './screen.ts';
import { watch } from './watch.ts';

export const define: DefineCommand = (command, terminal, end) => {
  run(command, end, 'rollout dashboard', async (options: CommonOptions) => {
    refuseScript(terminal, options);
    return withController(terminal, options, async (controller) => {
      await pickFeatures(controller, terminal, options);
      return EXIT.ok;
    });
  });
};

/** A script that waits here would wait for ever. */
function refuseScript({ watched }: Terminal, { json }: CommonOptions): void {
  if (watched && process.stdin.isTTY === true && process.stdout.isTTY === true && !json) return;
  throw new RolloutError('usage', 'the dashboard needs a terminal', {
    hint: 'in a script use: rollout status --json, or rollout stats FEATURE --json',
  });
}

async function pickFeatures(
  controller: Controller,
  terminal: Terminal,
  options: CommonOptions,
): Promise<void> {
  for (;;) {
    const { features, archived } = await stats(controller.store);
    if (features.length === 0) {
      terminal.say(emptyText(archived));
      return;
    }
    const picked = await choose('Which feature?', [
      ...features.map(optionOf),
      { value: QUIT, label: 'Quit' },
    ]);
    if (picked === null || picked === QUIT) return;
    await workOn(controller, terminal, options, picked);
  }
}

/** One that SQL wrote may have any. */
const LONGEST_KEY = 100;

/** No feature is called so: a key has no blank. */
const QUIT = ' quit';

function optionOf(line: FeatureStats): { value: string; label: string; hint: string } {
  const { feature, eligible, health } = line;
  const verdict = health.verdict ? `, ${verdictWord(health.verdict.verdict)}` : '';
  return {
    value: feature,
    label: harmless(feature, LONGEST_KEY),
    hint: `${stateWord(line)}, ${counted(eligible, 'subject')}${verdict}`,
  };
}

async function workOn(
  controller: Controller,
  terminal: Terminal,
  options: CommonOptions,
  feature: string,
): Promise<void> {
  const draw = () => featureScreen(controller, terminal.style, feature);
  for (;;) {
    const line = lineOf(await stats(controller.store, feature), feature);
    terminal.say(`\n${await draw()}\n`);
    const picked = await choose(`What of ${harmless(feature, LONGEST_KEY)}?`, [
      WATCH,
      ...actionsFor(line),
      BACK,
    ]);
    if (picked === null || picked === 'back') return;
    try {
      if (picked === 'watch') await watch(terminal, draw);
      else await ACTIONS[picked].run({ controller, terminal, options }, line);
    } catch (error) {
      if (!(error instanceof RolloutError)) throw error;
      tellError(terminal, error, false);
    }
  }
}

const WATCH = { value: 'watch', label: 'Watch', hint: 'live numbers' } as const;
const BACK = { value: 'back', label: 'Back' } as const;

function lineOf({ features }: Stats, feature: string): FeatureStats {
  const [line] = features;
  if (line) return line;
  throw new RolloutError('unknown_feature', `${feature} is gone`, { hint: 'rollout history says why' });
}

function actionsFor(line: FeatureStats): { value: ActionName; label: string; hint: string }[] {
  const names = Object.keys(ACTIONS) as ActionName[];
  return names
    .filter((name) => ACTIONS[name].fits(line))
    .map((name) => ({ value: name, label: ACTIONS[name].label, hint: ACTIONS[name].hint }));
}
