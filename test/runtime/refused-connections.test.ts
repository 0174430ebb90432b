import { inspect } from 'node:util';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { applyFeature } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { openRollout, told } from '../helpers/http/rollouts.ts';
import { patience } from '../helpers/run/pace.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 100 });

const PASSWORD = 'correct-horse-battery';
const roles: string[] = [];
afterAll(async () => {
  for (const role of roles) await db.pool.query(`drop role ${role}`);
});

/** The URL of a login role that may record, with something peculiar about it. */
async function loginWith(peculiarity: string): Promise<string> {
  const name = `login_${process.pid}_${roles.length}`;
  await db.pool.query(`create role ${name} login password '${PASSWORD}' in role rollout_recorder`);
  roles.push(name);
  await db.pool.query(`alter role ${name} ${peculiarity}`);
  const url = new URL(db.connectionString);
  url.username = name;
  url.password = PASSWORD;
  return url.href;
}

describe('a role', () => {
  it('a role without a free connection is named as the reason with a hint, and the application goes on', async () => {
    const connectionString = await loginWith('connection limit 0');
    const lines: string[] = [];
    const rollout = await openRollout({
      ...{ connectionString, startMs: 500, pollMs: 50, closeMs: 10 },
      log: (line) => lines.push(line),
    });
    const errors = told(rollout, 'error');
    expect(rollout.state().status).toBe('starting');
    expect(lines.join('\n')).toContain('the database has no connection left: too many connections for role');
    expect(lines.join('\n')).toContain('nobody is eligible until it answers');
    await expect
      .poll(() => errors.at(-1))
      .toMatchObject({
        ...{ code: 'database_unreachable', hint: expect.stringContaining('connection limit') },
      });
    await rollout.close();
  });

  it('a role with one connection decides by the poll, and the log says that no connection listens', async () => {
    const connectionString = await loginWith('connection limit 1');
    const lines: string[] = [];
    const rollout = await openRollout({
      ...{ connectionString, pollMs: 50, closeMs: 10 },
      log: (line) => lines.push(line),
    });
    expect(rollout.isEligible('checkout', 'x')).toBe(true);
    await expect
      .poll(() => lines.join('\n'))
      .toContain('no connection listens, so the poll alone finds changes');
    expect(rollout.state().listening).toBe(false);
    await rollout.close();
  });
});

describe('a server', () => {
  it('a read-only server is named as the reason, not a missing right; decisions go on and outcomes wait', async () => {
    const connectionString = await loginWith('set default_transaction_read_only = on');
    const rollout = await openRollout({ connectionString, flushMs: 3_600_000, closeMs: 300 });
    const errors = told(rollout, 'error');
    rollout.record({ feature: 'checkout', subject: 'r1', processor: 'inngest', ok: true });
    await expect
      .poll(async () => [await rollout.flush(), errors.length > 0], { timeout: patience(30_000) })
      .toEqual([false, true]);
    expect(errors[0]).toMatchObject({
      ...{ code: 'database_read_only', message: expect.stringContaining('the database is read-only') },
      hint: expect.stringContaining('primary'),
    });
    expect(rollout.isEligible('checkout', 'x')).toBe(true);
    expect(rollout.state()).toMatchObject({ status: 'ready', pending: 1, dropped: 0 });
    await rollout.close();
  });
});

describe('a password', () => {
  const unreadable = [`postgresql://me:${PASSWORD}@[nowhere/db`, `postgresql://me:${PASSWORD}@host:port/db`];

  it.each(unreadable)(
    'the password is in no error about an unreadable connection string (%#)',
    async (url) => {
      const refused = await openRollout({ connectionString: url }).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'usage', hint: expect.stringContaining('%40') });
      expect(inspect(refused, { depth: 10 })).not.toContain(PASSWORD);
    },
  );

  it.each(unreadable)(
    'the password is in no error, event or log line about an unusable pool of the host (%#)',
    async (url) => {
      const lines: string[] = [];
      const pool = new pg.Pool({ connectionString: url });
      pool.on('error', () => {});
      const rollout = await openRollout({ pool, startMs: 50, pollMs: 20, log: (line) => lines.push(line) });
      const errors = told(rollout, 'error');
      await expect.poll(() => errors.length).toBeGreaterThan(0);
      expect(inspect([errors, lines], { depth: 10 })).not.toContain(PASSWORD);
      await rollout.close();
      await pool.end();
    },
  );
});
