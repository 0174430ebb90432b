import type { ChangeDependencies, ChangeOutcome } from '../app/change-file.ts';
import { Application, type ApplicationController } from '../compose/application.ts';
import { RolloutError } from '../errors.ts';
import type { ManagerOptions } from './types.ts';

let shared: Application | null = null;

/** An application of the manager's own, or without options the one that all managers without options share. */
export function applicationOf(options: ManagerOptions | undefined): Application {
  if (options) return newApplication(options);
  shared ??= newApplication({});
  return shared;
}

function newApplication({ connectionString, file, environment, log }: ManagerOptions): Application {
  return new Application({
    ...{ connectionString, file },
    environment: environment ?? process.env,
    log: log ?? ((line) => console.warn(line)),
  });
}

/** A program that calls a method has decided: nobody is asked. */
export const decided = { agree: async () => true };

/** The controller, in the name of whoever triggered the call. */
export function actingAs(controller: ApplicationController, actor: string): ChangeDependencies {
  return { ...controller, actor: actor.trim() || controller.actor };
}

/** Is the change live? Where it is not, the log says what it waits for. */
export function isLive(application: Application, { title, not_live }: ChangeOutcome): boolean {
  if (not_live === null) return true;
  application.log(`${title}: not live yet: ${not_live}`);
  return false;
}

/** A percentage as the database keeps it. Throws `usage` for anything else. */
export function requirePercentage(percentage: number): void {
  const hundredths = percentage * 100;
  const whole = Math.abs(hundredths - Math.round(hundredths)) < 1e-6;
  if (percentage >= 0 && percentage <= 100 && whole) return;
  throw new RolloutError('usage', `${percentage} is no percentage`, {
    hint: 'it is a number from 0 to 100 with at most two decimals',
  });
}

/** A moment as the originals gave it: ISO 8601. */
export function isoOf(moment: Date): string;
export function isoOf(moment: Date | null): string | null;
export function isoOf(moment: Date | null): string | null {
  return moment?.toISOString() ?? null;
}
