import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import {
  adoptedFile,
  checkedEnvironment,
  firstFile,
  type InitialFile,
  listedNames,
  matchingFile,
  refuseFileOfOther,
  refuseNames,
} from '../../app/setup/init.ts';
import { type ActionSource, isPinned, leftToDo, parseActionSource } from '../../app/setup/init-workflows.ts';
import { copySchema } from '../../compose/environment/files.ts';
import {
  ownSource,
  type Surrounding,
  surroundingOf,
  type WrittenWorkflows,
  writeWorkflows,
} from '../../compose/environment/workflows.ts';
import { ADOPTED_SYSTEMS } from '../../domain/adopt/adopt.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import { leftOutReason } from '../../report/not-taken.ts';
import type { Style } from '../../report/style/style.ts';
import type { Line } from '../../report/text/outcomes/outcome-text.ts';
import { counted } from '../../report/words/words.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, type OptionsOf, run, withController } from '../terminal/command.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';
import { initTeam } from './init-team.ts';

const declared = (command: Command) =>
  command
    .option('--from-database', 'write the file that says what the database has')
    .addOption(
      new Option('--from <system>', 'write the flags of an export of another system').choices([
        ...ADOPTED_SYSTEMS,
      ]),
    )
    .option('--export <path>', 'with --from: the exported JSON')
    .option('--skip-invalid', 'leave out features whose names cannot be keys')
    .option('--force', 'replace a configuration file that is there')
    .option(
      '--environment <name>',
      'a file and workflows beside those of another environment',
      checkedEnvironment,
    )
    .option('--team <name>', 'a file for the features of a team, beside the one that is there')
    .option('--owner <@org/team>', 'with --team: who reviews it, for CODEOWNERS')
    .option('--action <owner/repo@commit>', 'where the workflows fetch the action from')
    .option('--no-workflows', 'only the configuration file and its schema');

type InitOptions = OptionsOf<typeof declared>;

export const define: DefineCommand = (command, terminal, end) => {
  const example = 'rollout init --action acme/rollout-controller@0123456789abcdef0123456789abcdef01234567';
  run(declared(command), end, example, async (options) => {
    const { team } = options;
    if (team !== undefined) return initTeam(terminal, { ...options, team });
    refuseHalf(options);
    const asked = options.action === undefined ? null : parseActionSource(options.action);
    const place = options.workflows ? await placeFor(options, asked) : null;
    const file = await writeConfiguration(terminal, options);
    const workflows = place && (await addWorkflows(place));
    // If the command is repeated to get the workflows, an existing file stays; otherwise somebody expects a new one.
    const forWorkflows = workflows !== null && (asked !== null || workflows.written.length > 0);
    if (file.kept && !forWorkflows) throw alreadyThere(options.file);
    answer(terminal, options, {
      json: () => jsonOf(options, file, workflows),
      words: () => initLines(terminal.style, options, file, workflows),
    });
    return file.errors.length > 0 ? EXIT.error : EXIT.ok;
  });
};

interface WrittenFile extends Omit<InitialFile, 'text'> {
  kept: boolean;
  /** Path of the written schema; null: it existed. */
  schema: string | null;
}

async function writeConfiguration(terminal: Terminal, options: InitOptions): Promise<WrittenFile> {
  const environment = options.environment ?? null;
  if (options.from && options.export !== undefined) {
    const initial = adoptedFile(options.from, await readExported(options.export), environment);
    if (!options.skipInvalid)
      refuseNames(initial.left_out, `--from ${options.from} --export ${options.export}`);
    const written = await write(options, initial);
    if (written.kept) throw alreadyThere(options.file);
    return written;
  }
  if (!options.fromDatabase) return write(options, firstFile(environment));
  let written: WrittenFile | undefined;
  await withController(terminal, options, async ({ store }) => {
    const initial = await matchingFile(store, environment);
    if (!options.skipInvalid)
      refuseNames(initial.left_out, '--from-database', ' and says in the file how each can go on');
    written = await write(options, initial);
    return EXIT.ok;
  });
  if (!written || written.kept) throw alreadyThere(options.file);
  return written;
}

function refuseHalf({ from, export: path, fromDatabase }: InitOptions): void {
  if ((from === undefined) !== (path === undefined)) {
    throw new RolloutError(
      'usage',
      `--${from === undefined ? 'export needs --from' : 'from needs --export'}`,
      {
        hint: `rollout init --from ${from ?? 'unleash'} --export ${path ?? 'export.json'}`,
      },
    );
  }
  if (from === undefined || !fromDatabase) return;
  throw new RolloutError('usage', '--from and --from-database are two sources', { hint: 'leave one out' });
}

async function readExported(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new RolloutError('file_unreadable', `${path} cannot be read: ${error.code ?? error.message}`, {
      hint: 'name the exported JSON with --export',
    });
  });
}

