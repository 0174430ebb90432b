import { describe, expect, it } from 'vitest';
import { recordForTick } from '../helpers/projects/tick-world.ts';
import { shop } from '../helpers/workflow/shop.ts';

const TEXT = `# The desired state.
version: 1
defaults: { rollback: { fuse: false } }
test_repositories: [acme/sandbox]

features:
  checkout:                    # the new one
    percentage: 25             # a quarter
    whitelist: [acme/one]
    thresholds: { max_error_rate: 5 }
  search: { percentage: 50 }   # quiet
`;

const at = (percentage: number, text = TEXT) => text.replace('percentage: 25 ', `percentage: ${percentage} `);

describe('the journey through the workflows', () => {
  it('the workflows lead from a mistake through plan, merge, harm and rollback back to a live feature', async () => {
    const world = await shop({ text: TEXT });
    const { repo, db, github } = world;
    expect(await world.reconcile()).toMatchObject({ conclusion: 'success', outputs: { changed: 'true' } });

    // A mistake is marked beside its line, and the check fails.
    const { number, ran: mistaken } = await world.propose(at(101), { title: 'More' });
    expect(mistaken.conclusion).toBe('failure');
    expect(mistaken.annotations.filter(({ severity }) => severity === 'error')).toEqual([
      {
        ...{ severity: 'error', message: 'percentage is 101; it must be from 0 to 100' },
        ...{ file: 'rollout.yaml', line: 8, col: 17, title: 'features.checkout.percentage' },
      },
    ]);
    expect(mistaken.outputs.changed).toBe('false');

    // Mended: the same comment says what it changes, and whom.
    const mended = await world.amend(number, at(50));
    expect(mended).toMatchObject({ conclusion: 'success', outputs: { changed: 'true' } });
    const [comment = '', ...more] = world.comments(number);
    expect(more).toEqual([]);
    expect(comment).toContain('**1 change** · 1 in, 0 out');
    expect(comment).toContain('| `checkout` | update | 25% | 50% | 1 | 0 | none | no_data |');
    expect(comment).toMatch(/largest: acme\/three \(enters\)/);
    expect(mended.summary).toContain('xychart-beta');
    const written = github.asked('issues/update-comment');
    await world.plan(number);
    expect(github.asked('issues/update-comment')).toBe(written);

    // Merged: live, and history says by whom, from which commit and pull request.
    const merged = await world.merge(number);
    expect(merged.conclusion).toBe('success');
    expect(await world.live('checkout')).toBe('50%');
    const [row] = await db.rows(
      `select triggered_by, action, revision, metadata from rollout_history where feature_name = 'checkout' order by id desc limit 1`,
    );
    expect(row).toMatchObject({
      ...{ triggered_by: 'github:ada', action: 'updated', revision: await repo.tip() },
      metadata: { pull_request: number, event: 'push', entering: 1 },
    });
    expect(repo.deployments().filter(({ environment }) => environment === 'rollout/checkout')).toHaveLength(
      2,
    );

    // It breaks: rolled back in the database, then in the file, and told once.
    await recordForTick(db, 'checkout', { jobs: 100, errors: 1, minutesAgo: 60 });
    expect(await world.tick()).toMatchObject({ conclusion: 'success' });
    await recordForTick(db, 'checkout', { jobs: 40, errors: 30 });
    const harmed = await world.tick();
    expect(harmed.conclusion).toBe('failure');
    expect(harmed.annotations.map(({ message }) => message).join('\n')).toContain(
      'a person is needed: checkout was rolled back',
    );
    expect(JSON.parse(harmed.outputs.verdicts ?? '')).toEqual({ checkout: 'harmful', search: 'no_data' });
    expect(harmed.outputs).toMatchObject({ changed: 'true', incident: '1', commit: await repo.tip() });
    expect(await world.live('checkout')).toBe('off');
    expect(await repo.file('rollout.yaml')).toBe(
      TEXT.replace(
        'percentage: 25             # a quarter',
        'percentage: 0             # a quarter\n    active: false',
      ).replace(
        /(percentage: 0 .*\n) {4}active: false\n([\s\S]*max_error_rate: 5 }\n)/,
        '$1$2    active: false\n',
      ),
    );
    expect(repo.issues()).toMatchObject([{ state: 'closed', title: expect.stringContaining('checkout') }]);
    expect(await world.tick()).toMatchObject({ conclusion: 'success', outputs: { incident: '' } });
    expect(repo.issues()).toHaveLength(1);

    // An unrelated merge raises nothing; neither does one that takes the rollback away.
    const file = (await repo.file('rollout.yaml')) ?? '';
    expect(await world.push({ 'README.md': '# Ours\n' })).toMatchObject({ conclusion: 'success' });
    expect(await world.live('checkout')).toBe('off');

    // Who asks for it again by an ordinary change is told what that would be.
    const again = file.replace('percentage: 0 ', 'percentage: 30 ').replace('    active: false\n', '');
    const { number: bold, ran: warned } = await world.propose(again, { title: 'Again' });
    expect(warned).toMatchObject({ conclusion: 'success', outputs: { changed: 'true' } });
    expect(world.comments(bold)).toEqual([
      expect.stringMatching(/raises a feature rolled back on .* because 30 of 40 jobs failed/),
    ]);
    repo.closePull(bold);

    // Resumed by a form: a pull request, and live when a person has merged it.
    const resumed = await world.operate({
      operation: 'resume',
      feature: 'checkout',
      percentage: '10',
      reason: 'mended in 1.4.2',
    });
    expect(resumed).toMatchObject({ conclusion: 'success' });
    const pull = Number(resumed.outputs.pull_request);
    expect(repo.pulls().find((one) => one.number === pull)).toMatchObject({
      state: 'open',
      head: 'rollout/resume/checkout',
    });
    expect(await world.live('checkout')).toBe('off');
    expect(await world.merge(pull)).toMatchObject({ conclusion: 'success' });
    expect(await world.live('checkout')).toBe('10%');
    expect(await repo.file('rollout.yaml')).toBe(
      file.replace('percentage: 0 ', 'percentage: 10 ').replace('active: false', 'active: true'),
    );

    // Stopped by a form, with nothing asked of GitHub.
    const asked = github.requests.length;
    const stopped = await world.stop({ feature: 'checkout', reason: 'pay<b>ments</b> fail' });
    expect(stopped).toMatchObject({ conclusion: 'success', outputs: { changed: 'true', incident: '2' } });
    expect(github.requests.length).toBe(asked);
    expect(stopped.summary).toContain('Reason: pay&lt;b&gt;ments&lt;/b&gt; fail');
    expect(await world.live('checkout')).toBe('stopped');
    world.expectNoSecrets();
  });
});
