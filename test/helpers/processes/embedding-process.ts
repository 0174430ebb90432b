import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { atEnd } from '../run/at-end.ts';
import { compiled } from './compiled.ts';

/** An application in a process of its own. */
export interface EmbeddingProcess {
  child: ChildProcess;
  /** The next line; rejects when it ends before. */
  next(): Promise<string>;
  /** Every other line, up to its end. */
  rest(): Promise<string>;
  /** Code or signal of its end. */
  ended: Promise<number | NodeJS.Signals | null>;
}

/**
 * Runs a program that embeds the library: `createRollout` and `url`, the database, are there. It is JavaScript, and
 * the library is compiled, because twenty of them start in the time that one takes with its types.
 */
export async function embed(
  url: string,
  program: string,
  flags: readonly string[] = [],
): Promise<EmbeddingProcess> {
  const library = pathToFileURL(compiled('src/runtime/index.ts')).href;
  const code = `import { createRollout } from ${JSON.stringify(library)};
    const url = ${JSON.stringify(url)};
    const say = (value) => console.log(JSON.stringify(value));
    ${program}`;
  const child = spawn(process.execPath, [...flags, '--input-type=module', '--eval', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  atEnd(() => child.kill('SIGKILL'));
  const reader = createInterface({ input: child.stdout });
  const iterator = reader[Symbol.asyncIterator]();
  return {
    child,
    next: async () => {
      const { done, value } = await iterator.next();
      if (done) throw new Error('the process ended without another line');
      return value;
    },
    rest: async () => {
      const lines: string[] = [];
      for (let line = await iterator.next(); !line.done; line = await iterator.next()) lines.push(line.value);
      return lines.join('\n');
    },
    ended: once(child, 'exit').then(([exitCode, signal]) => signal ?? exitCode),
  };
}
