import { describe, expect, it } from 'vitest';
import { healthRound } from '../../../src/app/health/health-round.ts';
import { RolloutError } from '../../../src/errors.ts';
import { tickWorld } from '../../helpers/projects/tick-world.ts';

describe('a round whose lease another tick took over', () => {
  it('a tick that lost its lease acts on no further feature, and the other tick does the rest', async () => {
    const world = await tickWorld({ one: { percentage: 25 }, two: { percentage: 25 } });
    const before = await world.repository.git('rev-parse', 'HEAD');
    for (const feature of ['one', 'two']) await world.record(feature, { jobs: 20, errors: 15 });
    let asked = 0;
    const keep = () => {
      asked += 1;
      if (asked > 1) throw new RolloutError('lease_lost', 'another one took over');
    };
    const input = { actor: 'slow', environment: {}, dryRun: false, keep };
    await expect(healthRound(world.controller, input)).rejects.toMatchObject({ code: 'lease_lost' });
    expect([(await world.row('one')).active, (await world.row('two')).active]).toEqual([false, true]);
    expect(await world.commitsSince(before)).toEqual([]);

    await world.tick();
    expect((await world.row('two')).active).toBe(false);
    expect((await world.incidents()).map(({ feature }) => feature).sort()).toEqual(['one', 'two']);
  });
});
