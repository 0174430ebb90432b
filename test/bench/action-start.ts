/**
 * The bundled action until its first query reaches the database, beside a bare start of the same Node.
 *
 *   npx tsx test/bench/action-start.ts
 *
 * Node 24 is measured where it is installed: npm ci --prefix test/node24
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node24 } from '../helpers/processes/node24.ts';
import { interleaved, print, type Row } from './table.ts';

const RUNS = 15;
const ACTION = join(import.meta.dirname, '../../dist/action/main.js');
const COMMANDS = ['stop', 'rollback', 'tick', 'reconcile', 'plan'];

/** A server that lets everybody in and reports the first query. */
function firstQuery() {
  let arrived: () => void = () => {};
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.once('data', () => {
      // AuthenticationOk and ReadyForQuery.
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]));
      socket.once('data', () => arrived());
    });
  });
  return {
    server,
    next: () => new Promise<void>((resolve) => (arrived = resolve)),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function bare(node: string): Promise<void> {
  return new Promise((resolve) => spawn(node, ['-e', '0'], { stdio: 'ignore' }).on('exit', () => resolve()));
}

async function untilFirstQuery(node: string, command: string, env: NodeJS.ProcessEnv): Promise<void> {
  const query = database.next();
  const child = spawn(node, [ACTION], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...env, INPUT_COMMAND: command },
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const early = ended.then(() => Promise.reject(new Error(`${command} ended without a query`)));
  early.catch(() => undefined);
  await Promise.race([query, early]);
  child.kill('SIGKILL');
  ending.push(ended);
}

const folder = mkdtempSync(join(tmpdir(), 'action-start-'));
const database = firstQuery();
const ending: Promise<unknown>[] = [];
try {
  await new Promise<void>((resolve) => database.server.listen(0, '127.0.0.1', resolve));
  const { port } = database.server.address() as { port: number };
  const event = join(folder, 'event.json');
  writeFileSync(event, JSON.stringify({ repository: { default_branch: 'main', private: true } }));
  writeFileSync(join(folder, 'rollout.yaml'), 'version: 1\nfeatures:\n  one: { percentage: 10 }\n');
  const env = {
    GITHUB_REPOSITORY: 'acme/app',
    GITHUB_SERVER_URL: 'http://127.0.0.1:9',
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_GRAPHQL_URL: 'http://127.0.0.1:9',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: event,
    GITHUB_REF: 'refs/heads/main',
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_WORKSPACE: folder,
    INPUT_DATABASE_URL: `postgresql://somebody@127.0.0.1:${port}/rollout`,
    INPUT_TOKEN: 'none',
    INPUT_FEATURE: 'one',
    INPUT_REASON: 'bench',
  };
  for (const [name, node] of [
    [`Node ${process.versions.node}`, process.execPath],
    ['Node 24', node24],
  ] as const) {
    if (node === null) {
      console.log(`${name} is not installed; run: npm ci --prefix test/node24\n`);
      continue;
    }
    const works = [
      () => bare(node),
      ...COMMANDS.map((command) => async () => {
        await untilFirstQuery(node, command, env);
      }),
    ];
    const times = await interleaved(RUNS, works);
    const rows = times.map((milliseconds, index): Row => {
      const command = COMMANDS[index - 1];
      return command
        ? { what: `${command} to its first query`, milliseconds, reach: { times: 2.6 } }
        : { what: 'bare node', milliseconds };
    });
    print(`start of the action, ${name}`, rows);
  }
} finally {
  await Promise.all(ending);
  database.close();
  rmSync(folder, { recursive: true });
}
