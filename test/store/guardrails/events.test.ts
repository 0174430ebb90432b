import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../helpers/database/database.ts';
import { addGuarded, events, guarded, guardrail, observe } from './events.ts';

/** What is kept of a metric: subject, arm, events and bad ones. */
async function kept(db: TestDatabase, metric = 'refunds') {
  const rows = await db.rows<{ text: string }>(
    `select concat_ws(' ', feature_name, subject_id, arm, epoch, events, bad) as text from rollout_observations
     where metric = $1 order by 1`,
    [metric],
  );
  return rows.map(({ text }) => text);
}

async function standing(db: TestDatabase, feature = 'checkout') {
  const [row] = await db.rows<{ active: boolean; incidents: string[] }>(
    `select c.is_active as active, array(
       select i.reason from rollout_incidents i where i.feature_name = c.feature_name order by i.id) as incidents
     from rollout_configuration c where feature_name = $1`,
    [feature],
  );
  return row;
}

/** Jobs of a hundred subjects, a third of them bad: far beyond 3%. */
const harm = (rest = {}) => [...events(70, rest), ...events(30, { bad: 1, ...rest })];

describe('events of guardrails', () => {
  it('a batch of events counts once, however often it is sent', async () => {
    const db = await guarded();
    const batch = randomUUID();
    const first = await observe(db, events(2, { subject: 'r1' }), { batch });
    const again = await observe(db, events(2, { subject: 'r1' }), { batch });
    expect(first).toEqual({ recorded: 2, repeated: 0, refused: [] });
    expect(again).toEqual(first);
    expect(await kept(db)).toEqual(['checkout r1 treatment 1 2 0']);
  });

  it('an event with an id counts once, whoever sends it, and each metric has its own ids', async () => {
    const db = await guarded({}, { guardrails: { refunds: guardrail(), signups: guardrail() } });
    const one = events(1, { id: 'refund-7', bad: 1 });
    expect(await observe(db, [...one, ...one])).toMatchObject({ recorded: 1, repeated: 1 });
    expect(await observe(db, one)).toMatchObject({ recorded: 0, repeated: 1 });
    expect(await observe(db, events(1, { id: 'refund-7', metric: 'signups' }))).toMatchObject({
      recorded: 1,
    });
    expect(await kept(db)).toEqual(['checkout r0 treatment 1 1 1']);
  });

  it('an event without a feature counts for each feature with a guardrail on its metric', async () => {
    const db = await guarded();
    await addGuarded(db, 'search', { guardrails: { refunds: guardrail({ on_harm: 'warn' }) } });
    await addGuarded(db, 'other', { guardrails: { signups: guardrail() } });
    const answer = await observe(db, events(1, { feature: null, arm: null, epoch: null, category: null }));
    expect(answer).toMatchObject({ recorded: 1, refused: [] });
    expect((await kept(db)).map((row) => row.split(' ')[0])).toEqual(['checkout', 'search']);
  });

  it('an event without an arm belongs to its subject’s arm at that moment', async () => {
    const db = await guarded({}, { whitelist: ['inside'], percentage: 0 });
    await observe(db, [
      ...events(1, { subject: 'inside', arm: null, epoch: null }),
      ...events(1, { subject: 'outside', arm: null, epoch: null }),
    ]);
    expect(await kept(db)).toEqual(['checkout inside treatment 1 1 0', 'checkout outside control 1 1 0']);
  });

  it('a batch with events that belong nowhere is refused with each of them named', async () => {
    const db = await guarded();
    const given = [
      ...events(1),
      ...events(1, { feature: 'nothing' }),
      ...events(1, { metric: 'refund' }),
      ...events(1, { feature: null, metric: 'refund' }),
    ];
    const { recorded, refused } = await observe(db, given);
    expect(recorded).toBe(0);
    expect(refused).toEqual([
      { place: 1, problem: 'unknown_feature', subject_type: null, metrics: [] },
      { place: 2, problem: 'unknown_metric', subject_type: null, metrics: ['refunds'] },
      { place: 3, problem: 'unknown_metric', subject_type: null, metrics: ['refunds'] },
    ]);
    expect(await kept(db)).toEqual([]);
    expect(await observe(db, given, { skipInvalid: true })).toMatchObject({ recorded: 1 });
    expect((await observe(db, events(1), { anySubject: false })).refused).toMatchObject([
      { problem: 'unknown_subject', subject_type: 'repository' },
    ]);
  });

  it('a batch with more bad events than events is refused with its line', async () => {
    const db = await guarded();
    await expect(observe(db, [...events(1), ...events(1, { bad: 2 })])).rejects.toMatchObject({
      code: 'record_invalid',
      message: 'line 2: impossible counts: 1 events, 2 bad',
    });
  });

  it('a subject that counts once a day is bad once one of its events was', async () => {
    const db = await guarded({ per: 'subject' });
    const noon = Date.now() - 86_400_000 - (Date.now() % 86_400_000) + 43_200_000;
    await observe(db, events(3, { subject: 'r1', at: noon }));
    await observe(db, events(1, { subject: 'r1', at: noon + 3_600_000, bad: 1 }));
    await observe(db, events(2, { subject: 'r1', at: noon + 7_200_000, bad: 1 }));
    await observe(db, events(1, { subject: 'r1', at: noon + 86_400_000 - 43_200_000 }));
    await observe(db, events(2, { subject: 'r2', at: noon, bad: 1 }));
    expect(await kept(db)).toEqual([
      'checkout r1 treatment 1 1 0',
      'checkout r1 treatment 1 1 1',
      'checkout r2 treatment 1 1 1',
    ]);
    await db.pool.query(`select rollout_trip('checkout')`);
    const [spans] = await db.rows<{ jobs: number; failed: number }>(
      `select sum(jobs)::int as jobs, sum(failed)::int as failed from rollout_slices where scope = 'guardrail:refunds'`,
    );
    expect(spans).toEqual({ jobs: 3, failed: 2 });
  });
});

