import type { ChangeDependencies } from '../../app/operate/change-file.ts';
import { rollBack } from '../../app/operate/rollback.ts';
import type { Application } from '../../compose/application.ts';

/**
 * Rolls back a feature to a percentage, or off for everyone: in the database at once, then in the file. True also
 * where there was nothing left to take away; throws where the database could not do it.
 */
export async function takeBack(
  application: Application,
  deps: ChangeDependencies,
  input: { feature: string; to: number | null; reason: string },
): Promise<boolean> {
  const { because, pending } = await rollBack(deps, input);
  if (because !== null) application.log(`${input.feature} was not rolled back: ${because}`);
  else if (pending !== null) {
    application.log(
      `${input.feature} is rolled back in the database; rollout.yaml does not say so yet: ${pending}`,
    );
  }
  return true;
}
