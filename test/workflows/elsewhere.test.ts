import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shop } from '../helpers/workflow/shop.ts';

const TEXT = `version: 1
test_repositories: [acme/sandbox]
features:
  checkout: { percentage: 25, whitelist: [acme/one] }
`;

const MORE = TEXT.replace('25', '100');

describe('a pull request from a fork', () => {
  it('a pull request from a fork gets a plan of the files alone, in summary and annotations, without a comment', async () => {
    const world = await shop({ text: TEXT, isPrivate: false });
    const { number, ran } = await world.propose(
      `${MORE}  evil: { percentage: 101, description: "<b>@acme</b>" }\n`,
      { fork: 'eve' },
    );
    expect(ran.conclusion).toBe('failure');
    expect(ran.annotations).toContainEqual(
      expect.objectContaining({ severity: 'error', line: 5, file: 'rollout.yaml' }),
    );
    expect(ran.summary).toContain('without a database');
    expect(ran.summary).toContain('| `checkout` | update | 25% | 100% | ? | ? |');
    expect(world.comments(number)).toEqual([]);
    const { ran: valid } = await world.propose(MORE, { fork: 'eve' });
    expect(valid).toMatchObject({ conclusion: 'success', outputs: { changed: 'true' } });
    expect(world.github.requests.filter(({ method }) => method !== 'GET' && method !== 'POST')).toEqual([]);
    world.expectNoSecrets();
  });
});

describe('the comment of a pull request', () => {
  it('the plan comment is updated when every change is reverted or the file is deleted', async () => {
    const world = await shop({ text: TEXT });
    await world.reconcile();
    const { number } = await world.propose(MORE);
    expect(world.comments(number)).toEqual([expect.stringContaining('**1 change**')]);
    expect(await world.amend(number, TEXT)).toMatchObject({ conclusion: 'success' });
    expect(world.comments(number)).toEqual([expect.stringContaining('**0 changes**')]);
    await world.amend(number, MORE);
    const deleted = await world.amend(number, null);
    expect(deleted).toMatchObject({ conclusion: 'failure', outputs: { changed: 'false' } });
    expect(deleted.annotations).toContainEqual(
      expect.objectContaining({ severity: 'error', message: expect.stringContaining('no file rollout') }),
    );
    expect(world.comments(number)).toEqual([expect.stringContaining('there is no file rollout.yaml')]);
    expect(world.comments(number)[0]).toContain('**0 changes**');
  });
});

describe('a plan without a database', () => {
  it('a plan without a database compares with the default branch’s file, says so in its comment, and succeeds', async () => {
    const world = await shop({ text: TEXT, withoutReader: true });
    const { number, ran } = await world.propose(MORE);
    expect(ran).toMatchObject({ conclusion: 'success', outputs: { changed: 'true' } });
    expect(world.comments(number)).toEqual([
      expect.stringContaining('> Compared with the file on the default branch, without a database'),
    ]);
  });
});

describe('GitHub Enterprise, with the workflows that init writes', () => {
  it('on GitHub Enterprise the action calls the runner’s own server, and a public plan names no subject', async () => {
    const world = await shop({ text: TEXT, enterprise: true, written: true, isPrivate: false });
    const { github } = world;
    expect(await world.reconcile()).toMatchObject({ conclusion: 'success' });
    const { number, ran } = await world.propose(MORE);
    expect(ran.conclusion).toBe('success');
    const [comment] = world.comments(number);
    expect(comment).toContain('| `checkout` | update | 25% | 100% | 3 | 0 |');
    for (const text of [comment, ran.summary, ran.raw, ran.outputs.plan])
      expect(text).not.toContain('acme/two');
    expect(await world.merge(number)).toMatchObject({ conclusion: 'success' });
    expect(await world.live('checkout')).toBe('100%');
    expect(await world.tick()).toMatchObject({ conclusion: 'success' });
    for (const { url } of github.requests) expect(url).toMatch(/^\/api\/(v3\/|graphql$)/);
    world.expectNoSecrets();
  });

  it('a public plan names subjects where the repository sets ROLLOUT_SHOW_NAMES', async () => {
    const world = await shop({ text: TEXT, isPrivate: false, vars: { ROLLOUT_SHOW_NAMES: 'true' } });
    await world.reconcile();
    const { number } = await world.propose(MORE);
    expect(world.comments(number)).toEqual([expect.stringContaining('acme/two')]);
  });
});

describe('the daily report', () => {
  it('the daily report writes a summary and deploys a page without names to Pages where the repository wants it', async () => {
    const world = await shop({ text: TEXT, isPrivate: true, vars: { ROLLOUT_PAGES: 'true' } });
    await world.reconcile();
    const ran = await world.report();
    expect(ran).toMatchObject({ conclusion: 'success', outputs: { verdicts: '{"checkout":"no_data"}' } });
    expect(ran.summary).toContain('checkout');
    expect(ran.handed.map(({ uses }) => uses.split('@')[0])).toEqual([
      'actions/upload-pages-artifact',
      'actions/deploy-pages',
    ]);
    const page = await readFile(join(ran.workspace, ran.handed[0]?.with.path ?? '', 'index.html'), 'utf8');
    expect(page).toContain('checkout');
    expect(page).not.toContain('acme/one');
    world.expectNoSecrets();
  });

  it('the daily report deploys no page unless the repository wants it', async () => {
    const world = await shop({ text: TEXT });
    await world.reconcile();
    const ran = await world.report();
    expect(ran).toMatchObject({
      conclusion: 'success',
      handed: [],
      jobs: { pages: { conclusion: 'skipped' } },
    });
  });
});

describe('another ref than the default branch', () => {
  it('a run from another ref than the default branch gets no secret of the environment and stops nothing', async () => {
    const world = await shop({ text: TEXT });
    await world.reconcile();
    const ran = await world.stop({ feature: 'checkout', reason: 'from a branch' }, 'refs/heads/mine');
    expect(ran).toMatchObject({ conclusion: 'failure', outputs: {} });
    expect(await world.live('checkout')).toBe('25%');
  });
});
