import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { RolloutError } from '../../errors.ts';

/**
 * Throws `file_unreadable` if a link in a repository leads out of it. A proposal may contain a link to a file of the
 * machine that reads it, whose content would appear in messages or pass for a merged file. A link from outside into a
 * repository is its owner's decision.
 */
export function refuseLinkOut(path: string): void {
  const target = realOrNull(path);
  if (target === null) return;
  for (const link of linksIn(resolve(path))) {
    const root = repositoryOf(realpathSync(dirname(link)));
    if (root === null || isContent(relative(root, target))) continue;
    throw new RolloutError('file_unreadable', `${path} is a link that leads out of its repository`, {
      hint: 'put the file itself there, or name the file that is meant with --file',
    });
  }
}

/** Returns every part of a path that is a link. */
function linksIn(path: string): string[] {
  const parts = path.split(sep).map((_, at, all) => all.slice(0, at + 1).join(sep) || sep);
  return parts.filter((part) => lstatSync(part, { throwIfNoEntry: false })?.isSymbolicLink());
}

/** Returns the nearest parent folder that is a repository; null: there is none. */
function repositoryOf(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) return null;
  }
}

/** Is it in the repository's own tree? Git's own folder, which may hold credentials, is not. */
function isContent(path: string): boolean {
  const [first] = path.split(sep);
  return first !== '..' && first !== '.git' && !isAbsolute(path);
}

function realOrNull(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    // Missing, or a circle: the reader reports it.
    return null;
  }
}
