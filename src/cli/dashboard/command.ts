import { type FeatureStats, type Stats, stats, status } from '../../app/views/status.ts';
import type { Controller } from '../../compose/controller.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import { emptyText } from '../../report/text/status-text.ts';
import { type CommonOptions, type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT, type Terminal, tellError } from '../terminal/terminal.ts';
import { watch } from '../terminal/watch.ts';
import { ACTIONS, type ActionName } from './actions.ts';
import { choose } from './ask.ts';
import { type FleetMemory, watchFleet } from './fleet.ts';
import { featureScreen } from './screen.ts';

export const define: DefineCommand = (command, terminal, end) => {
  run(command, end, 'rollout dashboard', async (options) => {
    refuseScript(terminal, options);
    return withController(terminal, options, async (controller) => {
      await pickFeatures(controller, terminal, options);
      return EXIT.ok;
    });
  });
};

/** A script that waited here would wait for ever. */
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
  const memory: FleetMemory = { selected: null, search: null, order: 'gravest' };
  for (;;) {
    const fleet = await status(controller.store);
    if (fleet.features.length === 0) {
      terminal.say(emptyText(fleet.archived));
      return;
    }
    const picked = await watchFleet(controller, terminal, memory, fleet);
    if (picked === null) return;
    memory.selected = picked;
    await workOn(controller, terminal, options, picked);
  }
}

/** Limit for printed keys: a key written by SQL may have any length. */
const LONGEST_KEY = 100;

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
