import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd } from '../run/at-end.ts';

export interface Received {
  headers: IncomingHttpHeaders;
  body: {
    text: string;
    key: string;
    feature: string | null;
    severity: string;
    kind: string;
    message: string;
    details: Record<string, unknown>;
    created_at: string;
  };
}

export type Webhook = {
  url: string;
  /** Everything that arrived, whatever was answered. */
  received: Received[];
  /** How the following messages are answered: a status, or no answer at all after it was received. */
  answer: (how: number | 'none' | ((received: Received) => number)) => void;
  keys(): string[];
  /** Nobody listens any more, or again on the same port. */
  down(): Promise<void>;
  up(): Promise<void>;
};

/** A chat service on this machine that takes messages, with a secret in its path. */
export async function webhook(): Promise<Webhook> {
  const received: Received[] = [];
  let how: Parameters<Webhook['answer']>[0] = 200;
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const one = { headers: request.headers, body: JSON.parse(text) };
      received.push(one);
      if (how === 'none') request.socket.destroy();
      else response.writeHead(typeof how === 'number' ? how : how(one), { location: '/elsewhere' }).end('ok');
    });
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const down = async () => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const port = await listen(0);
  atEnd(down);
  return {
    url: `http://127.0.0.1:${port}/services/T0SECRET`,
    received,
    answer: (next) => (how = next),
    keys: () => received.map(({ body }) => body.key),
    down,
    up: async () => void (await listen(port)),
  };
}
