import { deliverPending } from '../../app/tick/notify.ts';
import { errorText } from '../../lib/error-text.ts';
import { printedText } from '../../report/words/notice-words.ts';
import { ago } from '../../report/words/words.ts';
import type { ServerDependencies } from '../http/dependencies.ts';

/**
 * Notifies that nobody judges, because the missing tick cannot do so itself. Uses the outbox, so that several servers
 * notify once, and undelivered messages wait.
 */
export async function alarm({
  store,
  receivers,
  log,
}: Pick<ServerDependencies, 'store' | 'receivers' | 'log'>): Promise<void> {
  let message = 'no tick runs: nothing is judged, rolled back or advanced';
  try {
    const { heartbeat_at, now } = await store.reading((read) => read.state());
    if (heartbeat_at === null) return;
    message = `the last tick was ${ago(heartbeat_at, now)} ago: nothing is judged, rolled back or advanced meanwhile`;
    await store.outbox.enqueue({
      key: `controller_stale:${heartbeat_at.toISOString()}`,
      feature: null,
      severity: 'critical',
      kind: 'controller_stale',
      message,
    });
    const { error } = await deliverPending(store, (notice) => log(printedText(notice)), receivers);
    if (error) log(`notifications wait: ${error}`);
  } catch (error) {
    // A server with read-only rights can only log it.
    log(`critical: ${message} (not told elsewhere: ${errorText(error)})`);
  }
}
