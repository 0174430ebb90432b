import { createReadStream, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { standsAlone } from '../../domain/change/bundle.ts';
import { RolloutError } from '../../errors.ts';
import { errorCode } from '../../lib/error-text.ts';
import { refuseLinkOut } from './link.ts';

/** Bytes that are read at most; the parser refuses files that are larger. */
const LARGEST_READ = 16 * 1024 * 1024;

/**
 * Reads a file and the files that it includes, or a pipe such as /dev/stdin, as bytes (`domain/change/bundle`). Throws
 * `file_missing` or `file_unreadable` and names what was found instead.
 */
export async function readConfigurationFile(path: string): Promise<Uint8Array> {
  const main = await readOne(path);
  // YAML is parsed only if there may be an include.
  if (standsAlone(main)) return main;
  const { withIncluded } = await import('../../config/read/includes.ts');
  const target = realOf(path);
  const folder = dirname(target);
  return withIncluded(main, basename(target), {
    list: (below) => entriesOf(join(folder, below)),
    read: (below) => readOne(join(folder, below)),
  });
}

/** A pipe has no real path. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

async function entriesOf(folder: string): Promise<{ name: string; link: boolean }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink() || entry.isDirectory())
    .map((entry) => ({ name: entry.name, link: entry.isSymbolicLink() }));
}

async function readOne(path: string): Promise<Buffer> {
  refuseLinkOut(path);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of createReadStream(path, { end: LARGEST_READ - 1 })) chunks.push(chunk as Buffer);
  } catch (error) {
    throw explain(path, error);
  }
  return Buffer.concat(chunks);
}

function explain(path: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === 'ENOENT') {
    return new RolloutError('file_missing', `there is no file ${path}`, {
      hint: 'name it with --file, or write a first one: rollout init',
    });
  }
  if (code === 'EISDIR') {
    return new RolloutError('file_unreadable', `${path} is a directory`, {
      hint: 'name the file with --file',
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new RolloutError('file_unreadable', `${path} may not be read by this user`, {
      hint: `check its permissions: ls -l ${path}`,
    });
  }
  if (!code) return error;
  return new RolloutError('file_unreadable', `${path} cannot be read: ${REASONS[code] ?? code}`, {
    hint: 'name the file with --file',
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: 'a part of its path is not a directory',
  ELOOP: 'its links go in a circle',
  ENAMETOOLONG: 'its name is too long',
};
