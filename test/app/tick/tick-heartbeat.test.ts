import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tickFile, tickWorld } from '../../helpers/projects/tick-world.ts';

let calls: string[] = [];
let status = 200;
const server = createServer(({ method, url }, response) => {
  calls.push(`${method} ${url}`);
  response.writeHead(status).end();
});
let environment: { ROLLOUT_HEARTBEAT_URL: string };

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  environment = { ROLLOUT_HEARTBEAT_URL: `http://127.0.0.1:${port}/ping/T0SECRET` };
});

afterAll(() => void server.close());

describe('the receiver of heartbeats', () => {
  it("the heartbeat's receiver is called after each complete tick, and not after an incomplete one", async () => {
    calls = [];
    const world = await tickWorld({ one: { percentage: 25 } });
    expect((await world.tick({ environment })).warnings).toEqual([]);
    expect(calls).toEqual(['POST /ping/T0SECRET']);
    await world.tick({ environment });
    expect(calls).toHaveLength(2);
    await world.commit('features: [\n', 'half saved');
    expect((await world.tick({ environment })).heartbeat).toBeInstanceOf(Date);
    expect(calls).toHaveLength(2);
    await world.commit(tickFile({ one: { percentage: 25 } }), 'whole again');
    await world.tick({ environment });
    expect(calls).toHaveLength(3);
  });

  it("the heartbeat's receiver is called after a tick that rolled back a feature", async () => {
    calls = [];
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.record('one', { jobs: 60, errors: 45 });
    await world.tick({ environment });
    expect(calls).toHaveLength(1);
  });

  it("a heartbeat's receiver that does not answer is a warning, which names no secret", async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    status = 500;
    expect((await world.tick({ environment })).warnings).toEqual([
      "the heartbeat was not delivered: the heartbeat's receiver answered 500",
    ]);
    status = 200;
    const gone = { ROLLOUT_HEARTBEAT_URL: 'http://127.0.0.1:1/T0SECRET' };
    const [warning = ''] = (await world.tick({ environment: gone })).warnings;
    expect(warning).toMatch(/^the heartbeat was not delivered: .*127\.0\.0\.1:1 could not be reached/);
    expect(warning).not.toContain('T0SECRET');
    const wrong = await world.tick({ environment: { ROLLOUT_HEARTBEAT_URL: 'soon' } });
    expect(wrong.warnings).toEqual(['the heartbeat was not delivered: ROLLOUT_HEARTBEAT_URL is not a URL']);
  });
});
