import { writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { firstFile, type InitialFile, matchingFile } from '../app/init.ts';
import { copySchema } from '../compose/files.ts';
import { RolloutError } from '../errors.ts';
import { counted } from '../report/words.ts';
import { type CommonOptions, type DefineCommand, run, withController } from './command.ts';
import { EXIT, type Terminal } from './terminal.ts';

interface InitOptions extends CommonOptions {
  fromDatabase?: true;
  force?: true;
}

export const define: DefineCommand = (command, terminal, end) => {
  command
    .option('--from-database', 'write the file that says what the database has')
    .option('--force', 'replace a file that is there');
  run(command, end, 'rollout init --from-database', async (options: InitOptions) => {
    if (!options.fromDatabase) return write(terminal, options, firstFile());
    return withController(terminal, options, async ({ store }) =>
      write(terminal, options, await matchingFile(store)),
    );
  });
};

function explain(path: string, error: NodeJS.ErrnoException): RolloutError {
  if (error.code === 'EEXIST' || error.code === 'EISDIR') {
    return new RolloutError('usage', `${path} is there already`, {
      hint: 'name another with --file, or replace it with --force',
    });
  }
  return new RolloutError('file_unreadable', `${path} cannot be written: ${error.code ?? error.message}`, {
    hint: 'name a file in a folder that is there and may be written, with --file',
  });
}

async function write(terminal: Terminal, options: InitOptions, initial: InitialFile): Promise<number> {
  const schema = join(dirname(resolve(options.file)), 'schema', 'rollout.schema.json');
  await writeFile(options.file, initial.text, { flag: options.force ? 'w' : 'wx' }).catch((error) => {
    throw explain(options.file, error);
  });
  const copied = await copySchema(schema).catch((error) => {
    throw explain(schema, error);
  });
  if (options.json) terminal.json({ file: options.file, features: initial.features, errors: initial.errors });
  else {
    terminal.say(`wrote ${options.file} with ${counted(initial.features, 'feature')}`);
    if (copied) terminal.say(`wrote ${schema}, which editors read`);
    for (const error of initial.errors) terminal.note(terminal.style.bad(error));
    terminal.note('next: rollout validate, then rollout plan');
  }
  return initial.errors.length > 0 ? EXIT.error : EXIT.ok;
}
