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
 * Brings `rollout.yaml` in line with every open incident that it does not say yet. What may be committed goes
 * in one commit; each pull request stands for itself. What fails stays pending and is tried at the next tick:
 * the database is safe already.
 *
 * Of the incident `edited` the file in the folder is edited, and a person commits it. A plain file beside a database
 * that commits govern is left alone: the controller that has the repository does it.
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
 * Without those that were written and that the file says: the next reconcile settles them. Where the default branch was
 * rewritten, the commit of an open incident may be gone, and nobody would ever end the hold.
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
  // What cannot be read now is asked again by the next tick.
  if (text === null) return pending.filter(({ state }) => state !== 'done');
  const says = (one: PendingWriteBack): boolean => {
    const edited = editForIncidents(text, [one], environment);
    return 'text' in edited && edited.text === text;
  };
  return pending.filter((one) => one.state !== 'done' || !says(one));
}

/** The branch of a feature's write-back, by which its pull request is found again. */
export function holdBranch(environment: string | null, feature: string): string {
  return proposalBranch(environment, { operation: 'hold', name: feature });
}

interface Group {
  via: ChangeVia;
  incidents: PendingWriteBack[];
}

/** An edit comes last: nothing is committed or proposed from a folder with one. */
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
  /** Whose database this is. */
  environment: string | null;
}

/** What the file cannot take of one incident does not keep the others waiting. */
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
    // It was the repository, and all of them wait.
    return forEach(incidents, () => pendingBecause(errorText(error)));
  }
}

function forEach(
  incidents: readonly PendingWriteBack[],
  outcome: (incident: string) => WriteBackOutcome,
): WrittenBack[] {
  return incidents.map(({ incident, feature }) => ({ incident, feature, ...outcome(incident) }));
}

/** A rule of the repository wants pull requests: each feature gets one of its own, found again by its branch. */
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