describe('the fuse of a guardrail', () => {
  it('the events that bring the harm roll the feature back', async () => {
    const db = await guarded();
    await observe(db, harm());
    const found = await standing(db);
    expect(found?.active).toBe(false);
    expect(found?.incidents).toEqual([
      expect.stringMatching(
        /^guardrail refunds: 30 of 100 events were bad since .* at a limit of 3% that is evidence \d+\.\d against 9\.2 needed$/,
      ),
    ]);
    const [incident] = await db.rows<{ scope: string }>(
      `select evidence ->> 'scope' as scope from rollout_incidents`,
    );
    expect(incident?.scope).toBe('guardrail:refunds');
  });

  it.each([
    ['freezes', { on_harm: 'freeze' }],
    ['warns', { on_harm: 'warn' }],
    ['runs dry', { dry_run: true }],
  ] as const)('a guardrail that only %s switches nothing off', async (_, rest) => {
    const db = await guarded(rest);
    await observe(db, harm());
    expect(await standing(db)).toEqual({ active: true, incidents: [] });
    const [levels] = await db.rows<{ score: number }>(
      `select score from rollout_levels where scope = 'guardrail:refunds' and kind = 'limit'`,
    );
    expect(levels?.score).toBeGreaterThan(9.2);
  });

  it('bad events of control alone switch nothing off', async () => {
    const db = await guarded();
    await observe(db, [...harm({ arm: 'control' }), ...events(100)]);
    expect(await standing(db)).toMatchObject({ active: true });
  });

  it('equally bad events of both arms are a shared outage', async () => {
    const db = await guarded();
    await observe(db, [...harm({ arm: 'control' }), ...harm()]);
    expect(await standing(db)).toMatchObject({ active: true });
    const [levels] = await db.rows<{ excuse: string }>(
      `select excuse from rollout_levels where scope = 'guardrail:refunds' and kind = 'limit'`,
    );
    expect(levels?.excuse).toBe('shared_outage');
  });

  it('the bad events of one subject out of many switch nothing off', async () => {
    const db = await guarded();
    await observe(db, [...events(20), ...events(60, { subject: 'r1', bad: 1 })]);
    expect(await standing(db)).toMatchObject({ active: true });
  });
});
