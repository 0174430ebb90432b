import type { Command } from 'commander';
import { type StopOutcome, stop } from '../../app/operate/stop.ts';
import { requireReason } from '../../app/reason.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import { stopLines } from '../../report/text/outcomes/outcome-text.ts';
import { answer } from '../terminal/answer.ts';
import { printing } from '../terminal/changing.ts';
import { type DefineCommand, type OptionsOf, run, withControllerForStop } from '../terminal/command.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

const declared = (command: Command<[feature: string | undefined]>) =>
  command
    .option('--all', 'every feature, and those that are added later')
    .option('--reason <text>', 'why; it goes into history and the incident');

type StopOptions = OptionsOf<typeof declared>;

export const define: DefineCommand<[feature: string | undefined]> = (command, terminal, end) => {
  run(
    declared(command),
    end,
    'rollout stop new_checkout --reason "payments fail"',
    async (options, feature) => {
      refuseContradiction(feature, options);
      const hint = `rollout stop ${feature ?? '--all'} --reason "what you saw"`;
      const reason = requireReason(options.reason, 'stop', hint);
      return withControllerForStop(terminal, options, async (controller) => {
        const onWait = (line: string) => terminal.note(terminal.style.warn(line));
        const stopped = await stop(controller, { feature: feature ?? null, reason, onWait });
        const outcome = { feature: feature ?? null, ...stopped.result };
        answer(terminal, options, {
          json: () => stopped.result,
          words: () => stopLines(printing(terminal, options), outcome),
        });
        await tellIssues(terminal, stopped);
        return EXIT.ok;
      });
    },
  );
};

/** Waits for the issues that follow a stop, and prints what was not updated. */
export async function tellIssues(terminal: Terminal, { told }: StopOutcome): Promise<void> {
  const { problems, warnings } = await told;
  for (const problem of [...problems, ...warnings])
    terminal.note(terminal.style.warn(harmless(problem, 500)));
}

function refuseContradiction(feature: string | undefined, { all }: StopOptions): void {
  if (feature === undefined && !all) {
    throw new RolloutError('usage', 'name the feature to stop', {
      hint: 'rollout stop FEATURE --reason "..." or rollout stop --all --reason "..."',
    });
  }
  if (feature !== undefined && all) {
    throw new RolloutError('usage', `--all and ${feature} cannot be combined`, {
      hint: 'leave one of them out',
    });
  }
}
