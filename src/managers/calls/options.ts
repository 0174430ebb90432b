import { Application } from '../../compose/application.ts';
import type { Controller } from '../../compose/controller.ts';
import type { ChangeOutcome } from '../../domain/change/outcome.ts';
import { notLiveText } from '../../report/words/outcome-words.ts';
import { optional, readArguments } from './arguments.ts';
import { FEATURE_OPTIONS, NAME, OPTIONS } from './kinds.ts';
import type { ManagerOptions } from './types.ts';

let shared: Application | null = null;

/** Returns a separate application for a manager with options; managers without options share one. */
export function applicationOf(options: ManagerOptions | undefined): Application {
  if (options) return newApplication(options);
  shared ??= newApplication({});
  return shared;
}

function newApplication({ connectionString, file, environment, log }: ManagerOptions): Application {
  return new Application({
    connectionString,
    file,
    environment: environment ?? process.env,
    log: log ?? ((line) => console.warn(line)),
  });
}

/** A program that calls a method has decided, so nobody is asked. */
export const decided = { agree: async () => true };

/** Reads the options of a manager whose constructor takes nothing else. */
export function optionsOf(method: string, args: readonly unknown[]): ManagerOptions | undefined {
  return readArguments(method, args, { options: optional(OPTIONS) }).options;
}

/** Reads a feature, options that may name one, or both: the originals' constructor takes only the feature. */
export function featureAndOptions(
  method: string,
  args: readonly unknown[],
): { feature: string | undefined; options: ManagerOptions | undefined } {
  if (typeof args[0] === 'object' && args[0] !== null) {
    const { options } = readArguments(method, args, { options: FEATURE_OPTIONS });
    const { feature, ...rest } = options;
    return { feature, options: rest };
  }
  return readArguments(method, args, { feature: optional(NAME), options: optional(OPTIONS) });
}

/** Returns the controller with the caller as the actor. */
export function actingAs<C extends Controller>(controller: C, actor: string): C {
  return { ...controller, actor: actor.trim() };
}

/** Is the change live? If not, the log says what it waits for. */
export function isLive(application: Application, outcome: ChangeOutcome): boolean {
  const why = notLiveText(outcome);
  if (why !== null) application.log(why);
  return why === null;
}

/** Formats a moment as in the originals: ISO 8601. */
export function isoOf(moment: Date): string;
export function isoOf(moment: Date | null): string | null;
export function isoOf(moment: Date | null): string | null {
  return moment?.toISOString() ?? null;
}
