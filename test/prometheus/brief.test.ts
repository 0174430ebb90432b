import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { briefEngine } from '../../src/prometheus/brief.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** An engine with 20 s for everything on a clock that the test moves. */
async function brief(listener: RequestListener, timeoutMs = 10_000) {
  const made = { questions: 0, now: 5_000 };
  const server = createServer((request, response) => {
    made.questions += 1;
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const address = { url, token: null, tenant: null, tls: {}, timeoutMs };
  const engine = briefEngine(address, { totalMs: 20_000, clock: () => made.now });
  const ask = () => engine.range('sum(x)', 300, 600, 300).catch((error: Error) => error.message);
  return { made, ask };
}

const EMPTY: RequestListener = (_, response) =>
  void response.end('{"status":"success","data":{"resultType":"matrix","result":[]}}');

it('an engine with a time budget answers until the budget is spent and is not asked afterwards', async () => {
  const { made, ask } = await brief(EMPTY);
  expect(await ask()).toEqual([]);
  made.now += 10_000;
  expect(await ask()).toEqual([]);
  made.now += 10_000;
  const over = 'the engine did not answer everything within 20 s';
  expect([await ask(), await ask()]).toEqual([over, over]);
  expect(made.questions).toBe(2);
});

it('a hanging engine with a time budget is given up when the budget is spent', async () => {
  const { made, ask } = await brief((request, response) => {
    if (made.questions === 1) EMPTY(request, response);
  });
  await ask();
  made.now += 19_750;
  expect(await ask()).toMatch(/did not answer within 0\.25 s$/);
  expect(made.questions).toBe(2);
});

it('a server that refuses everything is asked once; after a single refused query the next one is asked', async () => {
  const closed = await brief((_, response) => void response.writeHead(401).end());
  expect([await closed.ask(), await closed.ask()]).toEqual([
    expect.stringContaining('answered 401'),
    expect.stringContaining('answered 401'),
  ]);
  expect(closed.made.questions).toBe(1);
  const picky = await brief((_, response) => void response.writeHead(400).end());
  await picky.ask();
  await picky.ask();
  expect(picky.made.questions).toBe(2);
});
