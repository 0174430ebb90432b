import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ChangeOptions } from '../../app/operate/change-file.ts';
import { CHANGE_VIAS, type ChangeVia } from '../../domain/change/file.ts';
import type { ChangeOutcome } from '../../domain/change/outcome.ts';
import { RolloutError } from '../../errors.ts';
import { plainHint, plainNumber } from '../../lib/plain-number.ts';
import { harmless } from '../../lib/text.ts';
import { changeJson } from '../../report/json/change-json.ts';
import { changeLines, type Line, type Printing } from '../../report/text/outcomes/outcome-text.ts';
import { changeExit } from '../../report/words/exits.ts';
import { answer } from './answer.ts';
import type { CommonOptions } from './command.ts';
import { agreement } from './confirm.ts';
import { EXIT, type Terminal, tellError } from './terminal.ts';

/** Options of every command that changes the file. */
export interface ChangingOptions extends CommonOptions {
  via?: ChangeVia;
  reason?: string;
  yes?: true;
}

/** Adds `--via` and `--reason`. */
export function changingOptions<A extends unknown[]>(command: Command<A>) {
  return command
    .addOption(
      new Option('--via <way>', 'how the file is changed; left out, as it says itself').choices(CHANGE_VIAS),
    )
    .option('--reason <text>', 'why; it goes into the commit and into history');
}

/** Options of commands that may raise exposure, with `--yes`. */
export function raisingOptions<A extends unknown[]>(command: Command<A>) {
  return changingOptions(command).option('--yes', 'do not ask before exposure is raised');
}

/** Returns a use case's options for a change of the file. */
export function changeOptions(terminal: Terminal, options: ChangingOptions): ChangeOptions {
  return {
    via: options.via,
    reason: options.reason?.trim() || undefined,
    agree: agreement(terminal, options),
  };
}

/** Parses an option that is a percentage such as `25` or `12.5`. */
export function percentageOption(text: string): number {
  const percentage = percentageOf(text);
  if (percentage !== null) return percentage;
  throw new InvalidArgumentError(`it must be ${A_PERCENTAGE}${plainHint(text)}.`);
}

/** Parses an argument that is a percentage; `example` is a valid command. */
export function requirePercentage(text: string, example: string): number {
  const percentage = percentageOf(text);
  if (percentage !== null) return percentage;
  const found = `the percentage is ${JSON.stringify(harmless(text))}`;
  throw new RolloutError('usage', `${found}; it must be ${A_PERCENTAGE}${plainHint(text)}`, {
    hint: example,
  });
}

const A_PERCENTAGE = 'a percentage from 0 to 100 with at most two decimals, such as 12.5';

function percentageOf(text: string): number | null {
  const percentage = plainNumber(text, 2);
  return percentage !== null && percentage <= 100 ? percentage : null;
}

/** Runs `work`; if an incident holds the feature, returns the exit code for held instead of an error. */
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

/** Returns the style for printing outcomes, and the file's name. */
export function printing({ style }: Terminal, { file }: CommonOptions): Printing {
  return { style, file };
}

/** Lines that a command prints before and after the result for the file. */
interface Around {
  before?: readonly Line[];
  after?: readonly Line[];
}

/** Prints a change in the requested format and returns the exit code; `more` are additional JSON fields. */
export function reportChange(
  terminal: Terminal,
  options: CommonOptions,
  outcome: ChangeOutcome,
  more: object = {},
  { before = [], after = [] }: Around = {},
): number {
  answer(terminal, options, {
    json: () => ({ ...more, ...changeJson(outcome) }),
    words: () => [...before, ...changeLines(printing(terminal, options), outcome), ...after],
  });
  return changeExit(outcome);
}
