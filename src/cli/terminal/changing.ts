import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ChangeOptions, ChangeOutcome } from '../../app/operate/change-file.ts';
import type { ChangeVia } from '../../app/ports.ts';
import { RolloutError } from '../../errors.ts';
import { plainHint, plainNumber } from '../../lib/plain-number.ts';
import { changeJson } from '../../report/json/change-json.ts';
import { planText } from '../../report/text/plan-text.ts';
import type { CommonOptions } from './command.ts';
import { agreement } from './confirm.ts';
import { EXIT, type Terminal, tellError } from './terminal.ts';

/** Options of every command that changes the file. */
export interface ChangingOptions extends CommonOptions {
  via?: ChangeVia;
  reason?: string;
  yes?: true;
}

/** Adds `--via`, `--reason` and, where something may raise exposure, `--yes`. */
export function changingOptions(command: Command, { mayRaise }: { mayRaise: boolean }): Command {
  command
    .addOption(
      new Option('--via <way>', 'how the file is changed; left out, as it says itself').choices([
        'commit',
        'pull_request',
        'file',
      ]),
    )
    .option('--reason <text>', 'why; it goes into the commit and into history');
  return mayRaise ? command.option('--yes', 'do not ask before exposure is raised') : command;
}

/** What a use case is told of how to change the file. */
export function changeOptions(terminal: Terminal, options: ChangingOptions): ChangeOptions {
  return {
    via: options.via,
    reason: options.reason?.trim() || undefined,
    agree: agreement(terminal, options),
  };
}

/** A reason for whoever reads the history. Throws `usage` without one. */
export function requireReason(options: ChangingOptions, what: string, example: string): string {
  const reason = options.reason?.trim();
  if (reason) return reason;
  throw new RolloutError('usage', `${what} needs a reason, for whoever reads the history`, { hint: example });
}

/** A percentage such as `25` or `12.5`. */
export function percentageArgument(text: string): number {
  const percentage = plainNumber(text, 2);
  if (percentage !== null && percentage <= 100) return percentage;
  throw new InvalidArgumentError(
    `it must be a percentage from 0 to 100 with at most two decimals, such as 12.5${plainHint(text)}.`,
  );
}

/** Runs `work`; an incident that holds the feature is the exit code for held, not an error of the machine. */
export async function orHeld(
  terminal: Terminal,
  options: CommonOptions,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RolloutError) || error.code !== 'held') throw error;
    tellError(terminal, error, options.json === true);
    return EXIT.held;
  }
}

/** What became of a change, for a terminal. */
export function tellChange(terminal: Terminal, options: CommonOptions, outcome: ChangeOutcome): void {
  const { style } = terminal;
  const { file, title, reconciled, not_live } = outcome;
  if (file) terminal.say(`${style.bold(title)}: ${whatHappened(outcome, options.file)}`);
  if (reconciled) terminal.say(planText(style, reconciled, options.file, true));
  if (not_live) terminal.note(style.warn(file ? `not live yet: ${not_live}` : not_live));
}

function whatHappened({ file }: ChangeOutcome, path: string): string {
  switch (file?.state) {
    case 'committed':
      return `committed as ${file.commit.slice(0, 10)}`;
    case 'proposed':
      return file.pull_request === null ? `proposed on ${file.branch}` : `proposed in #${file.pull_request}`;
    case 'needs_person':
      return `waits on ${file.branch}`;
    case 'edited':
      return `${path} was edited`;
    default:
      return `${path} says so already`;
  }
}

/** 0 where everything that was asked for is done or waits for a merge, 3 where something keeps it from being live. */
export function changeExit({ file, via, not_live }: ChangeOutcome): number {
  if (file === null) return EXIT.error;
  const asAsked = file.state === 'proposed' || (file.state === 'edited' && via === 'file');
  return not_live === null || asAsked ? EXIT.ok : EXIT.held;
}

/** Tells of a change in the way that was asked for and gives the exit code. */
export function reportChange(
  terminal: Terminal,
  options: CommonOptions,
  outcome: ChangeOutcome,
  more: object = {},
): number {
  if (options.json) terminal.json({ ...more, ...changeJson(outcome) });
  else tellChange(terminal, options, outcome);
  return changeExit(outcome);
}
