import type { ChildProcess, ExecFileOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

type Real = typeof import('node:child_process');
type Options = ExecFileOptions & { encoding?: string | null };
type Bytes = string | Uint8Array;

interface Answer {
  stdout: Uint8Array;
  stderr: Uint8Array;
  error: { message: string } | null;
}

/**
 * `node:child_process` for a walk. To start a program a process is copied first, and that of a walk is hundreds of
 * megabytes large: on a busy machine it stands still for 180 ms, where one of 50 MB does for 12. A walk starts git ten
 * times a step, so whoever promisifies `execFile` gets one that a small process beside carries out.
 */
export function spawningBeside(real: Real): Real {
  const ask = besideOf(real);
  const execFile = Object.assign((...args: Parameters<Real['execFile']>) => real.execFile(...args), {
    [promisify.custom]: (file: string, args: readonly string[] = [], options: Options = {}) => {
      let input: Bytes = '';
      const stdin = {
        on: () => stdin,
        end: (text: Bytes = '') => {
          input = text;
        },
      };
      // Whoever has something for its standard input gives it at once.
      const running = Promise.resolve().then(() => ask(file, args, options, input));
      return Object.assign(running, { child: { stdin } });
    },
  });
  return { ...real, execFile: execFile as unknown as Real['execFile'] };
}

function besideOf({ fork }: Real) {
  let helper: ChildProcess | null = null;
  let asked = 0;
  const waiting = new Map<number, (answer: Answer) => void>();
  const start = (): ChildProcess => {
    if (helper) return helper;
    const path = fileURLToPath(new URL('./spawner.js', import.meta.url));
    const started = fork(path, [], { serialization: 'advanced', execArgv: [] });
    started.on('message', (answer: Answer & { id: number }) => {
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    });
    started.on('exit', () => {
      helper = null;
      const gone = {
        stdout: Buffer.of(),
        stderr: Buffer.of(),
        error: { message: 'the process beside ended' },
      };
      for (const answer of waiting.values()) answer(gone);
      waiting.clear();
    });
    // It goes when the walk does.
    started.unref();
    started.channel?.unref();
    helper = started;
    return started;
  };
  return async (file: string, args: readonly string[], { encoding, ...others }: Options, input: Bytes) => {
    const id = ++asked;
    const options = { ...others, env: others.env ?? { ...process.env } };
    const { stdout, stderr, error } = await new Promise<Answer>((resolve) => {
      waiting.set(id, resolve);
      start().send({ id, file, args, input, options });
    });
    const said = (bytes: Uint8Array) =>
      encoding === 'buffer' ? Buffer.from(bytes) : Buffer.from(bytes).toString('utf8');
    const both = { stdout: said(stdout), stderr: said(stderr) };
    if (error) throw Object.assign(new Error(error.message), error, both);
    return both;
  };
}
