import type { Command, CommandUnknownOpts, OptionValues } from 'commander';
import { type Controller, openController, openForStop } from '../../compose/controller.ts';
import type { Settings } from '../../compose/environment/settings.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command takes. */
export interface CommonOptions {
  file: string;
  json?: true;
  /** Only in commands that apply the file. */
  follow?: boolean;
}

/** Adds a command's options and action; `end` receives the exit code. */
export type DefineCommand<A extends unknown[] = []> = (
  command: Command<A>,
  terminal: Terminal,
  end: (code: number) => void,
) => void;

/** The options that a function declares for a command, including those of every command. */
export type OptionsOf<D extends (command: never) => CommandUnknownOpts> =
  ReturnType<D> extends Command<infer A, infer O> ? AllOptions<A, O> : never;

type AllOptions<A extends unknown[], O extends OptionValues> = ReturnType<
  ReturnType<typeof commonOptions<A, O>>['opts']
>;

function commonOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option('--file <path>', 'the configuration file', 'rollout.yaml')
    .option('--json', 'print the answer as JSON');
}

/** Adds `--file`, `--json` and an example, and runs `work`, whose result is the exit code. */
export function run<A extends unknown[], O extends OptionValues>(
  command: Command<A, O>,
  end: (code: number) => void,
  example: string,
  work: (options: AllOptions<A, O>, ...args: A) => Promise<number>,
): void {
  const whole = commonOptions(command).addHelpText('after', `\nExample:\n  ${example}`);
  whole.action(async () => end(await work(whole.opts(), ...whole.processedArgs)));
}

/** Opens the database for `work` and closes it in any case. */
export function withController(
  terminal: Terminal,
  options: CommonOptions,
  work: (controller: Controller) => Promise<number>,
): Promise<number> {
  return closing(openController(settingsOf(terminal, options)), work);
}

/** Opens the database without checks that could prevent a stop. */
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