async function write(options: InitOptions, { text, ...initial }: InitialFile): Promise<WrittenFile> {
  const schema = join(dirname(options.file), 'schema', 'rollout.schema.json');
  let kept = false;
  await writeFile(options.file, text, { flag: options.force ? 'w' : 'wx' }).catch((error) => {
    if (error.code !== 'EEXIST') throw explain(options.file, error);
    kept = true;
  });
  if (kept) refuseFileOfOther(options.environment ?? null, await readKept(options.file));
  const copied = await copySchema(schema).catch((error) => {
    throw explain(schema, error);
  });
  return { ...initial, kept, schema: copied ? schema : null };
}

/** Reads the existing file; a path that cannot be read, such as a folder, is named and not replaced. */
async function readKept(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw alreadyThere(file);
  });
}

/** The target of workflows, and the source of the action; null: not stated. */
interface Place extends Surrounding {
  action: ActionSource | null;
  environment: string | null;
}

interface AddedWorkflows extends WrittenWorkflows, Pick<Place, 'action' | 'branch' | 'environment'> {}

/** Returns null outside of a git repository. Throws `usage` there if workflows were requested. */
async function placeFor(options: InitOptions, asked: ActionSource | null): Promise<Place | null> {
  const surrounding = await surroundingOf(options.file);
  const environment = options.environment ?? null;
  if (surrounding) return { ...surrounding, environment, action: asked ?? (await ownSource()) };
  if (!asked) return null;
  throw new RolloutError(
    'usage',
    `${options.file} is not in a git repository, so there is no place for workflows`,
    {
      hint: 'run it in a clone of the repository, or without --action',
    },
  );
}

async function addWorkflows({ root, branch, file, action, environment }: Place): Promise<AddedWorkflows> {
  const known = { action, branch, environment };
  if (!action) return { written: [], kept: [], of_another_file: [], ...known };
  return { ...(await writeWorkflows(root, { action, branch, file, environment })), ...known };
}

function jsonOf(options: InitOptions, file: WrittenFile, workflows: AddedWorkflows | null) {
  const { features, errors, left_out, not_taken, kept } = file;
  const { written = [], kept: there = [], of_another_file = [] } = workflows ?? {};
  const added = workflows && { written, kept: there, of_another_file };
  const left = workflows?.written.length ? leftToDo(workflows) : [];
  return {
    file: options.file,
    kept,
    features,
    errors,
    left_out,
    not_taken,
    workflows: added,
    left_to_do: left,
  };
}

function initLines(
  style: Style,
  options: InitOptions,
  file: WrittenFile,
  workflows: AddedWorkflows | null,
): Line[] {
  const lines: Line[] = [];
  const say = (text: string) => lines.push({ text });
  const note = (text: string) => lines.push({ text, beside: true });
  if (file.kept) say(`kept ${options.file}, which is there already`);
  else say(`wrote ${options.file} with ${counted(file.features, 'feature')}`);
  if (file.schema) say(`wrote ${file.schema}, which editors read`);
  for (const path of workflows?.written ?? []) say(`wrote ${path}`);
  for (const path of workflows?.kept ?? []) say(`kept ${path}, which is there already`);
  if (workflows?.of_another_file.length) {
    const about = `${workflows.of_another_file.join(', ')}: about another file than ${options.file}`;
    note(style.warn(`${about}; to have workflows for both, add --environment NAME`));
  }
  if (file.left_out.length > 0) {
    const left = `left out ${counted(file.left_out.length, 'feature')}, whose names cannot be keys`;
    note(style.warn(`${left}: ${listedNames(file.left_out)}`));
  }
  if (file.not_taken.length > 0) {
    note(style.warn(`not taken over, ${counted(file.not_taken.length, 'flag')}:`));
    for (const { key, code } of file.not_taken) note(`  ${harmless(key)}: ${leftOutReason(code)}`);
  }
  if (options.from) {
    note(
      'subjects get new places: who moves is counted by rollout plan, after rollout import --subject customer',
    );
  }
  for (const error of file.errors) note(style.bad(error));
  if (workflows?.action === null) {
    note('no workflows: say where the action lives, with --action OWNER/REPO@COMMIT');
  }
  if (workflows?.action && !isPinned(workflows.action)) {
    const { repository, ref } = workflows.action;
    note(style.warn(`${repository}@${ref} can change under you: name the commit instead`));
  }
  if (workflows?.written.length) {
    note('left to do by hand:');
    for (const [index, step] of leftToDo(workflows).entries()) note(`  ${index + 1}. ${step}`);
    note('then check all of it: rollout doctor');
  }
  note('next: rollout validate, then rollout plan');
  return lines;
}

function alreadyThere(path: string): RolloutError {
  return new RolloutError('usage', `${path} is there already`, {
    hint: 'name another with --file, or replace it with --force',
  });
}

function explain(path: string, error: NodeJS.ErrnoException): RolloutError {
  if (error.code === 'EISDIR') return alreadyThere(path);
  return new RolloutError('file_unreadable', `${path} cannot be written: ${error.code ?? error.message}`, {
    hint: 'name a file in a folder that is there and may be written, with --file',
  });
}
