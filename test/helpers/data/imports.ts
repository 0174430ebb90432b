import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type pg from 'pg';
import { type ImportInput, importSubjects } from '../../../src/app/registry/import-subjects.ts';
import type { ImportReport } from '../../../src/domain/report/registry-reports.ts';
import type { RolloutError } from '../../../src/errors.ts';
import { createStore } from '../../../src/store/store.ts';

/** Imports a text, or bytes, as a file with this content. */
export function importText(
  pool: pg.Pool,
  content: string | Buffer | Readable,
  options: Partial<ImportInput> = {},
): Promise<ImportReport> {
  return importSubjects(createStore(pool), {
    stream: content instanceof Readable ? content : Readable.from([Buffer.from(content)]),
    name: 'a file',
    format: 'csv',
    subject: 'repository',
    actor: 'ada',
    skipInvalid: false,
    // Most texts of the tests are about something else than sizes.
    allowMissing: true,
    ...options,
  });
}

/** Imports a file of test/fixtures/subjects. */
export function importFixture(pool: pg.Pool, name: string, options: Partial<ImportInput> = {}) {
  const path = join(import.meta.dirname, '../../fixtures/subjects', name);
  const format = name.endsWith('.ndjson') ? 'ndjson' : 'csv';
  return importText(pool, createReadStream(path), { name, format, ...options });
}

/** The lines that an import was refused for, as they are told. */
export async function problemsOf(refused: Promise<unknown>): Promise<string[]> {
  const error = await refused.then(
    () => new Error('it was not refused'),
    (error: RolloutError) => error,
  );
  return error.message.split('\n').map((line) => line.trim());
}
