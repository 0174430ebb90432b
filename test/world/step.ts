import type { PlanResult, ReconcileResult } from '../../src/domain/plan/result.ts';
import { RolloutError } from '../../src/errors.ts';
import type { Dice } from './dice.ts';
import type { Ground } from './ground.ts';
import type { Model } from './model.ts';

/** A walk in the middle: the real things, and what is remembered of them. */
export interface World {
  ground: Ground;
  model: Model;
}

/** One step as it is printed and walked again: numbers choose among what is there when it is taken. */
export interface Step {
  kind: string;
  [name: string]: string | number | boolean;
}

/** What a step did, for the invariants. */
export interface Effect {
  /** A word or two for the walk that is printed. */
  note: string;
  /** Was the file brought to the database? `perhaps`: a process was killed in the middle. */
  applied: 'no' | 'yes' | 'perhaps';
  /** What was said before the step of what it would do; with what it did. */
  planned?: PlanResult;
  reconciled?: ReconcileResult;
  /** Features that a person took back or stopped; the reason. */
  held?: { feature: string; why: string }[];
  /** Features that the controller or the fuse took back by itself. */
  judged?: string[];
  /** Features to which the controller gave their next step. */
  advanced?: string[];
  /** Features whose next step the controller wrote into a plain file, for the reconcile after. */
  written?: string[];
  /** Features whose next step a person asked for, by the gate that the controller goes by, and got. */
  asked?: string[];
  /** Features of which a person let through what the policy refused. */
  let?: string[];
  permits?: { feature: string; percentage: number }[];
  /** Features whose raise was asked for by pull request, so that nobody may enter in this step. */
  unreviewed?: string[];
  /** A tick that went through, so that what it looks after is up to date. */
  ticked?: boolean;
  latched?: boolean;
  /** Somebody reached into the database: SQL, or a restore. */
  byHand?: 'sql' | 'restored';
  /** The step said that it failed. */
  failed?: string;
}

/** A kind of step: how often, with what, and what it does. */
export interface Kind {
  weight: number;
  make(dice: Dice): Omit<Step, 'kind'>;
  /** Null: there is nothing of the kind to do here. */
  take(world: World, step: Step): Promise<Effect | null>;
}

/** What the product refuses is an answer; anything else is a failure of the walk. */
export async function orRefused(work: () => Promise<Effect>): Promise<Effect> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RolloutError) return { note: error.code, applied: 'no', failed: error.message };
    throw error;
  }
}

/** Kinds of steps, doors and checks that a walk is to do without, as while a fault that it found is being mended. */
export const WITHOUT: readonly string[] = (process.env.WORLD_WITHOUT ?? '').split(',');
