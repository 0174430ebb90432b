import { createServer, connect as open, type Socket } from 'node:net';
import { atEnd } from '../run/at-end.ts';

export interface CuttingProxy {
  /** The same database, through the proxy. */
  connectionString: string;
  /** How many answers never arrived. */
  cut: () => number;
}

/**
 * A way to the server on which answers are lost: of the first statements that contain `text`, as many as `times`,
 * the connection dies after the server has answered, so after it has committed, and before the answer arrives.
 */
export async function cuttingProxy(connectionString: string, text: string, times = 1): Promise<CuttingProxy> {
  const target = new URL(connectionString);
  let cut = 0;
  const server = createServer((client) => {
    const upstream = open(Number(target.port), target.hostname);
    let doomed = false;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    client.on('data', (data: Buffer) => {
      if (cut < times && data.includes(text)) doomed = true;
      upstream.write(data);
    });
    upstream.on('data', (data: Buffer) => {
      if (!doomed) {
        client.write(data);
        return;
      }
      // `ReadyForQuery`, idle: the last thing a server says about a statement that it has committed.
      if (!data.includes(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]))) return;
      cut += 1;
      end();
    });
    for (const socket of [client, upstream] satisfies Socket[]) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => server.close());
  const address = server.address();
  const through = new URL(connectionString);
  through.hostname = '127.0.0.1';
  through.port = String(typeof address === 'object' && address ? address.port : 0);
  return { connectionString: through.href, cut: () => cut };
}
