import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { networkOf } from '../../../src/server/http/connections.ts';
import { type Listening, listen } from '../../../src/server/listen.ts';

const endings: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

async function server(options: { trustProxy?: boolean } = {}): Promise<Listening> {
  const app = { fetch: () => new Response('stopped'), close: async () => {} };
  const listening = await listen(app, { host: '0.0.0.0', port: 0, ...options }, () => {});
  endings.push(() => listening.close());
  return listening;
}

const portOf = ({ url }: Listening) => Number(new URL(url).port);

/** Connections of one address that ask nothing. */
async function hold(port: number, count: number, localAddress = '127.0.0.1'): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let i = 0; i < count; i++) {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    socket.on('error', () => {});
    await once(socket, 'connect');
    sockets.push(socket);
  }
  endings.push(() => {
    for (const socket of sockets) socket.destroy();
  });
  return sockets;
}

/** A request by a connection of its own, as an operator's stop. */
function ask(port: number, localAddress = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { port, host: '127.0.0.1', localAddress, agent: false, method: 'POST' },
      (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        answer.on('end', () => resolve(text));
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

const open = (sockets: readonly Socket[]) => sockets.filter((socket) => !socket.destroyed).length;

it('a client that opens very many connections loses its oldest, and other clients are still served', async () => {
  const port = portOf(await server());
  const calm = await hold(port, 50, '127.0.0.2');
  const greedy = await hold(port, 500);
  await expect.poll(() => open(greedy)).toBe(200);
  expect(greedy[0]?.destroyed).toBe(true);
  expect(greedy.at(-1)?.destroyed).toBe(false);
  expect(open(calm)).toBe(50);
  expect(await ask(port, '127.0.0.2')).toBe('stopped');
  // From the address that holds too many it is served too.
  expect(await ask(port)).toBe('stopped');
});

it('a client below the limit keeps every connection', async () => {
  const port = portOf(await server());
  const few = await hold(port, 150);
  expect(await ask(port)).toBe('stopped');
  expect(open(few)).toBe(150);
});

it('the connection limit of one address does not apply behind a proxy, from which all clients come', async () => {
  const port = portOf(await server({ trustProxy: true }));
  const many = await hold(port, 400);
  expect(await ask(port)).toBe('stopped');
  expect(open(many)).toBe(400);
});

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
])('the address %s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
