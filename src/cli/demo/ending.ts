import { status } from '../../app/views/status.ts';
import { historyText } from '../../report/text/history-text.ts';
import { statusText } from '../../report/text/status-text.ts';
import { counted } from '../../report/words/words.ts';
import { EXIT } from '../terminal/terminal.ts';
import { chapter, FEATURE, reconcileAndTell, type Stage } from './stage.ts';

/** Last chapter: a stop that survives the next reconcile, and the verification of history. */
export async function tellEnding(stage: Stage): Promise<number> {
  const { terminal, controller } = stage;
  chapter(stage, '9. Somebody stops it by SQL. What is narrower is somebody’s safety: adopted, and held.');
  await controller.sql(
    `update rollout_configuration set emergency_stop = true where feature_name = '${FEATURE}'`,
  );
  await reconcileAndTell(stage);
  terminal.say('Another reconcile of the same file does not raise it again:');
  await reconcileAndTell(stage);

  chapter(stage, '10. All of it is in the history, each row chained to the one before.');
  const { entries, verification } = await controller.store.reading(async (read) => ({
    entries: await read.history.list({}),
    verification: await read.history.verify(),
  }));
  terminal.say(historyText(terminal.style, entries.reverse()));
  terminal.say(
    verification.valid
      ? terminal.style.good(`The chain of ${counted(verification.entries, 'row')} holds.`)
      : terminal.style.bad(`The chain does not hold: ${verification.problem}`),
  );
  terminal.say(statusText(terminal.style, await status(controller.store)));
  return verification.valid ? EXIT.ok : EXIT.error;
}
