import { parseConfig } from '../../config/read/parse.ts';
import { problemsAt } from '../../config/read/problems-at.ts';
import type { PlanResult } from '../../domain/plan/result.ts';
import {
  type AgainstMerging,
  againstMerging,
  type CheckConclusion,
  checkConclusion,
  type PlannedWith,
} from '../../domain/proposal/plan-check.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import { RolloutError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import { raisedBetween } from '../operate/raised-between.ts';
import type { ConfigurationRepository, Tip } from '../ports/configuration-repository.ts';
import type { AskedEngine } from '../ports/metric-engine.ts';
import type { Words } from '../ports/words.ts';
import { nothingPlanned, validated } from '../reconcile/file/unplanned.ts';
import { planFile } from '../reconcile/plan.ts';
import { planAgainstFile } from '../reconcile/plan-against-file.ts';
import { type Outlook, outlooks } from '../views/change-preview.ts';

/** A proposed file. */
export interface Proposal {
  /** The file after a merge, or why it cannot be read. */
  file: Tip | RolloutError;
  /** The file at the tip of the default branch; null: it could not be read. */
  tip: Tip | null;
  /** The file that the proposal started from; null: there was none. `unknown`: it could not be read. */
  base: Uint8Array | null | 'unknown';
}

export interface PlannedProposal {
  plan: PlanResult;
  outlooks: Outlook[];
  /** Reasons for a missing plan, one sentence each. */
  notes: string[];
  /** True: the file as a whole could not be planned. */
  failed: boolean;
  /** Does the proposal change the file? */
  changed: boolean;
  against: AgainstMerging[];
  conclusion: CheckConclusion;
  /** The entries that prevent a merge, at their lines. */
  kept: Problem[];
}

/** The plan compares two files: `any`, because no database was named; `away`, because the named one did not answer. */
export interface WithoutDatabase {
  without: 'any' | 'away';
  now: Date;
}

export interface ProposalDependencies {
  store: Store | WithoutDatabase;
  repository: ConfigurationRepository;
  words: Words;
  engine: AskedEngine;
}

/** Plans what merging a proposed file would change, and whether anything prevents the merge. Writes nothing. */
export async function planProposal(deps: ProposalDependencies, proposal: Proposal): Promise<PlannedProposal> {
  const { file } = proposal;
  const found = await planned(deps, proposal);
  const changed = changesFile(proposal);
  const proposed = {
    plan: found.plan,
    with: plannedWith(deps),
    changed,
    raised: new Set(raisedBy(proposal)),
    unplanned: found.failed ? (found.notes.at(-1) ?? null) : null,
  };
  const against = againstMerging(proposed);
  const conclusion = checkConclusion(proposed, against);
  return { ...found, changed, against, conclusion, kept: keptEntries(deps.words, file, against) };
}

function plannedWith({ store }: ProposalDependencies): PlannedWith {
  if (!('without' in store)) return 'database';
  return store.without === 'away' ? 'away' : 'file';
}

type Planned = Pick<PlannedProposal, 'plan' | 'outlooks' | 'notes' | 'failed'>;

async function planned(deps: ProposalDependencies, { file, tip }: Proposal): Promise<Planned> {
  const { store, words, repository, engine } = deps;
  if (file instanceof RolloutError) {
    const note = `Nothing could be reconciled after this: ${sentence(file)}`;
    return { plan: nothingPlanned([], null), outlooks: [], notes: [note], failed: true };
  }
  try {
    if ('without' in store) {
      const plan = tip ? planAgainstFile(tip, file, store.now, words) : validated(file);
      return { plan, outlooks: [], notes: [], failed: false };
    }
    const plan = await planFile({ store, repository, words }, file);
    return {
      plan,
      outlooks: await outlooks({ store, words, engine }, file, plan.changes),
      notes: [],
      failed: false,
    };
  } catch (error) {
    // Also stated in the comment, because an older plan that stayed there would be believed.
    if (!(error instanceof RolloutError) || error.code.startsWith('database_')) throw error;
    return { plan: validated(file), outlooks: [], notes: [sentence(error)], failed: true };
  }
}

/** False also if the default branch already has the same file: then merging changes nothing. */
function changesFile({ file, base, tip }: Proposal): boolean {
  const proposed = contentOf(file);
  if (tip && isSame(tip.content, proposed)) return false;
  return base === 'unknown' || !isSame(base, proposed);
}

/** Returns the raised features; every feature of the file if its base is unknown. */
function raisedBy({ file, base }: Proposal): string[] {
  const after = contentOf(file);
  if (after === null) return [];
  const features = [...(parseConfig(after).config?.features.keys() ?? [])];
  return raisedBetween(base === 'unknown' ? null : base, after, features);
}

/** Puts held and refused features beside their entries, where a reader of the file looks. */
function keptEntries(
  words: Pick<Words, 'reason'>,
  file: Tip | RolloutError,
  against: readonly AgainstMerging[],
): Problem[] {
  if (file instanceof RolloutError) return [];
  const entries = against.flatMap((one) =>
    one.code === 'held' || one.code === 'refused'
      ? [{ severity: 'error' as const, path: ['features', one.feature], message: words.reason(one.reason) }]
      : [],
  );
  return problemsAt(file.content, entries);
}

function contentOf(file: Tip | RolloutError): Uint8Array | null {
  return file instanceof RolloutError ? null : file.content;
}

function isSame(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : Buffer.compare(one, other) === 0;
}

function sentence({ message, hint }: RolloutError): string {
  return hint ? `${message}; ${hint}` : message;
}

/** Returns the environment of a file; null: it names none, or cannot be read. */
export function environmentIn(file: Tip | null): string | null {
  return file === null ? null : (parseConfig(file.content).config?.environment ?? null);
}
