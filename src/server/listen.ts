import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { RolloutError } from '../errors.ts';
import { doneOnce } from '../lib/single-flight.ts';
import type { App } from './app.ts';
import { limitConnections } from './http/connections.ts';

/** Requests that are under way when the server ends have so long to be answered, and what goes on after an answer. */
const PATIENCE_MS = 10_000;
const SLOWEST_REQUEST_MS = 30_000;
/** Longer than proxies keep a connection: the one that lets go first must not be the one that is sent to. */
const IDLE_MS = 65_000;
/** While it ends, connections that were answered are looked for so often. */
const LET_GO_MS = 50;

export interface Listening {
  url: string;
  /** Takes no new request, answers those under way, ends the streams, and lets go of every connection. */
  close(): Promise<void>;
}

/** Listens. Throws `usage` where the address cannot be had; what fails later goes to the log. */
export async function listen(
  app: App,
  { host, port, trustProxy = false }: { host: string; port: number; trustProxy?: boolean },
  log: (line: string) => void,
): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { requestTimeout: SLOWEST_REQUEST_MS, headersTimeout: 10_000, keepAliveTimeout: IDLE_MS },
  }) as Server;
  limitConnections(server, { trustProxy });
  await bound(server, host, port);
  // As where no file descriptor is left: without a listener that would end the process.
  server.on('error', ({ message }) => log(`the server cannot take a connection: ${message}`));
  const address = server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: doneOnce(() => closed(server, app)),
  };
}

function bound(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => reject(notBound(error, host, port));
    server.once('error', refused);
    server.listen(port, host, () => {
      server.off('error', refused);
      resolve();
    });
  });
}

function notBound({ code, message }: NodeJS.ErrnoException, host: string, port: number): RolloutError {
  if (code === 'EADDRINUSE') {
    return new RolloutError('usage', `port ${port} of ${host} is taken`, {
      hint: 'choose another: --port N',
    });
  }
  if (code === 'EACCES') {
    return new RolloutError('usage', `this user may not listen on port ${port}`, {
      hint: 'choose one above 1023: --port N',
    });
  }
  return new RolloutError('usage', `cannot listen on ${host}: ${message}`, {
    hint: 'an address of this machine, such as --host 127.0.0.1',
  });
}

async function closed(server: Server, app: App): Promise<void> {
  const longest = delay(PATIENCE_MS, undefined, { ref: false });
  const ended = endOf(server);
  const done = app.close();
  server.closeIdleConnections();
  await ended;
  await Promise.race([done, longest]);
}

function endOf(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // `close` waits for streams that are open; they end here, and what does not is cut off.
    const timer = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
    // A connection that was in use a moment ago is kept by its client, and would be waited for.
    const letGo = setInterval(() => server.closeIdleConnections(), LET_GO_MS);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(letGo);
      resolve();
    });
  });
}
