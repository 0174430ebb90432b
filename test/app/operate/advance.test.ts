import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type AdvanceInput, advanceFeature } from '../../../src/app/operate/advance.ts';
import { words } from '../../../src/report/kept.ts';
import type { ReportedJob } from '../../../src/store/outcomes/outcomes.ts';
import { backdate } from '../../helpers/data/backdated.ts';
import { agreeing, FILE, unasked, type World, world, yes } from '../changing-world.ts';

const ASKED = { feature: 'checkout', force: false, environment: {} };

/** Jobs that finished an hour ago, in an epoch and a step that began four days ago. */
async function jobs({ db, deps }: World, finished: number, failed: number): Promise<void> {
  await backdate(
    db,
    `step_started_at = now() - interval '4 days', epoch_started_at = now() - interval '4 days'`,
  );
  await db.pool.query(
    `update repository_categories set created_at = now() - interval '5 days', last_categorized_at = null`,
  );
  const finished_at = Date.now() - 3_600_000;
  const list = Array.from({ length: finished }, (_, n): ReportedJob => {
    const job = { feature: 'checkout', subject: 'r1', processor: 'inngest', duration_ms: null, id: null };
    return { ...job, finished_at, arm: 'treatment', ok: n >= failed, error: n < failed ? 'timeout' : null };
  });
  await deps.store.outcomes.recordJobs(randomUUID(), list, { skipInvalid: false, anySubject: false });
}

function advance({ deps }: World, rest: Partial<AdvanceInput> = {}) {
  return advanceFeature(deps, { ...ASKED, ...yes, ...rest });
}

describe('advance by hand', () => {
  it('advance commits the next step with its evidence at an open gate, even with advance: manual', async () => {
    const here = await world();
    await jobs(here, 100, 1);
    const { agree, asked } = agreeing();
    const outcome = await advance(here, { agree });
    expect(asked).toMatchObject([{ code: 'advance', from: 25, to: 50, forced: false, gate: { wait: null } }]);
    expect(outcome).toMatchObject({ forced: false, obstacle: null, judgement: { verdict: 'healthy' } });
    expect(await here.lastChange()).toEqual([
      '-    percentage: 25             # a quarter',
      '+    percentage: 50             # a quarter',
    ]);
    expect(await here.lastMessage()).toContain(
      words.facts({
        ...({ code: 'advance', feature: 'checkout', from: 25, to: 50, forced: false } as const),
        gate: { wait: null, step: { jobs: 100, errors: 1 } },
      })[0],
    );
    expect(await here.live('checkout')).toBe('50%');
    const [{ action } = {}] = await here.db.rows(
      'select action from rollout_history order by id desc limit 1',
    );
    expect(action).toBe('advanced');
  });

  it('advance goes one step at a time, and the next step soaks first', async () => {
    const here = await world();
    await jobs(here, 100, 1);
    await advance(here);
    const outcome = await advance(here, unasked);
    expect(outcome).toMatchObject({ file: null, advance: { wait: { code: 'few_jobs', jobs: 0 } } });
    expect(await here.live('checkout')).toBe('50%');
  });

  it('advance waits at 3 failures of 30 jobs and says why', async () => {
    const here = await world(
      FILE.replace(
        'steps: playbook',
        'steps: playbook\n    thresholds: { max_error_rate: 30, advance_error_rate: 3 }',
      ),
    );
    await jobs(here, 30, 3);
    const outcome = await advance(here, unasked);
    expect(outcome).toMatchObject({
      file: null,
      obstacle: { code: 'gate', gate: { wait: { code: 'failing', errors: 3, jobs: 30, limit: 3 } } },
    });
    expect(await here.committed()).toContain('25  ');
  });

  it('advance waits without evidence; --force needs a reason, which commit and history keep', async () => {
    const here = await world();
    expect((await advance(here, unasked)).obstacle).toMatchObject({
      code: 'gate',
      gate: { wait: { code: 'verdict', verdict: 'no_data' } },
    });
    await expect(advance(here, { force: true })).rejects.toMatchObject({ code: 'usage' });
    const { agree, asked } = agreeing();
    const outcome = await advance(here, { force: true, reason: 'no traffic at night', agree });
    expect(asked).toMatchObject([
      { from: 25, to: 50, forced: true, gate: { wait: { code: 'verdict', verdict: 'no_data' } } },
    ]);
    expect(outcome).toMatchObject({ forced: true, obstacle: null });
    expect(await here.lastMessage()).toContain('\nReason: no traffic at night\n');
    const notes = await here.db.rows(
      `select reason, triggered_by from rollout_history where action = 'note'`,
    );
    expect(notes).toEqual([{ reason: expect.stringMatching(/: no traffic at night$/), triggered_by: 'ada' }]);
    expect(await here.live('checkout')).toBe('50%');
  });

  it('advance is refused while held, even with --force, and at the last step it has no next step', async () => {
    const here = await world(FILE.replace('25  ', '100  '));
    const last = await advance(here, { force: true, reason: 'please' });
    expect(last).toMatchObject({
      file: null,
      obstacle: { code: 'gate', gate: { wait: { code: 'last_step' } } },
    });
    await here.deps.store.incidents.stop('checkout', 'it burns', 'ada');
    await expect(advance(here, { force: true, reason: 'please' })).rejects.toMatchObject({ code: 'held' });
  });

  it('advance does not take two steps when the file is ahead of the database', async () => {
    const here = await world();
    await jobs(here, 100, 1);
    await here.merge((text) => text.replace('25  ', '75  '));
    await expect(advance(here)).rejects.toMatchObject({
      message: 'checkout is live at 25%, but the file says 75%',
    });
    expect(await here.committed()).toContain('75  ');
  });

  it('advance by pull request waits for the merge, on the branch that the tick uses', async () => {
    const here = await world();
    await jobs(here, 100, 1);
    const outcome = await advance(here, { via: 'pull_request' });
    expect(outcome.file).toEqual({
      state: 'proposed',
      branch: 'rollout/advance/checkout',
      pull_request: null,
    });
    expect(await here.live('checkout')).toBe('25%');
  });
});
