import { type StopOutcome, stop } from '../../app/operate/stop.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import { type CommonOptions, type DefineCommand, run, withControllerForStop } from '../terminal/command.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

interface StopOptions extends CommonOptions {
  all?: true;
  reason?: string;
}

export const define: DefineCommand = (command, terminal, end) => {
  command
    .option('--all', 'every feature, and those that are added later')
    .option('--reason <text>', 'why; it goes into history and the incident');
  run(
    command,
    end,
    'rollout stop new_checkout --reason "payments fail"',
    async (options: StopOptions, feature?: string) => {
      const reason = requireReason(feature, options);
      return withControllerForStop(terminal, options, async (controller) => {
        const onWait = (line: string) => terminal.note(terminal.style.warn(line));
        const stopped = await stop(controller, { feature: feature ?? null, reason, onWait });
        if (options.json) terminal.json(stopped.result);
        else tellStop(terminal, feature ?? null, stopped.result);
        await tellIssues(terminal, stopped);
        return EXIT.ok;
      });
    },
  );
};

/** What was stopped, for a terminal; `feature` is null where everything is. */
export function tellStop(
  terminal: Terminal,
  feature: string | null,
  { stopped, already_off }: StopOutcome['result'],
): void {
  for (const name of stopped) terminal.say(terminal.style.bad(`stopped ${harmless(name, 255)}`));
  for (const name of already_off) terminal.say(`${harmless(name, 255)} was stopped already`);
  if (feature === null) terminal.say('every feature is stopped, and so are those that are added later');
  terminal.note('held until the file agrees and a person resumes it; see: rollout incidents');
}

/** Waits for the issues that follow a stop, and prints what was not updated. */
export async function tellIssues(terminal: Terminal, { told }: StopOutcome): Promise<void> {
  const { problems, warnings } = await told;
  for (const problem of [...problems, ...warnings])
    terminal.note(terminal.style.warn(harmless(problem, 500)));
}

function requireReason(feature: string | undefined, { all, reason }: StopOptions): string {
  if (feature === undefined && !all) {
    throw new RolloutError('usage', 'say which feature to stop', {
      hint: 'rollout stop FEATURE --reason "..." or rollout stop --all --reason "..."',
    });
  }
  if (feature !== undefined && all) {
    throw new RolloutError('usage', `--all and ${feature} contradict each other`, {
      hint: 'leave one of them out',
    });
  }
  const why = reason?.trim();
  if (why) return why;
  throw new RolloutError('usage', 'a stop needs a reason, for whoever reads the history', {
    hint: `rollout stop ${feature ?? '--all'} --reason "what you saw"`,
  });
}
