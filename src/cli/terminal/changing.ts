import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ChangeOptions } from '../../app/operate/change-file.ts';
import type { ChangeVia } from '../../app/ports.ts';
import type { ChangeOutcome } from '../../domain/change/outcome.ts';
import { RolloutError } from '../../errors.ts';
import { plainHint, plainNumber } from '../../lib/plain-number.ts';
import { changeJson } from '../../report/json/change-json.ts';
import { changeLines, type Line, type Printing } from '../../report/text/outcome-text.ts';
import { changeExit } from '../../report/words/exits.ts';
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

/** Prints an answer: its lines to standard output, what is about it to standard error. */
export function print(terminal: Terminal, lines: readonly Line[]): void {
  for (const { text, beside } of lines) (beside ? terminal.note : terminal.say)(text);
}

/** How the outcomes of a command are printed here. */
export function printing({ style }: Terminal, { file }: CommonOptions): Printing {
  return { style, file };
}

/** Prints a change in the way that was asked for and gives the exit code. */
export function reportChange(
  terminal: Terminal,
  options: CommonOptions,
  outcome: ChangeOutcome,
  more: object = {},
): number {
  if (options.json) terminal.json({ ...more, ...changeJson(outcome) });
  else print(terminal, changeLines(printing(terminal, options), outcome));
  return changeExit(outcome);
}
