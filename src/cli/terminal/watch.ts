import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '../../lib/error-text.ts';
import { cutLine } from '../../report/screen/cut-line.ts';
import { fullScreen } from './full-screen.ts';
import type { Terminal } from './terminal.ts';

/** Default milliseconds between two refreshes. */
export const WATCH_MS = 2_000;

/** Redraws repeatedly until a key is pressed. Errors are drawn too, because the database may come back. */
export async function watch(
  { style }: Pick<Terminal, 'style'>,
  draw: () => Promise<string>,
  what = 'any key goes back',
): Promise<void> {
  let ended = new AbortController();
  let over = false;
  const wake = () => {
    ended.abort();
    ended = new AbortController();
  };
  const end = () => {
    over = true;
    wake();
  };
  await fullScreen(end, wake, async (screen) => {
    while (!over) {
      const text = await draw().catch((error: unknown) => style.bad(errorText(error)));
      if (over) break;
      const room = screen.rows() - 2;
      const lines = text.split('\n').slice(0, room);
      screen.draw([...lines.map((line) => cutLine(line, screen.columns())), '', style.dim(`live; ${what}`)]);
      await sleep(WATCH_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  });
}
