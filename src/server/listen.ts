import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { RolloutError } from '../errors.ts';
import { doneOnce } from '../lib/single-flight.ts';
import type { App } from './app.ts';
import { limitConnections } from './http/connections.ts';

/** Milliseconds at shutdown for unfinished requests and for work after answers. */
const PATIENCE_MS = 10_000;
const SLOWEST_REQUEST_MS = 30_000;
/** Milliseconds, longer than proxies keep a connection: if the server closed it first, a request could be lost. */
const IDLE_MS = 65_000;
/** Milliseconds at shutdown between two searches for idle connections. */
const LET_GO_MS = 50;

export interface Listening {
  url: string;
  /** Refuses new requests, answers running ones, ends the streams, and closes every connection. */
  close(): Promise<void>;
}

/** Listens. Throws `usage` if the address is not available; later errors go to the log. */
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
  // For example without a free file descriptor: without a listener this would end the process.
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
    // `close` waits for open streams; they end here, and the remaining ones are cut off.
    const timer = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
    // A client keeps a recently used connection open, and `close` would wait for it.
    const letGo = setInterval(() => server.closeIdleConnections(), LET_GO_MS);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(letGo);
      resolve();
    });
  });
}
