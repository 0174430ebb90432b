import type { WrittenBack } from '../../domain/change/outcome.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { utf8 } from '../../lib/utf8.ts';
import type { PendingWriteBack, WriteBackOutcome } from '../../store/incidents/write-backs.ts';
import type { Store } from '../../store/store.ts';
import type { ChangeVia, ConfigurationRepository, FileChange } from '../ports/configuration-repository.ts';
import type { Words } from '../ports/words.ts';
import { proposalBranch } from '../proposal-branch.ts';
import { whyNoPlainWrites } from '../reconcile/file/plain-file-guard.ts';
import { editForIncidents, type RefusedIncidents } from './write-back-edit.ts';
import { pendingBecause, writeBackOutcome } from './write-back-outcome.ts';

export interface WriteBackDependencies {
  store: Store;
  repository: ConfigurationRepository;
  words: Pick<Words, 'writeBack'>;
}

/**
 * Writes every open incident that `rollout.yaml` does not reflect yet into it. Edits that may be committed share one
 * commit; each pull request is separate. Failures stay pending and are retried at the next tick: the database is safe
 * already.
 *
 * For the incident `edited` the file in the folder is edited, and a person commits it. A plain file beside a database
 * that commits govern is left alone: the controller with the repository writes back.
 */
export async function writeBackPending(
  { store, repository, words }: WriteBackDependencies,
  edited: string | null = null,
): Promise<WrittenBack[]> {
  if (await whyNoPlainWrites({ store, repository })) return [];
  const { pending, head, environment } = await store.reading(async (read) => ({
    pending: await read.incidents.pendingWriteBacks(),
    head: await read.history.head(),
    environment: (await read.state()).environment,
  }));
  const written: WrittenBack[] = [];
  const missing = await withoutSaid(repository, pending, environment);
  for (const group of groupsOf(missing, edited)) {
    for (const one of await writeGroup({ repository, words }, group, { head, environment })) {
      const { incident, feature, ...outcome } = one;
      await store.incidents.markWriteBack(incident, outcome);
      written.push(one);
    }
  }
  return written;
}

/**
 * Leaves out incidents that are written and that the file reflects: the next reconcile settles them. If the default
 * branch was rewritten, an open incident's commit may be gone, and without this check its hold would never end.
 */
async function withoutSaid(
  repository: ConfigurationRepository,
  pending: readonly PendingWriteBack[],
  environment: string | null,
): Promise<readonly PendingWriteBack[]> {
  if (!pending.some(({ state }) => state === 'done')) return pending;
  const text = await repository.read('commit').then(
    ({ path, content }) => utf8(content, path),
    () => null,
  );
  // A file that cannot be read now is read again by the next tick.
  if (text === null) return pending.filter(({ state }) => state !== 'done');
  const says = (one: PendingWriteBack): boolean => {
    const edited = editForIncidents(text, [one], environment);
    return 'text' in edited && edited.text === text;
  };
  return pending.filter((one) => one.state !== 'done' || !says(one));
}

/** Returns the branch of a feature's write-back, which identifies its pull request. */
export function holdBranch(environment: string | null, feature: string): string {
  return proposalBranch(environment, { operation: 'hold', name: feature });
}

interface Group {
  via: ChangeVia;
  incidents: PendingWriteBack[];
}

/** Edits come last: from a folder with an edit, nothing can be committed or proposed. */
function groupsOf(pending: readonly PendingWriteBack[], edited: string | null): Group[] {
  const own = pending.filter(({ incident }) => incident === edited);
  const others = pending.filter(({ incident }) => incident !== edited);
  const groups: Group[] = [
    { via: 'commit', incidents: others.filter(({ via }) => via !== 'pull_request') },
    ...others
      .filter(({ via }) => via === 'pull_request')
      .map((one): Group => ({ via: 'pull_request', incidents: [one] })),
    { via: 'file', incidents: own },
  ];
  return groups.filter(({ incidents }) => incidents.length > 0);
}

type Writer = Pick<WriteBackDependencies, 'repository' | 'words'>;

interface Known {
  /** Digest of the last row of history; empty before the first. */
  head: string;
  /** Environment of the database. */
  environment: string | null;
}

/** Writes one group; an incident whose edit fails does not keep the others waiting. */
async function writeGroup(deps: Writer, { via, incidents }: Group, known: Known): Promise<WrittenBack[]> {
  try {
    const result = await deps.repository.change(changeFor(deps.words, incidents, via, known));
    if (result.state !== 'refused') return forEach(incidents, () => writeBackOutcome(result));
    const { incidents: refused, message } = result.refused;
    const waits = ({ incident }: PendingWriteBack) => refused.has(incident);
    const waiting = forEach(incidents.filter(waits), (one) => pendingBecause(refused.get(one) ?? message));
    const rest = incidents.filter((one) => !waits(one));
    return rest.length === 0
      ? waiting
      : [...waiting, ...(await writeGroup(deps, { via, incidents: rest }, known))];
  } catch (error) {
    if (via === 'commit' && incidents.length > 1 && isProtected(error)) {
      return proposeEach(deps, incidents, known);
    }
    // The repository failed, so all of them wait.
    return forEach(incidents, () => pendingBecause(errorText(error)));
  }
}

function forEach(
  incidents: readonly PendingWriteBack[],
  outcome: (incident: string) => WriteBackOutcome,
): WrittenBack[] {
  return incidents.map(({ incident, feature }) => ({ incident, feature, ...outcome(incident) }));
}

/** A rule of the repository requires pull requests: each feature gets its own, identified by its branch. */
async function proposeEach(
  deps: Writer,
  incidents: readonly PendingWriteBack[],
  known: Known,
): Promise<WrittenBack[]> {
  const written: WrittenBack[] = [];
  for (const one of incidents) {
    written.push(...(await writeGroup(deps, { via: 'pull_request', incidents: [one] }, known)));
  }
  return written;
}

function isProtected(error: unknown): boolean {
  return error instanceof RolloutError && error.code === 'branch_protected';
}

function changeFor(
  words: Writer['words'],
  incidents: readonly PendingWriteBack[],
  via: ChangeVia,
  { head, environment }: Known,
): FileChange<RefusedIncidents> {
  return {
    edit: (text) => editForIncidents(text, incidents, environment),
    via,
    only_commit: incidents.length > 1,
    branch: holdBranch(environment, incidents[0]?.feature ?? ''),
    ...words.writeBack(incidents),
    features: incidents.map(({ feature }) => feature),
    trailers: [
      ...incidents.map(({ incident }) => `Rollout-Incident: ${incident}`),
      ...(head === '' ? [] : [`Rollout-History: ${head}`]),
    ],
  };
}
