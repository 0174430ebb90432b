import { createServer, connect as open, type Server, type Socket } from 'node:net';
import { atEnd } from '../run/at-end.ts';

export interface SwitchingProxy {
  /** The same database, through the proxy. */
  connectionString: string;
  /** Ends every connection and takes no other, as a server that is gone. */
  cut(): Promise<void>;
  /** Takes connections again, to the same server or to another one. */
  restore(target?: string): Promise<void>;
  /** Connections are kept, and nothing goes through them any more, as when a cable is pulled. */
  freeze(): void;
  thaw(): void;
  /** The next connection on which this is asked is kept, and is never answered again. Tells whether one was. */
  silence(text: string): () => boolean;
  /** Cuts as soon as the next connection on which this is asked is answered; the answer is lost. Tells whether this was asked. */
  loseAnswer(text: string): () => boolean;
  /** How often this was asked from now on, on all connections. */
  count(text: string): () => number;
}

const LISTEN = 'listen rollout_';

/**
 * A way to the server that can be cut. `deaf`: a pooler that gives a session back after each statement; LISTEN is
 * answered and comes to nothing.
 */
export async function switchingProxy(connectionString: string, deaf = false): Promise<SwitchingProxy> {
  let target = new URL(connectionString);
  const sockets = new Set<Socket>();
  const silencing: string[] = [];
  const losing: string[] = [];
  const counts = new Map<string, number>();
  let frozen = false;
  const server = createServer((client) => {
    const upstream = open(Number(target.port), target.hostname);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    let silent = false;
    let losesNext = false;
    client.on('data', (data: Buffer) => {
      for (const [text, times] of counts) {
        counts.set(text, times + data.toString('latin1').split(text).length - 1);
      }
      const asked = silencing.findIndex((text) => data.includes(text));
      silent ||= asked >= 0;
      const lost = losing.findIndex((text) => data.includes(text));
      losesNext ||= lost >= 0;
      if (lost >= 0) losing.splice(lost, 1);
      if (asked >= 0) silencing.splice(asked, 1);
      if (!frozen && !silent) upstream.write(deaf ? deafened(data) : data);
    });
    upstream.on('data', (data: Buffer) => {
      if (losesNext) void cut();
      else if (!frozen && !silent) client.write(data);
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end).on('close', end);
      socket.on('close', () => sockets.delete(socket));
    }
  });
  const port = await listening(server, 0);
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  atEnd(() => void cut());
  const through = new URL(connectionString);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return {
    connectionString: through.href,
    cut,
    restore: async (to) => {
      if (to !== undefined) target = new URL(to);
      await listening(server, port);
    },
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
    },
    silence: (text) => {
      silencing.push(text);
      return () => !silencing.includes(text);
    },
    loseAnswer: (text) => {
      losing.push(text);
      return () => !losing.includes(text);
    },
    count: (text) => {
      counts.set(text, 0);
      return () => counts.get(text) ?? 0;
    },
  };
}

/** The statement in the same number of bytes, without its meaning. */
function deafened(data: Buffer): Buffer {
  for (let at = data.indexOf(LISTEN); at >= 0; at = data.indexOf(LISTEN, at)) {
    data.write('select 1 as'.padEnd(LISTEN.length), at);
  }
  return data;
}

async function listening(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
