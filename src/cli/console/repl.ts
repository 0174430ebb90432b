import { once } from 'node:events';
import { type REPLEval, type REPLServer, Recoverable, start } from 'node:repl';
import { inspect, types } from 'node:util';
import type { Context, Script } from 'node:vm';
import { RolloutError } from '../../errors.ts';
import { oneByOne } from '../../lib/single-flight.ts';
import { type Terminal, tellError } from '../terminal/terminal.ts';
import { compiled, TYPED, Unfinished } from './evaluate.ts';
import type { Asking } from './session.ts';

export interface ReplOptions {
  terminal: Terminal;
  /** Defined names. */
  globals: (asking: Asking | null) => Record<string, unknown>;
  /** File of typed lines; null: none. */
  history: string | null;
}

/** Reads a line, awaits its result and prints it, until the input ends. */
export async function runRepl({ terminal, globals, history }: ReplOptions): Promise<void> {
  const { stdin, stdout } = process;
  const typed = stdin.isTTY === true && stdout.isTTY === true;
  const inTurn = oneByOne();
  const server = start({
    prompt: typed ? 'rollout> ' : '',
    terminal: typed,
    ignoreUndefined: true,
    writer: (value) => inspect(value, { colors: typed, depth: 6 }),
    eval: (code, context, _file, done) => {
      const script = scriptOf(code);
      // Immediately: the next line may already have arrived, and continues this one.
      if (script instanceof Unfinished) return done(new Recoverable(script), undefined);
      server.clearBufferedCommand();
      // Lines that arrive while one is running wait for it, because nobody wants two changes at once.
      void inTurn(() => answer(terminal, script, context, done));
    },
  });
  if (history !== null) await keepHistory(server, history);
  const questions = questionsOf(server);
  Object.assign(server.context, globals(typed ? questions : null));
  // If the input ends before its last line is done, that line finishes first.
  const close = server.close.bind(server);
  server.close = () => {
    questions.giveUp();
    void inTurn(async () => close());
  };
  await once(server, 'exit');
}

type Done = Parameters<REPLEval>[3];

function scriptOf(code: string): Script | Error {
  try {
    return compiled(code);
  } catch (error) {
    return error as Error;
  }
}

/** Runs the code and awaits its result. */
async function answer(
  terminal: Terminal,
  script: Script | Error,
  context: Context,
  done: Done,
): Promise<void> {
  try {
    if (script instanceof Error) throw script;
    done(null, await script.runInContext(context));
  } catch (error) {
    tellError(terminal, isTyped(error) ? asUsage(error) : error, false);
    done(null, undefined);
  }
}

/** Did the error occur in the typed code, and not in a function that it called? */
function isTyped(error: unknown): error is Error {
  if (types.isNativeError(error) && error.name === 'SyntaxError') return true;
  const first = types.isNativeError(error)
    ? error.stack?.split('\n').find((line) => /^ +at /.test(line))
    : '';
  return new RegExp(`\\b${TYPED}:\\d`).test(first ?? '');
}

function asUsage({ name, message }: Error): RolloutError {
  return new RolloutError('usage', `${name}: ${message}`, { hint: 'rollout.help() says what there is' });
}

/** Ctrl-C and the end of the input count as an empty answer. */
function questionsOf(server: REPLServer): Asking & { giveUp: () => void } {
  let giveUp = () => {};
  const line = (question: string) =>
    new Promise<string>((resolve) => {
      const broken = new AbortController();
      const answered = (text: string) => {
        server.off('SIGINT', giveUp);
        resolve(text.trim());
      };
      giveUp = () => {
        broken.abort();
        answered('');
      };
      server.once('SIGINT', giveUp);
      server.question(question, { signal: broken.signal }, answered);
    });
  return { line, giveUp: () => giveUp() };
}

function keepHistory(server: REPLServer, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.setupHistory(path, (error) => {
      if (!error) return resolve();
      reject(
        new RolloutError('usage', `the history cannot be kept in ${path}: ${error.message}`, {
          hint: 'name a file in a folder that exists: --history FILE',
        }),
      );
    });
  });
}
