import { describe, expect, it, vi } from 'vitest';
import { stop } from '../../src/app/operate/stop.ts';
import { words } from '../../src/report/kept.ts';
import { served } from '../helpers/http/served.ts';
import { githubWorld, IMPATIENT, roomOn } from '../helpers/projects/github-world.ts';
import { patience } from '../helpers/run/pace.ts';

describe('a stop', () => {
  it('a stop returns before any request to GitHub and then opens the issue of its incident', async () => {
    const { controller, github, shop } = await githubWorld({ one: { percentage: 25 } });
    const room = roomOn(github, 'acme/shop', { token: github.token() });
    const deps = { store: controller.store, words, repository: room.configuration, tracker: room.incidents };
    const stopped = await stop({ ...deps, actor: 'ada' }, { feature: 'one', reason: 'payments fail' });
    expect(stopped.result).toEqual({ stopped: ['one'], already_off: [] });
    expect(shop.issues()).toEqual([]);
    expect(await stopped.told).toEqual({ problems: [], warnings: [] });
    expect(shop.issues()).toMatchObject([{ state: 'open', title: 'one was stopped from 25% (incident 1)' }]);
  });

  it('a stop takes effect when GitHub does not answer, and reports the failed issue without throwing', async () => {
    const world = await githubWorld({ one: { percentage: 25 } });
    const { controller, github } = world;
    const room = roomOn(github, 'acme/shop', { token: 'not a token', limits: IMPATIENT });
    const deps = { store: controller.store, words, repository: room.configuration, tracker: room.incidents };
    const { told } = await stop({ ...deps, actor: 'ada' }, { feature: null, reason: 'payments fail' });
    expect((await told).problems).toEqual([expect.stringContaining('incident 1 (one)')]);
    expect(await world.live('one')).toBe(false);
  });

  it('a stop over HTTP opens the issue of its incident too', async () => {
    const { controller, github, shop } = await githubWorld({ one: { percentage: 25 } });
    const room = roomOn(github, 'acme/shop', { token: github.token() });
    const server = await served({
      ...controller,
      repository: room.configuration,
      tracker: room.incidents,
    });
    const answer = await server.admin('stop', { feature: 'one', reason: 'payments fail' });
    expect(answer.status).toBe(200);
    await vi.waitFor(() => expect(shop.issues()).toHaveLength(1), { timeout: patience(10_000) });
  });
});
