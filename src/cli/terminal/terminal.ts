import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { harmless } from '../../lib/text.ts';
import { jsonText } from '../../report/json/json.ts';
import { type Style, styleOf } from '../../report/style/style.ts';
import { EXIT } from '../../report/words/exits.ts';

/** Everything a command touches of the process, so that each one reads the same. */
export interface Terminal {
  environment: Readonly<Record<string, string | undefined>>;
  style: Style;
  /** Is somebody watching? Then progress may be shown. */
  watched: boolean;
  /** The answer: standard output. */
  say(text: string): void;
  /** About the answer: standard error. */
  note(text: string): void;
  /** A line that replaces itself; nothing without a terminal. */
  progress(text: string): void;
  json(value: unknown): void;
}

/** What a terminal needs of a process. */
export interface Streams {
  env: Readonly<Record<string, string | undefined>>;
  stdout: Output;
  stderr: Output;
}

interface Output {
  isTTY?: boolean | undefined;
  write(text: string): unknown;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

export function processTerminal({ env, stdout, stderr }: Streams = process): Terminal {
  const colour = stdout.isTTY === true && env.NO_COLOR === undefined && env.TERM !== 'dumb';
  const watched = stderr.isTTY === true;
  let lost = false;
  stdout.on('error', (error) => {
    if (endsEarly(error) || lost) return;
    lost = true;
    stderr.write(`error: the answer could not be written: ${error.message}\n`);
    process.once('exit', () => {
      process.exitCode = EXIT.error;
    });
  });
  // Nobody is there to be told, and what is under way goes on all the same.
  stderr.on('error', () => {});
  return {
    environment: env,
    style: styleOf(colour),
    watched,
    say: (text) => stdout.write(`${text}\n`),
    note: (text) => stderr.write(`${text}\n`),
    progress: (text) => {
      if (watched) stderr.write(`\r\x1b[K${text}`);
    },
    json: (value) => stdout.write(`${jsonText(value)}\n`),
  };
}

/** A reader may close the pipe early: `rollout history | head -1`. */
function endsEarly({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE';
}

/** Longer messages than any of ours; a hostile name in one is cut. */
const LONGEST_MESSAGE = 2_000;

export { EXIT } from '../../report/words/exits.ts';

/** Tells of an error: what happened, and the next thing to do. An error of ours keeps its stack. */
export function tellError(terminal: Terminal, error: unknown, inJson: boolean): void {
  const known = error instanceof RolloutError;
  const message = errorText(error);
  if (inJson) {
    const { code, hint } = known ? error : { code: 'internal', hint: undefined };
    terminal.json({ error: { code, message, hint: hint ?? null } });
    return;
  }
  const lines = message.split('\n').map((line) => harmless(line, LONGEST_MESSAGE));
  terminal.note(`${terminal.style.bad('error:')} ${lines.join('\n')}`);
  if (known && error.hint) terminal.note(`  next: ${harmless(error.hint, LONGEST_MESSAGE)}`);
  if (!known && error instanceof Error && error.stack) terminal.note(terminal.style.dim(error.stack));
}
