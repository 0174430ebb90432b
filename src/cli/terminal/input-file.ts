import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { RolloutError } from '../../errors.ts';

/** Opens a file for reading line by line, or with `-` standard input. */
export function openInput(path: string): Readable {
  return path === '-' ? process.stdin : createReadStream(path);
}

/** Checked before a database is opened. Throws if the file does not exist or cannot be read. */
export async function requireInput(path: string): Promise<void> {
  if (path === '-') return;
  try {
    await access(path, constants.R_OK);
    if ((await stat(path)).isDirectory())
      throw Object.assign(new Error(path), { code: 'EISDIR', syscall: 'read' });
  } catch (error) {
    throw inputError(path, error);
  }
}

/** Converts an error of reading `path`: a missing file is the most likely mistake. */
export function inputError(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : '';
  const found = FOUND[code];
  if (!found) return error;
  return new RolloutError(code === 'ENOENT' ? 'file_missing' : 'file_unreadable', found(path), {
    hint: 'name a file, or - for standard input',
    cause: error,
  });
}

const FOUND: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `there is no file ${path}`,
  EISDIR: (path) => `${path} is a directory`,
  ENOTDIR: (path) => `${path} cannot be read: a part of its path is not a directory`,
  EACCES: (path) => `${path} may not be read by this user`,
  EPERM: (path) => `${path} may not be read by this user`,
};
