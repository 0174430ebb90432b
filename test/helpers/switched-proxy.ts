import { createServer, connect as open, type Socket } from 'node:net';
import { afterAll } from 'vitest';

const endings: (() => void)[] = [];
afterAll(() => {
  for (const end of endings) end();
});

export interface SwitchedProxy {
  /** The same database, through the proxy. */
  connectionString: string;
  /** Ends every connection and takes no other until it is switched on again. */
  off(): void;
  on(): void;
}

/** A way to the server that can be cut and restored, as a network is. It begins as it is asked to. */
export async function switchedProxy(connectionString: string, passing = true): Promise<SwitchedProxy> {
  const target = new URL(connectionString);
  const sockets = new Set<Socket>();
  let passes = passing;
  const server = createServer((client) => {
    if (!passes) {
      client.destroy();
      return;
    }
    const upstream = open(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const off = () => {
    passes = false;
    for (const socket of sockets) socket.destroy();
  };
  endings.push(() => {
    off();
    server.close();
  });
  const address = server.address();
  const through = new URL(connectionString);
  through.hostname = '127.0.0.1';
  through.port = String(typeof address === 'object' && address ? address.port : 0);
  return {
    connectionString: through.href,
    off,
    on: () => {
      passes = true;
    },
  };
}
