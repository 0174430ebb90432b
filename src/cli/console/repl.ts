import { once } from 'node:events';
import type { REPLEval, REPLServer } from 'node:repl';
import { start } from 'node:repl';
import { inspect, types } from 'node:util';
import { RolloutError } from '../../errors.ts';
import { type Terminal, tellError } from '../terminal.ts';
import type { Asking } from './session.ts';

export interface ReplOptions {
  terminal: Terminal;
  /** What is known by name. */
  globals: (asking: Asking | null) => Record<string, unknown>;
  /** Where lines that were typed are kept; null: nowhere. */
  history: string | null;
}

/** Reads, waits for what was promised, prints; until the input ends. */
export async function runRepl({ terminal, globals, history }: ReplOptions): Promise<void> {
  const { stdin, stdout } = process;
  const typed = stdin.isTTY === true && stdout.isTTY === true;
  const server = start({
    prompt: typed ? 'rollout> ' : '',
    terminal: typed,
    ignoreUndefined: true,
    writer: (value) => inspect(value, { colors: typed, depth: 6 }),
  });
  if (history !== null) await keepHistory(server, history);
  const asking: Asking | null = typed ? { line: (question) => ask(server, question) } : null;
  Object.assign(server.context, globals(asking));
  // Typings say read-only; waiting for what an expression promised is what `eval` may be replaced for.
  (server as { eval: REPLEval }).eval = waiting(server.eval, terminal, server);
  await once(server, 'exit');
}

/**
 * Waits for a promise before the next line is read, so that `rollout.status()` prints the status. Lines that come
 * meanwhile wait: two changes at once are nobody's wish.
 */
function waiting(evaluate: REPLEval, terminal: Terminal, server: REPLServer): REPLEval {
  let last: Promise<void> = Promise.resolve();
  let ended = false;
  // Where the input ends before its last line is done, that line is done first.
  const close = server.close.bind(server);
  server.close = () => {
    if (ended) return;
    ended = true;
    void last.then(close);
  };
  return (code, context, file, done) => {
    last = last.then(
      () =>
        new Promise((resolve) => {
          evaluate.call(server, code, context, file, (error, value) => {
            const answer = (failure: Error | null, result?: unknown) => {
              const ours = failure instanceof RolloutError;
              if (ours) tellError(terminal, failure, false);
              done(ours ? null : failure, ours ? undefined : result);
              resolve();
            };
            if (error || !types.isPromise(value)) answer(error, value);
            else value.then((result) => answer(null, result), answer);
          });
        }),
    );
  };
}

function ask(server: REPLServer, question: string): Promise<string> {
  return new Promise((resolve) => {
    // The end of the input is an answer too: nothing was said.
    server.once('exit', () => resolve(''));
    server.question(question, (line) => resolve(line.trim()));
  });
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
