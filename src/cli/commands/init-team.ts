import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkedOwner, includingTeam, teamFile, withOwner } from '../../app/setup/team.ts';
import { validate } from '../../app/setup/validate.ts';
import { readConfigurationFile } from '../../compose/environment/files.ts';
import { surroundingOf } from '../../compose/environment/workflows.ts';
import { RolloutError } from '../../errors.ts';
import { errorCode } from '../../lib/error-text.ts';
import { answer } from '../terminal/answer.ts';
import type { CommonOptions } from '../terminal/command.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

interface TeamOptions extends CommonOptions {
  team: string;
  owner?: string;
}

/** The places in which GitHub looks for it, in order. */
const CODEOWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/** Writes a team's file beside the main file, includes it there, and adds its line to CODEOWNERS. */
export async function initTeam(terminal: Terminal, options: TeamOptions): Promise<number> {
  const { file, team } = options;
  const owner = checkedOwner(options.owner ?? '');
  const { path, text } = teamFile(team, file);
  const main = await readFile(file, 'utf8').catch(async () => {
    // Throws if the main file is invalid.
    await readConfigurationFile(file);
    throw new RolloutError('file_unreadable', `${file} cannot be read`);
  });
  const including = includingTeam(main, path);
  const place = join(dirname(file), path);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, text, { flag: 'wx' }).catch((error) => {
    const found =
      errorCode(error) === 'EEXIST' ? 'is there already' : `cannot be written: ${errorCode(error)}`;
    throw new RolloutError('usage', `${place} ${found}`, { hint: 'name another team, or edit that file' });
  });
  const written = [place];
  if (including !== main) {
    await writeFile(file, including);
    written.push(file);
  }
  const owners = await ownLine(file, path, owner);
  if ('wrote' in owners) written.push(owners.wrote);
  const { valid, problems } = validate(await readConfigurationFile(file));
  answer(terminal, options, {
    json: () => ({ written, valid, problems }),
    words: () => written.map((one) => ({ text: `wrote ${one}` })),
  });
  if ('kept' in owners) terminal.note(owners.kept);
  terminal.note('next: put features into the file, then rollout validate');
  return EXIT.ok;
}

/** Adds the file's owner to CODEOWNERS, or reports why nothing was written. */
async function ownLine(
  file: string,
  path: string,
  owner: string,
): Promise<{ wrote: string } | { kept: string }> {
  const surrounding = await surroundingOf(file);
  if (surrounding === null) return { kept: `no CODEOWNERS: ${file} is not in a git repository` };
  const folder = dirname(surrounding.file);
  const fromTop = folder === '.' ? path : `${folder}/${path}`;
  const texts = await Promise.all(
    CODEOWNERS.map((one) => readFile(join(surrounding.root, one), 'utf8').catch(() => null)),
  );
  const found = Math.max(
    0,
    texts.findIndex((text) => text !== null),
  );
  const before = texts[found] ?? '';
  const after = withOwner(before, fromTop, owner);
  if (after === before) return { kept: `kept ${CODEOWNERS[found]}, which has the line already` };
  const place = join(surrounding.root, CODEOWNERS[found] ?? '');
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, after);
  return { wrote: place };
}
