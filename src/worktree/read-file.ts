import { open } from 'node:fs/promises';
import { RolloutError } from '../errors.ts';

/** Larger files are refused by the parser; no more than this is read to find that out. */
const LARGEST_READ = 16 * 1024 * 1024;

/** Reads a file as bytes. Throws `file_missing` or `file_unreadable` with what was found instead. */
export async function readConfigurationFile(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.min(size, LARGEST_READ));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw explain(path, error);
  }
}

function explain(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
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
  return error;
}
