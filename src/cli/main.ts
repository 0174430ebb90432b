import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands.ts';
import { EXIT, processTerminal, tellError } from './terminal.ts';

/** Runs one command line and returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  let code: number = EXIT.ok;
  try {
    const program = await programFor(args[0], (ended) => {
      code = ended;
    });
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.error;
    tellError(terminal, error, args.includes('--json'));
    return EXIT.error;
  }

  async function programFor(called: string | undefined, end: (code: number) => void): Promise<Command> {
    const program = new Command('rollout')
      .description('A controller for gradual feature rollouts: rollout.yaml in Git, live in Postgres.')
      .exitOverride()
      .showHelpAfterError('(add --help for the options and an example)')
      .addHelpText('after', EXITS);
    for (const { usage, summary, load } of COMMANDS) {
      const command = program.command(usage).summary(summary).description(summary);
      if (command.name() === called) (await load()).define(command, terminal, end);
      else command.allowUnknownOption();
    }
    return program;
  }
}

const EXITS = `
Exit codes: 0 done or nothing to do, 1 error, 2 the plan has changes, 3 something is held or refused.
The database is DATABASE_URL, or without one an embedded PostgreSQL in .rollout beside the file.`;

process.exitCode = await main(process.argv.slice(2));
