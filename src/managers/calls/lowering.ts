import type { ChangeDependencies } from '../../app/operate/change-file.ts';
import { rollBack } from '../../app/operate/rollback.ts';
import type { Application } from '../../compose/application.ts';
import { nothingText, pendingText } from '../../report/words/outcome-words.ts';

/**
 * Rolls back a feature to a percentage, or switches it off for all subjects: in the database at once, then in the file.
 * True also if there was no exposure to reduce; throws if the database failed.
 */
export async function takeBack(
  application: Application,
  deps: ChangeDependencies,
  input: { feature: string; to: number | null; reason: string },
): Promise<boolean> {
  const { nothing, pending } = await rollBack(deps, input);
  const { feature } = input;
  if (nothing !== null) application.log(`${feature} was not rolled back: ${nothingText(feature, nothing)}`);
  else if (pending !== null) {
    application.log(`${feature} is rolled back in the database, and ${pendingText(pending)}`);
  }
  return true;
}
