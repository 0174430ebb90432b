import { createHash } from 'node:crypto';
import { RolloutError } from '../../../errors.ts';
import type { Reader, Store } from '../../../store/store.ts';
import type { ConfigurationRepository } from '../../ports/configuration-repository.ts';

/** A plain file that a person adopts, once. */
export interface AdoptedFile {
  /** Hex SHA-256 of its content. */
  digest: string;
  reason: string;
}

/** Returns the hex SHA-256 of a file's content. */
export function fileDigest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Throws `revision_refused` for a file without a commit in a database that commits govern: a folder copied into an
 * image may hold anything, such as a feature that was rolled back since. A person may adopt one content, once.
 */
export async function refusePlainFile(
  read: Reader,
  file: { path: string; content: string | Uint8Array; revision: string | null },
  adopted: AdoptedFile | null,
): Promise<void> {
  if (file.revision !== null) return;
  const governor = await read.governingRevision();
  const digest = fileDigest(file.content);
  if (governor === null) {
    if (adopted) throw notGoverned(file.path);
    return;
  }
  if (adopted === null) throw ungoverned(file.path, governor);
  if (adopted.digest !== digest) throw otherContent(file.path, digest, adopted.digest);
}

/**
 * Throws `revision_refused` before a plain file is written beside a database that commits govern: the edit would never
 * be applied, although the answer would say that it was written.
 */
export async function refusePlainWrites({ store, repository }: Governed): Promise<void> {
  const why = await whyNoPlainWrites({ store, repository });
  if (why) throw why;
}

interface Governed {
  store: Store;
  repository: ConfigurationRepository;
}

export async function whyNoPlainWrites({ store, repository }: Governed): Promise<RolloutError | null> {
  if (repository.committed) return null;
  const governor = await store.reading((read) => read.governingRevision());
  return governor === null ? null : ungoverned('the file', governor);
}

function ungoverned(path: string, governor: string): RolloutError {
  return new RolloutError(
    'revision_refused',
    `this database is governed by commits (${governor.slice(0, 10)} was applied last), and ${path} is not in a commit`,
    {
      hint: 'run it in a clone of the repository, with its .git folder; to apply this one content all the same, once: rollout adopt-file --reason "..."',
    },
  );
}

function notGoverned(path: string): RolloutError {
  return new RolloutError('usage', `no commit governs this database: nobody has to answer for ${path}`, {
    hint: 'apply the file: rollout reconcile',
  });
}

function otherContent(path: string, found: string, asked: string): RolloutError {
  return new RolloutError(
    'revision_refused',
    `${path} has the digest ${found.slice(0, 12)}, not ${asked.slice(0, 12)}: its content changed`,
    { hint: 'look at its plan again: rollout plan, then run: rollout adopt-file --reason "..."' },
  );
}
