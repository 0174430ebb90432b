import { expect, it } from 'vitest';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { WAYS } from '../../helpers/http/relays.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 100 });

it.each(WAYS)(
  'the library records %s the class of an error, by its name and code, and no secret',
  async (_how, reach) => {
    await db.pool.query('truncate rollout_error_classes, rollout_errors');
    const { address, openAt } = await reach(db.connectionString);
    const rollout = await openAt(address, { flushMs: 3_600_000 });
    const secret = `ghp_${'0123456789abcdef'.repeat(2)}`;
    const fail = (error: unknown) =>
      rollout.record({ feature: 'checkout', subject: 'r1', processor: 'inngest', ok: false, error });
    fail(new TypeError(`nobody knows ${secret}`));
    fail(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    fail(Object.assign(new Error('refused'), { code: secret }));
    fail(Object.assign(new RangeError('\u001b[31mred'), { name: '\u0000Error', code: 'x'.repeat(10_000) }));
    fail('said by hand');
    const { stamp } = rollout.route('checkout', { subject: 'r2' });
    rollout.record({ stamp, ok: false, error: new RangeError('far') });
    expect(await rollout.flush()).toBe(true);
    const rows = await db.rows<{ class: string; failed: number }>(
      `select class, sum(n)::int as failed from rollout_error_classes, unnest(hours) n group by 1 order by class collate "C"`,
    );
    expect(rows).toEqual([
      { class: '', failed: 3 },
      { class: 'ECONNREFUSED', failed: 1 },
      { class: 'RangeError', failed: 1 },
      { class: 'TypeError', failed: 1 },
    ]);
    const texts = await db.rows<{ message: string }>(
      'select message from rollout_errors order by message collate "C"',
    );
    expect(texts.map(({ message }) => message)).toContain('TypeError: nobody knows ***');
    expect(JSON.stringify(texts)).not.toContain('ghp_');
  },
);
