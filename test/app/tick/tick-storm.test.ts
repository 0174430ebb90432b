import { expect, it } from 'vitest';
import { tickFile, tickWorld, verdictOf } from '../../helpers/projects/tick-world.ts';

const HARM = { jobs: 60, errors: 45 };

it('a tick rolls back three harmful features at once, and freezes the others until a person has looked', async () => {
  const names = ['five', 'four', 'one', 'three', 'two'];
  const world = await tickWorld(Object.fromEntries(names.map((name) => [name, { percentage: 25 }])));
  for (const name of names) await world.record(name, HARM);
  const result = await world.tick();
  const actions = names.map((name) => verdictOf(result, name));
  expect(
    actions.filter(([verdict, , , action]) => verdict === 'harmful' && action === 'rolled_back'),
  ).toHaveLength(3);
  expect(actions.filter(([verdict, reason]) => verdict === 'suspect' && reason === 'storm')).toHaveLength(2);
  expect((await world.tick()).results.map(({ judgement }) => judgement.reasonCode)).toEqual([
    'storm',
    'storm',
  ]);
  // Ten minutes later they are two of two, and no storm any more.
  await world.db.pool.query(`update rollout_incidents set opened_at = opened_at - interval '11 minutes'`);
  const later = await world.tick();
  expect(later.results.map(({ action }) => action)).toEqual(['rolled_back', 'rolled_back']);
});

it('repeated rollbacks of one feature are not a storm', async () => {
  const world = await tickWorld({ one: { percentage: 25 } });
  for (let time = 0; time < 5; time++) {
    await world.record('one', HARM);
    expect(verdictOf(await world.tick(), 'one')[3]).toBe('rolled_back');
    await world.commit(tickFile({ one: { percentage: 25 } }), `again ${time}`);
    await world.reconcile();
  }
});
