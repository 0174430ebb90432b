import type { Stamp } from '../../src/store/outcomes/jobs.ts';
import type { Columns } from './admission.ts';
import type { Facts } from './facts.ts';
import type { WrittenPolicy } from './file.ts';
import { firstRegistry, type Registry } from './registry.ts';

/** What took a feature back, and how a person may lift it. */
export interface Hold {
  feature: string;
  /** Nobody beyond these may be in. */
  columns: Columns;
  why: string;
  /** A commit of the default branch that was applied and agreed; null: none yet. */
  agreed: string | null;
}

/** When somebody came in, and by what. */
export interface Entry {
  at: number;
  by: 'file' | 'registry' | 'hand';
}

/** Outcomes that the database acknowledged. */
export interface Acknowledged {
  feature: string;
  arm: string;
  jobs: number;
  errors: number;
  /** Minutes of the world's clock. */
  at: number;
}

/** A routed job, and what became of it. */
export interface Routed {
  stamp: Stamp;
  /** Minutes of the world's clock at which it was routed. */
  at: number;
  state: string;
}

/** What the world remembers beside what the database says. */
export interface Model {
  /** Minutes since the walk began. */
  clock: number;
  registry: Registry;
  /** By name in lower case, everybody who ever had it. */
  owners: Map<string, Set<string>>;
  /** Rightly exposed, by feature: by a commit, the registry or what was before. */
  rightful: Map<string, Set<string>>;
  /** The last columns whose exposure was rightful. */
  columns: Map<string, Columns>;
  entered: Map<string, Map<string, Entry>>;
  holds: Hold[];
  /** Leave of a person: up to this percentage, until this minute. */
  permits: Map<string, { percentage: number; until: number }>;
  latched: boolean;
  outcomes: Acknowledged[];
  /** Routed jobs by their id. */
  stamps: Map<string, Routed>;
  /** By feature: the last finished job of treatment, and whether harm of its own was recorded since it was last raised. */
  lastJob: Map<string, number>;
  harmed: Set<string>;
  /** Texts as people last had them readable. */
  lastText: string;
  /** Commits of the default branch that a person's later pull requests come from. */
  night: Night | null;
  facts: Facts;
  /** Entries that a policy refused, as long as they stay the same; null: a person let it through. */
  denied: Map<string, { entry: string; policy: WrittenPolicy | null }>;
  /** Features that somebody reached into since they were reconciled last. */
  touched: Set<string>;
  /** Features of which somebody edited the columns that decide, since a reconcile last went through. */
  moved: Set<string>;
  /** Every commit that was ever on the default branch. */
  revisions: Set<string>;
  /** By spec as JSON: the digest that it had first. */
  digests: Map<string, string>;
}

/** The part of the model that a restore puts back. */
export type Night = Pick<
  Model,
  | 'clock'
  | 'registry'
  | 'rightful'
  | 'columns'
  | 'entered'
  | 'holds'
  | 'permits'
  | 'latched'
  | 'outcomes'
  | 'stamps'
  | 'facts'
  | 'denied'
  | 'touched'
  | 'moved'
>;

export function firstModel(facts: Facts, text: string): Model {
  const registry = firstRegistry();
  const owners = new Map<string, Set<string>>();
  for (const { id, name } of registry.repositories.values()) {
    if (name !== null) owners.set(name.toLowerCase(), new Set([id]));
  }
  return {
    ...{ clock: 0, registry, owners, facts, latched: false, lastText: text, night: null },
    ...{
      rightful: new Map(),
      columns: new Map(),
      entered: new Map(),
      permits: new Map(),
      lastJob: new Map(),
    },
    ...{ holds: [], outcomes: [], harmed: new Set() },
    ...{
      revisions: new Set(),
      digests: new Map(),
      stamps: new Map(),
      denied: new Map(),
      touched: new Set(),
      moved: new Set(),
    },
  };
}

/** A copy that later steps do not reach. */
export function nightOf(model: Model): Night {
  const { clock, registry, rightful, columns, entered, holds, permits, latched } = model;
  const { outcomes, stamps, facts, denied, touched, moved } = model;
  return structuredClone({
    ...{ clock, registry, rightful, columns, entered, holds, permits, latched },
    ...{ outcomes, stamps, facts, denied, touched, moved },
  });
}

/** One job of treatment ended now; a failure is harm that the feature did itself. */
export function acknowledge(model: Model, feature: string, errors: 0 | 1): void {
  const at = model.clock;
  model.outcomes.push({ feature, arm: 'treatment', jobs: 1, errors, at });
  model.lastJob.set(feature, Math.max(at, model.lastJob.get(feature) ?? 0));
  if (errors > 0) model.harmed.add(feature);
}
