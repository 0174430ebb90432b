import { emitKeypressEvents, type Key } from 'node:readline';

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const END_OF_LINE = '\x1b[K';
const END_OF_SCREEN = '\x1b[J';

/** A separate full screen of the terminal, and its key presses. */
export interface FullScreen {
  columns(): number;
  rows(): number;
  /** Redraws without flicker; lines that do not fit are left out. */
  draw(lines: readonly string[]): void;
}

/** One key: its name if it has one, otherwise its character. */
export interface Pressed {
  name: string;
  text: string;
}

/**
 * Runs `work` on a full screen and restores the terminal in any case. `onKey` receives every key; `onResize` is called
 * when the size changes.
 */
export async function fullScreen<T>(
  onKey: (key: Pressed) => void,
  onResize: () => void,
  work: (screen: FullScreen) => Promise<T>,
): Promise<T> {
  const { stdin, stdout } = process;
  const pressed = (text: string | undefined, key: Key) =>
    onKey({ name: key.ctrl === true ? `ctrl-${key.name}` : (key.name ?? ''), text: text ?? '' });
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on('keypress', pressed);
  stdout.on('resize', onResize);
  stdout.write(ENTER);
  const columns = () => stdout.columns || 80;
  const rows = () => stdout.rows || 24;
  try {
    return await work({
      columns,
      rows,
      draw: (lines) => {
        const shown = lines.slice(0, rows());
        stdout.write(`${HOME}${shown.map((line) => `${line}${END_OF_LINE}`).join('\r\n')}${END_OF_SCREEN}`);
      },
    });
  } finally {
    stdout.write(LEAVE);
    stdout.off('resize', onResize);
    stdin.off('keypress', pressed);
    stdin.setRawMode(false);
    stdin.pause();
  }
}
