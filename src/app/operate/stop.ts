import { errorText } from '../../lib/error-text.ts';
import type { StopResult } from '../../store/incidents/incidents.ts';
import { type TellDependencies, type Told, tellIncidents } from '../incidents/incident-issues.ts';

export interface StopDependencies extends TellDependencies {
  actor: string;
}

export interface StopInput {
  /** Null: every feature, and those that are added later. */
  feature: string | null;
  reason: string;
  /** Receives, each second, a line that names who holds the lock that the stop waits for. */
  onWait?: (line: string) => void;
}

export interface StopOutcome {
  /** In effect in the database. */
  result: StopResult;
  /**
   * The issues of incidents, brought up to date after the stop. Never rejects: nothing that fails here undoes a stop,
   * and the next tick tries again. Await it before the store is closed.
   */
  told: Promise<Told>;
}

/** Stops in the database with nothing but the database, and returns at once; the issues follow. */
export async function stop(deps: StopDependencies, input: StopInput): Promise<StopOutcome> {
  const { feature, reason, onWait } = input;
  const result = await deps.store.incidents.stop(feature, reason, deps.actor, onWait);
  return { result, told: told(deps) };
}

async function told(deps: StopDependencies): Promise<Told> {
  try {
    return await tellIncidents(deps);
  } catch (error) {
    return { problems: [`the issues of incidents were not updated: ${errorText(error)}`], warnings: [] };
  }
}
