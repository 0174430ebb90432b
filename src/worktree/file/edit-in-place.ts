import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type {
  ChangeRefused,
  Edited,
  FileChangeResult,
  Refusal,
} from '../../app/ports/configuration-repository.ts';
import { changedParts } from '../../domain/change/bundle.ts';
import { RolloutError } from '../../errors.ts';
import { utf8 } from '../../lib/utf8.ts';
import { replaceFile } from '../git/replace-file.ts';
import { readConfigurationFile } from './read-file.ts';

/** Number of attempts while the file keeps being saved; then somebody is working on it. */
const ATTEMPTS = 5;

/** Edits the file in its folder; `scratch` as for `replaceFile`. */
export async function editInPlace<R extends Refusal>(
  path: string,
  edit: (text: string) => Edited<R>,
  scratch?: string,
): Promise<FileChangeResult | ChangeRefused<R>> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const content = await readConfigurationFile(path);
    const text = utf8(content, path);
    const edited = edit(text);
    if ('refused' in edited) return { state: 'refused', refused: edited.refused };
    if (edited.text === text) return { state: 'unchanged', commit: null };
    if (await replaceChanged(path, text, edited.text, scratch)) return { state: 'edited' };
  }
  throw new RolloutError('edit_refused', `${path} was left as it is: somebody else is changing it`, {
    hint: 'run the command again',
  });
}

/** Returns false if somebody saved one of the files meanwhile: then everything is read again. */
async function replaceChanged(
  path: string,
  before: string,
  after: string,
  scratch?: string,
): Promise<boolean> {
  for (const { part, from, to } of changedParts(before, after)) {
    const file = part === null ? path : join(dirname(realpathSync(path)), part);
    if (!(await replaceFile(file, Buffer.from(from), to, scratch))) return false;
  }
  return true;
}
