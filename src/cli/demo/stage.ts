import { randomUUID } from 'node:crypto';
import { reconcile } from '../../app/reconcile/reconcile.ts';
import { tick } from '../../app/tick/tick.ts';
import type { DemoController } from '../../compose/demo.ts';
import { receiversOf } from '../../compose/environment/receivers.ts';
import type { Printed } from '../../domain/change/notice.ts';
import type { TickResult } from '../../domain/change/round.ts';
import type { ReconcileResult } from '../../domain/plan/result.ts';
import type { Random } from '../../lib/random.ts';
import { healthText } from '../../report/text/health/health-text.ts';
import { planText } from '../../report/text/plan-text.ts';
import { printedText } from '../../report/words/notice-words.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const FEATURE = 'new_checkout';

/** What every chapter of the demo needs. */
export interface Stage {
  terminal: Terminal;
  controller: DemoController;
  random: Random;
  /** Reads the present text of the file. */
  read: () => Promise<string>;
}

export function chapter({ terminal }: Stage, title: string): void {
  terminal.say(`\n${terminal.style.bold(title)}`);
}

export async function reconcileAndTell({ terminal, controller }: Stage): Promise<ReconcileResult> {
  const result = await reconcile(controller, { actor: controller.actor, allowRewind: false, revision: null });
  terminal.say(planText(terminal.style, result, 'rollout.yaml', true));
  return result;
}

/** Runs the scheduled controller once, and prints its notifications. */
export async function tickAndTell({ terminal, controller }: Stage): Promise<TickResult> {
  const { style } = terminal;
  const print = (notice: Printed) => terminal.say(style.warn(`  notified: ${printedText(notice)}`));
  const deps = { ...controller, receivers: receiversOf({}), print };
  const result = await tick(deps, { actor: controller.actor, environment: {}, holder: randomUUID() });
  terminal.say(healthText(style, result.results));
  if (result.reconciled && result.reconciled.changes.length > 0) {
    terminal.say(planText(style, result.reconciled, 'rollout.yaml', true));
  }
  return result;
}

/** Prints the lines of the file that `work` changed. */
export async function changedLines(stage: Stage, work: () => Promise<void>): Promise<void> {
  const before = (await stage.read()).split('\n');
  await work();
  const after = (await stage.read()).split('\n');
  const { style } = stage.terminal;
  stage.terminal.say('In rollout.yaml, every other byte as it was:');
  for (const line of before.filter((one) => !after.includes(one)))
    stage.terminal.say(style.bad(`  - ${line.trim()}`));
  for (const line of after.filter((one) => !before.includes(one)))
    stage.terminal.say(style.good(`  + ${line.trim()}`));
}
