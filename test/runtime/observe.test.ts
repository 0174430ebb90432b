import { expect, it } from 'vitest';
import { testRollout } from '../../src/runtime/testing/index.ts';
import { openRollout } from '../helpers/http/rollouts.ts';
import { addGuarded, events, guarded, guardrail, observe } from '../store/guardrails/events.ts';

it('a stamp’s events count where the job was routed, a subject’s events for every feature with the guardrail', async () => {
  const db = await guarded({}, { percentage: 0, whitelist: ['in'] });
  await addGuarded(db, 'search', { percentage: 0, guardrails: { refunds: guardrail({ on_harm: 'warn' }) } });
  const rollout = await openRollout({ connectionString: db.connectionString });
  const { stamp } = rollout.route('checkout', { subject: 'in' });
  for (let i = 0; i < 3; i++) rollout.observe(stamp, 'refunds', i === 0);
  rollout.observe('out', 'refunds', false);
  rollout.observe('out', 'refunds', true, { id: 'refund-1' });
  rollout.observe('out', 'refunds', true, { id: 'refund-1' });
  expect(await rollout.flush()).toBe(true);
  const rows = await db.rows<{ text: string }>(
    `select concat_ws(' ', feature_name, subject_id, arm, events, bad) as text from rollout_observations order by 1`,
  );
  expect(rows.map(({ text }) => text)).toEqual([
    'checkout in treatment 3 1',
    'checkout out control 2 1',
    'search out control 2 1',
  ]);
  expect(rollout.state()).toMatchObject({ pending: 0, dropped: 0 });
});

it('an event that cannot count is dropped and logged, and nothing throws', async () => {
  const db = await guarded();
  const said: string[] = [];
  const rollout = await openRollout({
    connectionString: db.connectionString,
    log: (line) => said.push(line),
  });
  rollout.observe('r1', 'refund', true);
  rollout.observe(null, 'refunds', true);
  rollout.observe({} as never, 'refunds', true);
  rollout.observe('r1', 'refunds', 'yes' as never);
  rollout.observe('r1', 'refunds', true, { id: 7 as never });
  expect(rollout.state()).toMatchObject({ pending: 0, dropped: 5 });
  expect(said.join('\n')).toContain('observe was given "refund", but no feature has');
});

it('the flush that brings the bad events rolls the feature back', async () => {
  const db = await guarded({}, { percentage: 100 });
  await observe(db, events(60));
  const rollout = await openRollout({ connectionString: db.connectionString });
  for (let i = 0; i < 40; i++) rollout.observe(`bad${i}`, 'refunds', true);
  await rollout.flush();
  const [row] = await db.rows<{ active: boolean }>(`select is_active as active from rollout_configuration`);
  expect(row).toEqual({ active: false });
});

it('a unit test’s rollout accepts only events of its own metrics', () => {
  const rollout = testRollout({ checkout: { percentage: 100, metrics: ['refunds'] } });
  rollout.observe('r1', 'refunds', true);
  rollout.observe('r1', 'signups', true);
  expect(rollout.observed).toMatchObject([{ feature: 'checkout', subject: 'r1', arm: 'treatment', bad: 1 }]);
  expect(rollout.refused).toHaveLength(1);
});
