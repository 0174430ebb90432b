import { describe, expect, it } from 'vitest';
import { setAutoRollback } from '../../../src/app/operate/auto-rollback.ts';
import { changeList, showList } from '../../../src/app/operate/lists.ts';
import { changeTestRepositories } from '../../../src/app/operate/test-repositories.ts';
import { words } from '../../../src/report/kept.ts';
import { agreeing, FILE, unasked, world, yes } from '../changing-world.ts';

describe('whitelist and blacklist', () => {
  it('adding to the whitelist asks first and changes only the list', async () => {
    const { deps, lastChange, lastMessage } = await world();
    const { agree, asked } = agreeing();
    const outcome = await changeList(deps, {
      list: 'whitelist',
      action: 'add',
      feature: 'beta',
      entries: ['acme/two', ' ACME/two ', 'acme/nobody'],
      agree,
    });
    expect(outcome).toMatchObject({ raises: true, obstacle: null, unmatched: ['acme/nobody'] });
    expect(asked).toMatchObject([{ code: 'list', list: 'whitelist', action: 'add', feature: 'beta' }]);
    expect(await lastChange()).toEqual(['+      - ACME/two', '+      - acme/nobody']);
    expect(await lastMessage()).toContain(
      `${words.title(outcome.requested)}\n\n${words.facts(outcome.requested)[0]}`,
    );
    expect(outcome.requested).toMatchObject({ entries: ['ACME/two', 'acme/nobody'] });
    expect(await showList(deps.store, 'beta', 'whitelist')).toEqual([
      { entry: 'ACME/two', id: 'r2' },
      { entry: 'acme/nobody', id: null },
      { entry: 'acme/one', id: 'r1' },
    ]);
  });

  it('a change of a list names the owners that have no repository', async () => {
    const { deps } = await world();
    const entries = ['ACME/*', 'nobody/*', 'acme/one'];
    const change = { list: 'blacklist', action: 'add', feature: 'search', entries } as const;
    expect(await changeList(deps, { ...change, ...unasked })).toMatchObject({ unmatched: ['nobody/*'] });
    expect(await showList(deps.store, 'search', 'blacklist')).toContainEqual({
      entry: 'ACME/*',
      id: 'ACME/*',
    });
  });

  it('adding to the blacklist needs no confirmation, and removing from it asks first', async () => {
    const { deps, committed, db } = await world();
    const change = { list: 'blacklist', feature: 'search', entries: ['acme/one'] } as const;
    await changeList(deps, { ...change, action: 'add', ...unasked });
    expect(await committed()).toContain('strategy: repository_size, blacklist: [acme/one] }');
    const excluded = () =>
      db.rows(`select excluded_repositories as out from rollout_configuration where feature_name = 'search'`);
    expect(await excluded()).toEqual([{ out: ['acme/one', 'r1'] }]);
    const { agree, asked } = agreeing();
    await changeList(deps, { ...change, action: 'remove', agree });
    expect(asked).toEqual([
      { code: 'list', list: 'blacklist', action: 'remove', feature: 'search', entries: ['acme/one'] },
    ]);
    expect(await excluded()).toEqual([{ out: [] }]);
  });

  it('an entry that the other list has is refused, and the file stays as it is', async () => {
    const { deps, committed } = await world();
    const input = { list: 'blacklist', action: 'add', feature: 'beta', entries: ['acme/one'] } as const;
    await expect(changeList(deps, { ...input, ...yes })).rejects.toMatchObject({
      code: 'file_invalid',
      message: expect.stringMatching(
        /^nothing was changed, .*blacklist\[0\] is "acme\/one", like whitelist\[0\]/,
      ),
      // The file itself has no error that validate could show.
      hint: expect.not.stringContaining('validate'),
    });
    expect(await committed()).toBe(FILE);
    await expect(changeList(deps, { ...input, entries: ['  '], ...yes })).rejects.toThrow('name them');
  });

  it('a list may change during a hold, but the admitted subjects stay the same', async () => {
    const { deps, committed } = await world();
    await deps.store.incidents.stop('beta', 'it burns', 'ada');
    const input = { list: 'whitelist', action: 'add', feature: 'beta', entries: ['acme/two'] } as const;
    const outcome = await changeList(deps, { ...input, ...yes });
    expect(outcome.obstacle).toMatchObject({ code: 'kept', feature: expect.any(String) });
    expect(await committed()).toContain('- acme/two');
    expect(await showList(deps.store, 'beta', 'whitelist')).toEqual([{ entry: 'acme/one', id: 'r1' }]);
  });

  it('a list of an unknown feature is an error that names the known features', async () => {
    const { deps } = await world();
    await expect(showList(deps.store, 'bta', 'whitelist')).rejects.toMatchObject({
      code: 'unknown_feature',
      hint: 'did you mean beta?',
    });
    await expect(showList(deps.store, 'payments', 'whitelist')).rejects.toMatchObject({
      hint: 'there are beta, checkout, search',
    });
  });
});

