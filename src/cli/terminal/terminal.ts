import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { harmless } from '../../lib/text.ts';
import { jsonText } from '../../report/json/json.ts';
import { type Style, styleOf } from '../../report/style/style.ts';
import { EXIT } from '../../report/words/exits.ts';

/** The parts of the process that commands use, behind one interface. */
export interface Terminal {
  environment: Readonly<Record<string, string | undefined>>;
  style: Style;
  /** True: a person is watching, so progress may be shown. */
  watched: boolean;
  /** Prints the answer to standard output. */
  say(text: string): void;
  /** Prints remarks about the answer to standard error. */
  note(text: string): void;
  /** Prints a line that replaces itself; does nothing without a terminal. */
  progress(text: string): void;
  json(value: unknown): void;
}

/** The process streams that a terminal needs. */
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
  // Nobody reads the messages, but the work continues.
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

/** Limit in characters, longer than any regular message; a hostile name in a message is cut. */
const LONGEST_MESSAGE = 2_000;

export { EXIT } from '../../report/words/exits.ts';

/** Prints an error: what happened, and the next action. An internal error is printed with its stack. */
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
