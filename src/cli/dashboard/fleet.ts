import { setTimeout as sleep } from 'node:timers/promises';
import { type Status, status } from '../../app/views/status.ts';
import type { Controller } from '../../compose/controller.ts';
import { errorText } from '../../lib/error-text.ts';
import { FLEET_ORDERS, type FleetView, fleetLines, fleetScreen } from '../../report/screen/fleet-text.ts';
import { type FullScreen, fullScreen, type Pressed } from '../terminal/full-screen.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { WATCH_MS } from '../terminal/watch.ts';

/** State of the view that is kept when a person comes back from a feature. */
export type FleetMemory = Pick<FleetView, 'selected' | 'search' | 'order'>;

/** Effect of a key on the view; `open` and `quit` end it. */
type Effect = 'drawn' | 'open' | 'quit';

/** Shows the live table of every feature, until one is opened (returns its key) or the person leaves (null). */
export async function watchFleet(
  { store }: Pick<Controller, 'store'>,
  { style }: Pick<Terminal, 'style'>,
  memory: FleetMemory,
  first: Status,
): Promise<string | null> {
  let fleet = first;
  let trouble: string | null = null;
  const done: { effect: Effect } = { effect: 'drawn' };
  let wake = new AbortController();
  let screen: FullScreen | null = null;
  const view = (): FleetView => ({
    ...memory,
    ...{ trouble, columns: screen?.columns() ?? 80, rows: screen?.rows() ?? 24 },
  });
  const draw = () => screen?.draw(fleetScreen(style, fleet, view()));
  const pressed = (key: Pressed) => {
    if (done.effect !== 'drawn') return;
    done.effect = take(
      key,
      memory,
      fleetLines(fleet, view()).map(({ feature }) => feature),
      view().rows,
    );
    if (done.effect === 'drawn') draw();
    else wake.abort();
  };
  await fullScreen(pressed, draw, async (opened) => {
    screen = opened;
    while (done.effect === 'drawn') {
      draw();
      await sleep(WATCH_MS, undefined, { signal: wake.signal }).catch(() => undefined);
      if (done.effect !== 'drawn') break;
      wake = new AbortController();
      try {
        fleet = await status(store);
        trouble = null;
      } catch (error) {
        // The last data stay on the screen, with the time since when they are outdated.
        trouble = errorText(error);
      }
    }
  });
  if (done.effect === 'quit') return null;
  const keys = fleetLines(fleet, view()).map(({ feature }) => feature);
  return keys.find((key) => key === memory.selected) ?? keys[0] ?? null;
}

function take({ name, text }: Pressed, memory: FleetMemory, keys: readonly string[], rows: number): Effect {
  if (name === 'ctrl-c' || name === 'ctrl-d') return 'quit';
  if (name === 'return' || name === 'enter') return keys.length > 0 ? 'open' : 'drawn';
  const step = STEPS[name]?.(rows);
  if (step !== undefined) move(memory, keys, step);
  else if (memory.search !== null) search(memory, name, text);
  else if (text === '/') memory.search = '';
  else if (text === 's') {
    memory.order = FLEET_ORDERS[(FLEET_ORDERS.indexOf(memory.order) + 1) % FLEET_ORDERS.length] ?? 'gravest';
  } else if (text === 'j') move(memory, keys, 1);
  else if (text === 'k') move(memory, keys, -1);
  else if (text === 'q' || name === 'escape') return 'quit';
  return 'drawn';
}

const STEPS: Readonly<Record<string, (rows: number) => number>> = {
  down: () => 1,
  up: () => -1,
  pagedown: (rows) => rows - 10,
  pageup: (rows) => 10 - rows,
  home: () => Number.NEGATIVE_INFINITY,
  end: () => Number.POSITIVE_INFINITY,
};

function move(memory: FleetMemory, keys: readonly string[], by: number): void {
  const at = Math.max(0, keys.indexOf(memory.selected ?? ''));
  memory.selected = keys[Math.max(0, Math.min(keys.length - 1, at + by))] ?? null;
}

function search(memory: FleetMemory, name: string, text: string): void {
  const typed = memory.search ?? '';
  if (name === 'escape') memory.search = null;
  else if (name === 'backspace') memory.search = Array.from(typed).slice(0, -1).join('');
  else if (text.length > 0 && !/\p{Cc}/u.test(text)) memory.search = `${typed}${text}`;
}
