import { errorText } from '../../lib/error-text.ts';
import type { StopResult } from '../../store/incidents/incidents.ts';
import { type TellDependencies, type Told, tellIncidents } from '../incidents/incident-issues.ts';

export interface StopDependencies extends TellDependencies {
  actor: string;
}

export interface StopInput {
  /** Feature to stop; null: every feature, including those that are added later. */
  feature: string | null;
  reason: string;
  /** Called each second with a line that names the holder of the lock that the stop waits for. */
  onWait?: (line: string) => void;
}

export interface StopOutcome {
  /** The stop's effect in the database. */
  result: StopResult;
  /**
   * Updates of the incidents' issues, after the stop. Never rejects: no failure here undoes a stop, and the next tick
   * tries again. Await it before the store is closed.
   */
  told: Promise<Told>;
}

/** Stops in the database, needing nothing else, and returns at once; the issues follow. */
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
