import { Command, CommanderError } from 'commander';
import { RolloutError } from '../errors.ts';
import { packageVersion } from '../lib/package-root.ts';
import { harmless } from '../lib/text.ts';
import { COMMANDS } from './commands.ts';
import { EXIT, type Terminal, tellError } from './terminal/terminal.ts';

/** Runs one command line and returns the exit code. */
export async function commandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const json = args.includes('--json');
  let code: number = EXIT.ok;
  try {
    const program = await programFor(args[0] === 'help' ? args[1] : args[0], (ended) => {
      code = ended;
    });
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) tellError(terminal, error, json);
    else if (error.exitCode === 0) return EXIT.ok;
    else if (json) tellError(terminal, misuse(error), json); // without --json commander has already printed it
    return EXIT.error;
  }

  async function programFor(called: string | undefined, end: (code: number) => void): Promise<Command> {
    const program = new Command('rollout')
      .description('A controller for gradual feature rollouts: rollout.yaml in Git, live in Postgres.')
      .version(packageVersion(), '-V, --version', 'the version of this package')
      .exitOverride()
      .showHelpAfterError('(add --help for the options and an example)')
      .configureOutput({
        writeOut: (text) => terminal.say(text.replace(/\n$/, '')),
        writeErr: (text) => (json ? undefined : terminal.note(text.trimEnd())),
        outputError: (text, write) => write(text.split('\n').map(harmlessLine).join('\n')),
      })
      .addHelpText('after', EXITS);
    for (const { addTo } of COMMANDS) {
      const { command, define } = addTo(program);
      if (command.name() === called) await define(terminal, end);
      else command.allowUnknownOption();
    }
    return program;
  }
}

function misuse({ code, message }: CommanderError): RolloutError {
  const said = code === 'commander.help' ? 'no command was given' : message.replace(/^error: /, '');
  return new RolloutError('usage', said, { hint: 'add --help for the options and an example' });
}

function harmlessLine(line: string): string {
  return harmless(line, 2_000);
}

const EXITS = `
Exit codes: 0 done or nothing to do, 1 error, 2 the plan has changes, 3 something is held or refused.
The database is DATABASE_URL, or without one an embedded PostgreSQL in .rollout beside the file.`;
