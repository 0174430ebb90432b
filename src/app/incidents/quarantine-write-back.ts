import { type Edit, editFeature } from '../../config/edit/edit.ts';
import { parseConfig } from '../../config/read/parse.ts';
import type { QuarantineWrittenBack } from '../../domain/change/round.ts';
import { calledBy } from '../../domain/quarantine/quarantine.ts';
import { foldName } from '../../domain/spec/resolve.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import type { PendingQuarantine } from '../../store/incidents/quarantine.ts';
import type { WriteBackOutcome } from '../../store/incidents/write-backs.ts';
import type { Store } from '../../store/store.ts';
import { attempted } from '../file-edit.ts';
import type {
  ChangeRefused,
  ConfigurationRepository,
  FileChangeResult,
} from '../ports/configuration-repository.ts';
import type { Words } from '../ports/words.ts';
import { proposalBranch } from '../proposal-branch.ts';
import { refuseOtherEnvironment } from '../reconcile/file/desired.ts';
import { whyNoPlainWrites } from '../reconcile/file/plain-file-guard.ts';
import { pendingBecause, writeBackOutcome } from './write-back-outcome.ts';

export interface QuarantineDependencies {
  store: Store;
  repository: ConfigurationRepository;
  words: Pick<Words, 'title' | 'facts'>;
}

/**
 * Adds the subjects in quarantine to the file's blacklist and removes them from its whitelist: one commit or pull
 * request per feature. Separate from the write-backs of incidents, so neither waits for the other. The subjects are out
 * in any case; the next tick retries failures.
 */
export async function writeBackQuarantines(deps: QuarantineDependencies): Promise<QuarantineWrittenBack[]> {
  if (await whyNoPlainWrites(deps)) return [];
  const { pending, known } = await deps.store.reading(async (read) => ({
    pending: await read.incidents.pendingQuarantines(),
    known: { head: await read.history.head(), environment: (await read.state()).environment },
  }));
  const written: QuarantineWrittenBack[] = [];
  for (const one of pending) {
    const outcome = await writeOne(deps, one, known);
    const ids = one.subjects.map(({ id }) => id);
    await deps.store.incidents.markQuarantines(ids, outcome);
    written.push({ feature: one.feature, subjects: one.subjects.map(({ subject }) => subject), ...outcome });
  }
  return written;
}

/** Returns the branch of a feature's proposal, which identifies its pull request. */
export function quarantineBranch(environment: string | null, feature: string): string {
  return proposalBranch(environment, { operation: 'quarantine', name: feature });
}

interface Known {
  head: string;
  environment: string | null;
}

async function writeOne(
  deps: QuarantineDependencies,
  pending: PendingQuarantine,
  known: Known,
): Promise<WriteBackOutcome> {
  const { repository, words } = deps;
  const { feature, subjects, via } = pending;
  const entries = subjects.map(calledBy);
  const requested = { code: 'list', list: 'blacklist', action: 'add', feature, entries } as const;
  const change = (how: PendingQuarantine['via']) =>
    repository.change({
      edit: (text) => attempted(() => editForQuarantine(text, pending, known.environment)),
      via: how,
      branch: quarantineBranch(known.environment, feature),
      title: words.title(requested),
      body: [...words.facts(requested), ...subjects.map(({ reason }) => reason), EFFECT].join('\n'),
      trailers: [
        `Rollout-Feature: ${feature}`,
        ...(known.head === '' ? [] : [`Rollout-History: ${known.head}`]),
      ],
    });
  try {
    return outcomeOf(await change(via).catch((error) => byProposal(error, () => change('pull_request'))));
  } catch (error) {
    return pendingBecause(errorText(error));
  }
}

/** Proposes a pull request if a rule of the repository requires one. */
function byProposal<T>(error: unknown, propose: () => Promise<T>): Promise<T> {
  if (error instanceof RolloutError && error.code === 'branch_protected') return propose();
  throw error;
}

const EFFECT = 'In quarantine in the database already: merging this changes 0 subjects.';

/** A feature that is not in the file needs no edit. */
function editForQuarantine(text: string, pending: PendingQuarantine, environment: string | null): string {
  const { feature } = pending;
  const { config, broken } = parseConfig(text);
  if (!config || broken.has(feature)) {
    throw new RolloutError(
      'file_invalid',
      `the file on the default branch has errors, so ${feature} was left as it is`,
      { hint: 'see them with: rollout validate' },
    );
  }
  refuseOtherEnvironment(config, environment);
  const spec = config.features.get(feature);
  if (!spec) return text;
  const edited = editFeature(text, feature, quarantineEdits(spec, pending));
  if (parseConfig(edited).config?.features.has(feature)) return edited;
  throw new RolloutError(
    'edit_refused',
    `the file cannot blacklist ${pending.subjects.map(calledBy).join(', ')}`,
    {
      hint: `edit ${feature} in rollout.yaml by hand`,
    },
  );
}

function quarantineEdits(
  spec: Pick<Spec, 'whitelist' | 'blacklist'>,
  { subjects, resolved }: Pick<PendingQuarantine, 'subjects' | 'resolved'>,
): Edit[] {
  const ids = new Set(subjects.map(({ subject }) => subject));
  const names = new Set(subjects.flatMap(({ name }) => (name === null ? [] : [foldName(name)])));
  const means = (entry: string) => ids.has(resolved[entry] ?? entry) || names.has(foldName(entry));
  const gone = spec.whitelist.filter(means);
  const known = new Set(
    spec.blacklist.flatMap((entry) => [entry, resolved[entry] ?? entry, foldName(entry)]),
  );
  const added = subjects
    .filter(({ subject, name }) => !known.has(subject) && !(name !== null && known.has(foldName(name))))
    .map(({ subject }) => subject);
  return [
    ...(gone.length > 0 ? [{ kind: 'remove_entries', list: 'whitelist', entries: gone } as const] : []),
    ...(added.length > 0 ? [{ kind: 'add_entries', list: 'blacklist', entries: added } as const] : []),
  ];
}

function outcomeOf(result: FileChangeResult | ChangeRefused<RolloutError>): WriteBackOutcome {
  return result.state === 'refused' ? pendingBecause(result.refused.message) : writeBackOutcome(result);
}
