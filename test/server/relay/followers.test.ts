import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { Followers } from '../../../src/server/relay/followers.ts';

const followers = new Followers({ all: 10, ofOne: 10 });
const server = createServer((_, response) =>
  followers.add(response, 'one', {}, Buffer.from('data: hello\n\n')),
);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as { port: number };

const sockets: Socket[] = [];
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** A client that asks for the stream. */
async function client(): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  sockets.push(socket);
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  return socket;
}

it('a stream that nobody reads is cut at 64 kB, and no other stream misses an event', async () => {
  const reader = await client();
  const lazy = await client();
  lazy.pause();
  let read = 0;
  reader.on('data', (bytes) => {
    read += bytes.length;
  });
  const event = Buffer.alloc(32 * 1024, 'x');
  let written = 0;
  // The kernel takes megabytes before the server notices that nobody reads.
  while (followers.cut === 0 && written < 4_000) {
    followers.write(event);
    written += 1;
    const wanted = written * event.length;
    await expect.poll(() => read, { interval: 1 }).toBeGreaterThanOrEqual(wanted);
  }
  expect([followers.cut, followers.open]).toEqual([1, 1]);
  expect(reader.destroyed).toBe(false);
});
