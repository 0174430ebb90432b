import { emitKeypressEvents } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Terminal } from '../terminal/terminal.ts';

const EVERY_MS = 2_000;
const CLEAR = '\x1b[H\x1b[2J';

/** Draws again and again until a key is pressed. What goes wrong is drawn too: the database may come back. */
export async function watch(terminal: Terminal, draw: () => Promise<string>): Promise<void> {
  const { stdin } = process;
  const ended = new AbortController();
  const end = () => ended.abort();
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.once('keypress', end);
  try {
    while (!ended.signal.aborted) {
      const text = await draw().catch((error: Error) => terminal.style.bad(error.message));
      terminal.say(`${CLEAR}${text}\n\n${terminal.style.dim('live; any key goes back')}`);
      await sleep(EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  } finally {
    stdin.off('keypress', end);
    stdin.setRawMode(false);
    stdin.pause();
  }
}
