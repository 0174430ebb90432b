import { describe, expect, it } from 'vitest';
import { type Shop, shop } from '../helpers/workflow/shop.ts';

const TEXT = `version: 1
test_repositories: [acme/sandbox]
features:
  checkout: { percentage: 25, whitelist: [acme/one], rollback: { via: pull_request } }
`;

const latched = async ({ db }: Shop) =>
  (await db.rows<{ latched: boolean }>('select global_stop as latched from rollout_state'))[0]?.latched;

describe('resuming everything by the form', () => {
  it('resuming everything lifts the global stop and says that no file has to be changed', async () => {
    const world = await shop({ text: 'version: 1\nfeatures: {}\n' });
    await world.reconcile();
    const stopped = await world.stop({ all: true, reason: 'to be sure' });
    expect(stopped.summary).toContain('**operate** with `resume` and *all*');
    expect(await latched(world)).toBe(true);
    const resumed = await world.operate({ operation: 'resume', all: true, reason: 'it was nothing' });
    expect(resumed).toMatchObject({ conclusion: 'success', outputs: { changed: 'true' } });
    expect(resumed.annotations).toEqual([
      { severity: 'notice', message: 'Resume: the global stop is lifted' },
    ]);
    expect(await latched(world)).toBe(false);
  });

  it('resuming everything names what stays held, and a push that raises it fails even if its base cannot be read', async () => {
    const world = await shop({ text: TEXT });
    await world.reconcile();
    const back = { operation: 'rollback', feature: 'checkout', reason: 'it fails' };
    expect(await world.operate(back)).toMatchObject({ conclusion: 'success', outputs: { incident: '1' } });
    const resumed = await world.operate({ operation: 'resume', all: true, reason: 'try again' });
    expect(resumed).toMatchObject({ conclusion: 'success', outputs: { changed: 'false' } });
    expect(resumed.annotations).toContainEqual({
      ...{ severity: 'warning', title: 'Held' },
      message: expect.stringMatching(/^checkout stays held: it was rolled back for a reason of its own/),
    });
    expect(resumed.summary).toContain('checkout stays held');
    // The tip is read, and then what the push began with.
    world.github.fault({ on: 'git/get-blob', status: 404, message: 'Not Found', after: 1 });
    const pushed = await world.push({ 'rollout.yaml': TEXT.replace('25', '50') });
    expect(pushed).toMatchObject({ conclusion: 'failure', outputs: { changed: 'false' } });
    expect(pushed.annotations.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^it is not known whether this push raises held features \(checkout\): .*404/),
    );
    expect(JSON.parse(pushed.outputs.plan ?? '{}')).toMatchObject({ changes: [{ action: 'held' }] });
    expect(await world.live('checkout')).toBe('off');
  });
});

describe('a rollback by the form', () => {
  it('a rollback job fails while the database still admits a subject', async () => {
    const world = await shop({ text: TEXT });
    await world.reconcile();
    await world.db.pool.query(`create function stubborn() returns trigger language plpgsql as
      $$ begin new.is_active := true; return new; end $$`);
    await world.db.pool.query(
      'create trigger a_stubborn before update on rollout_configuration for each row execute function stubborn()',
    );
    const back = { operation: 'rollback', feature: 'checkout', reason: 'it fails' };
    const ran = await world.operate(back);
    expect(ran.annotations).toContainEqual({
      severity: 'error',
      message: 'the database still admits 1 subject; run: rollout stop checkout --reason "..."',
    });
    expect(ran).toMatchObject({ conclusion: 'failure', outputs: { incident: '1' } });
  });
});
