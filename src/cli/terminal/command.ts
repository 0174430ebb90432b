import type { Command } from 'commander';
import { type Controller, openController, openForStop } from '../../compose/controller.ts';
import type { Settings } from '../../compose/environment/settings.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command takes. */
export interface CommonOptions {
  file: string;
  json?: true;
  /** Of the commands that apply the file. */
  follow?: boolean;
}

/** One command: what it is called for, its options, and the work, which returns the exit code. */
export type DefineCommand = (command: Command, terminal: Terminal, end: (code: number) => void) => void;

/** Adds `--file`, `--json` and an example, and runs `work` with the exit code that it returns. */
export function run<O extends CommonOptions, A extends unknown[]>(
  command: Command,
  end: (code: number) => void,
  example: string,
  work: (options: O, ...args: A) => Promise<number>,
): void {
  command
    .option('--file <path>', 'the configuration file', 'rollout.yaml')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', `\nExample:\n  ${example}`)
    .action(async (...all: unknown[]) => {
      const options = all.at(-2) as O;
      end(await work(options, ...(all.slice(0, -2) as A)));
    });
}

/** Opens the database for `work` and closes it, whatever happens. */
export function withController(
  terminal: Terminal,
  options: CommonOptions,
  work: (controller: Controller) => Promise<number>,
): Promise<number> {
  return closing(openController(settingsOf(terminal, options)), work);
}

/** The same without checks that could keep a stop from happening. */
export function withControllerForStop(
  terminal: Terminal,
  options: CommonOptions,
  work: (controller: Controller) => Promise<number>,
): Promise<number> {
  return closing(openForStop(settingsOf(terminal, options)), work);
}

export function settingsOf(terminal: Terminal, options: CommonOptions): Settings {
  const { file, follow } = options;
  return { file, environment: terminal.environment, log: terminal.note, follow: follow === true };
}

async function closing(
  opening: Promise<Controller>,
  work: (controller: Controller) => Promise<number>,
): Promise<number> {
  const controller = await opening;
  try {
    return await work(controller);
  } finally {
    await controller.close();
  }
}
