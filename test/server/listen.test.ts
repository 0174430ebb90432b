import type { Server } from 'node:http';
import { expect, it } from 'vitest';
import type { App } from '../../src/server/app.ts';
import { listen } from '../../src/server/listen.ts';

it('a server that cannot accept a connection logs it and accepts the next one', async () => {
  const servers = new Set<Server>();
  const lines: string[] = [];
  const app: App = {
    fetch: (_request, env) => {
      const { socket } = (env as { incoming: { socket: { server: Server } } }).incoming;
      servers.add(socket.server);
      return new Response('here');
    },
    close: async () => {},
  };
  const listening = await listen(app, { host: '127.0.0.1', port: 0 }, (line) => lines.push(line));
  const ask = async () => (await fetch(listening.url)).text();
  expect(await ask()).toBe('here');
  // As Node tells it where the process has no file descriptor left for what comes in.
  for (let times = 0; times < 3; times++) {
    for (const server of servers) server.emit('error', new Error('accept EMFILE'));
  }
  expect(lines).toEqual(Array(3).fill('the server cannot take a connection: accept EMFILE'));
  expect(await ask()).toBe('here');
  await listening.close();
});
