import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { vi } from 'vitest';
import { atEnd } from '../run/at-end.ts';
import { patience } from '../run/pace.ts';
import { bareEnvironment } from './cli.ts';
import { compiledCli } from './compiled.ts';

/** A command that runs in a pseudo-terminal, as under somebody's hands. */
export interface Typing {
  /** What is on the screen since the last call of `type` or `press`, without control characters. */
  said(): string;
  /** Types a line and Enter. */
  type(line: string): void;
  press(key: keyof typeof KEYS): void;
  /** Types something without Enter. */
  keys(text: string): void;
  /** Lines of the full screen that was drawn last. */
  screen(): string[];
  resize(cols: number, rows: number): void;
  /** Waits until all of it was said since the last key. */
  until(...texts: string[]): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<number>;
}

const KEYS = {
  enter: '\r',
  backspace: '\x7f',
  down: '\x1b[B',
  up: '\x1b[A',
  escape: '\x1b',
  'ctrl-c': '\x03',
  'ctrl-d': '\x04',
};

export function typing(
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
  size = { cols: 200, rows: 50 },
): Typing {
  const child = spawn(process.execPath, [compiledCli(), ...args], {
    ...{ cwd, ...size, name: 'xterm' },
    env: { ...bareEnvironment(), ...env },
  });
  let screen = '';
  let alive = true;
  let frames = '';
  child.onData((text) => {
    screen += text;
    frames = (frames + text).slice(-LONGEST);
  });
  const ended = new Promise<number>((resolve) => {
    child.onExit(({ exitCode }) => {
      alive = false;
      resolve(exitCode);
    });
  });
  atEnd(() => alive && child.kill('SIGKILL'));
  const said = () => stripVTControlCharacters(screen);
  const send = (keys: string) => {
    screen = '';
    child.write(keys);
  };
  return {
    ...{ said, ended, kill: (signal) => child.kill(signal) },
    type: (line) => send(`${line}\r`),
    press: (key) => send(KEYS[key]),
    keys: send,
    screen: () => screenIn(frames),
    resize: (cols, rows) => child.resize(cols, rows),
    until: (...texts) =>
      vi.waitFor(
        () => {
          const missing = texts.filter((text) => !said().includes(text));
          if (missing.length > 0) throw new Error(`not said: ${missing.join(', ')}\n${said()}`);
        },
        { timeout: patience(30_000), interval: 20 },
      ),
  };
}

/** A few screens of the largest terminal. */
const LONGEST = 200_000;
const HOME = '\x1b[H';
const DRAWN = '\x1b[J';

/** The last screen that was drawn to its end. */
function screenIn(frames: string): string[] {
  const end = frames.lastIndexOf(DRAWN);
  const start = frames.lastIndexOf(HOME, end);
  if (start < 0 || end < 0) return [];
  return stripVTControlCharacters(frames.slice(start + HOME.length, end)).split(/\r+\n/);
}