describe('an entry that can be nobody', () => {
  const bad = ['acme/\ud83d', 'acme/\u0007', 'acme/a\u200b', 'x'.repeat(513)];

  it.each(bad)('the entry %j is refused by every list, and the file stays', async (entry) => {
    const { deps, lastChange } = await world();
    const before = await lastChange();
    const refused = { code: 'usage', message: expect.stringMatching(/^the entry is ".*"; it must /) };
    for (const action of ['add', 'remove'] as const) {
      const input = { list: 'whitelist', action, feature: 'beta', entries: ['acme/two', entry] } as const;
      await expect(changeList(deps, { ...input, ...yes })).rejects.toMatchObject(refused);
    }
    for (const action of ['mark', 'unmark'] as const) {
      const change = changeTestRepositories(deps, { action, repositories: [entry], ...yes });
      await expect(change).rejects.toMatchObject(refused);
    }
    expect(await lastChange()).toEqual(before);
  });

  it('blanks around an entry are removed', async () => {
    const { deps, committed } = await world();
    const input = { list: 'whitelist', action: 'add', feature: 'beta', entries: ['  acme/two '] } as const;
    await changeList(deps, { ...input, ...yes });
    expect(await committed()).toContain('- acme/two');
  });
});

describe('mark-test and unmark-test', () => {
  it("mark-test and unmark-test change the file's one list, and the category follows at once", async () => {
    const { deps, lastChange, db } = await world();
    const { agree, asked } = agreeing();
    const outcome = await changeTestRepositories(deps, { action: 'mark', repositories: ['acme/two'], agree });
    expect(asked).toEqual([{ code: 'test_repositories', action: 'mark', repositories: ['acme/two'] }]);
    expect(await lastChange()).toEqual([
      '-test_repositories: [acme/sandbox]',
      '+test_repositories: [acme/sandbox, acme/two]',
    ]);
    const category = () => db.rows(`select category from repository_categories where repository_id = 'r2'`);
    expect(await category()).toEqual([{ category: 'test' }]);
    expect(outcome.reconciled?.movements).toEqual([
      expect.objectContaining({ feature: 'search', entering: 1, leaving: 0 }),
    ]);
    await changeTestRepositories(deps, { action: 'unmark', repositories: ['ACME/Two'], ...yes });
    expect(await category()).toEqual([{ category: 'enterprise' }]);
  });

  it('mark-test needs no confirmation when no feature uses categories', async () => {
    const { deps } = await world(FILE.replace('strategy: repository_size', 'active: true'));
    const input = { action: 'mark', repositories: ['acme/two'] } as const;
    expect(await changeTestRepositories(deps, { ...input, ...unasked })).toMatchObject({ raises: false });
  });
});

describe('auto-rollback', () => {
  it('auto-rollback is switched off and on in the file, without a change of exposure', async () => {
    const { deps, lastChange, db, live } = await world();
    const enabled = () =>
      db.rows(
        `select auto_rollback_enabled as on from rollout_configuration where feature_name = 'checkout'`,
      );
    await setAutoRollback(deps, { feature: 'checkout', enabled: false, reason: 'the alarm is known' });
    expect(await lastChange()).toEqual(['+    rollback: { enabled: false }']);
    expect(await enabled()).toEqual([{ on: false }]);
    expect(await live('checkout')).toBe('25%');
    await setAutoRollback(deps, { feature: 'checkout', enabled: true });
    expect(await enabled()).toEqual([{ on: true }]);
    expect(await setAutoRollback(deps, { feature: 'checkout', enabled: true })).toMatchObject({
      file: { state: 'unchanged' },
    });
  });
});
