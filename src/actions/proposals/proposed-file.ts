import type { Tip } from '../../app/ports/configuration-repository.ts';
import type { Proposal } from '../../app/proposals/plan-proposal.ts';
import { readConfigurationFile } from '../../compose/environment/files.ts';
import { RolloutError } from '../../errors.ts';
import type { Context } from '../runner/context.ts';
import type { Github } from '../runner/open.ts';
import type { Session } from '../runner/session.ts';

/** Reads the file, or the reason why it cannot be read, such as its deletion. */
export async function proposedFile({
  inputs: { file: path },
  context,
}: Session): Promise<Tip | RolloutError> {
  try {
    return { path, content: await readConfigurationFile(path), revision: context.sha };
  } catch (error) {
    if (error instanceof RolloutError) return error;
    throw error;
  }
}

/** Reads the file to compare with. If GitHub is unreachable, errors of the file are reported nevertheless. */
export async function tipOf({ configuration }: Github): Promise<{ tip: Tip | null; note: string }> {
  try {
    return { tip: await configuration.readTip(), note: '' };
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    if (error.code === 'file_missing') return { tip: NO_FILE, note: '' };
    return { tip: null, note: `The default branch could not be read: ${error.message}` };
  }
}

/** Base of a branch without a file. */
const NO_FILE = { path: 'no file', content: Buffer.from('version: 1\nfeatures: {}\n'), revision: null };

/**
 * Reads the file that the proposal started from. The checkout is a trial merge, whose first parent is the base; the tip
 * may have moved since. A merge queue that rebases has several commits on its base, and names the base.
 */
export async function baseOf(github: Github, { sha, mergeGroup }: Context): Promise<Proposal['base']> {
  try {
    const parent = mergeGroup?.onto ?? (await github.parentOf(sha));
    return parent === null ? 'unknown' : await github.fileAt(parent);
  } catch (error) {
    if (error instanceof RolloutError) return 'unknown';
    throw error;
  }
}
