import type { Command, CommandUnknownOpts, OptionValues } from 'commander';
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

/** Adds one command's options to it, and its work; `end` gets the exit code. */
export type DefineCommand<A extends unknown[] = []> = (
  command: Command<A>,
  terminal: Terminal,
  end: (code: number) => void,
) => void;

/** The options that a function declares for a command, those of every command included. */
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

/** Adds `--file`, `--json` and an example, and runs `work` with the exit code that it returns. */
export function run<A extends unknown[], O extends OptionValues>(
  command: Command<A, O>,
  end: (code: number) => void,
  example: string,
  work: (options: AllOptions<A, O>, ...args: A) => Promise<number>,
): void {
  const whole = commonOptions(command).addHelpText('after', `\nExample:\n  ${example}`);
  whole.action(async () => end(await work(whole.opts(), ...whole.processedArgs)));
}

/** Opens the database for `work` and closes it, whatever happens. */
export function withController(
  terminal: Terminal,
  options: CommonOptions,
  work: (controller: Controller) => Promise<number>,
): Promise<number> {
  return closing(openController(settingsOf(terminal, options)), work);
}

/** Opens without checks that could keep a stop from happening. */
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
