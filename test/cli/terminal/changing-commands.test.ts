import { describe, expect, it } from 'vitest';
import { percentageOption } from '../../../src/cli/terminal/changing.ts';
import { FILE, type World, world } from '../../app/changing-world.ts';
import { type CliResult, cliHere } from '../../helpers/processes/cli.ts';
import { gitEnvironment } from '../../helpers/projects/git.ts';

/** Runs a command in the clone, as `ada`. */
function rollout({ mine, db }: World, ...args: string[]): Promise<CliResult> {
  const env = { ...gitEnvironment, DATABASE_URL: db.connectionString, ROLLOUT_ACTOR: 'ada' };
  return cliHere(args, { cwd: mine.dir, env });
}

async function json(here: World, ...args: string[]): Promise<{ code: number | null; answer: Answer }> {
  const { code, stdout, stderr } = await rollout(here, ...args, '--json');
  if (stdout === '') throw new Error(stderr);
  return { code, answer: JSON.parse(stdout) };
}

// biome-ignore lint/suspicious/noExplicitAny: what the answers hold is what these tests are about
type Answer = any;

describe('set on the command line', () => {
  it('set raises nothing without a terminal and without --yes, and names --yes', async () => {
    const here = await world();
    const { code, stdout, stderr } = await rollout(here, 'set', 'checkout', '50');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      'error: not done without being confirmed: Raise checkout from 25% to 50%?\n  next: this raises exposure; in a script, add --yes\n',
    );
    expect([await here.committed(), await here.live('checkout')]).toEqual([FILE, '25%']);
  });

  it('set --yes commits, reconciles and reports both; a cut needs no confirmation', async () => {
    const here = await world();
    const { code, stdout } = await rollout(here, 'set', 'checkout', '50', '--yes', '--reason', 'a good week');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Set checkout to 50%: committed as [0-9a-f]{10}\n/);
    expect(stdout).toMatch(/\n~ checkout {2}update {2}25% -> 50% /);
    expect(await here.live('checkout')).toBe('50%');
    const lower = await json(here, 'set', 'checkout', '12.5');
    expect(lower).toMatchObject({
      code: 0,
      answer: {
        feature: 'checkout',
        percentage: 12.5,
        raises: false,
        live: true,
        file: { state: 'committed' },
      },
    });
    expect(await here.lastChange()).toHaveLength(2);
    expect(
      (await here.db.rows('select triggered_by from rollout_history order by id desc limit 1'))[0],
    ).toEqual({
      triggered_by: 'ada',
    });
  });

  it('set takes a percentage with at most two decimals, written in the usual notation only', async () => {
    expect(['0', '100', '12.5', '0.01'].map(percentageOption)).toEqual([0, 100, 12.5, 0.01]);
    for (const text of ['101', '100.01', '-1', '5.001', '1e1', 'ten', '', ' 5', '5%']) {
      expect(() => percentageOption(text)).toThrow('at most two decimals');
    }
    const { code, stderr } = await rollout(await sharedWorld(), 'set', 'checkout', '101');
    expect(code).toBe(1);
    expect(stderr).toContain('it must be a percentage from 0 to 100 with at most two decimals');
  });

  it('set --via pull_request prints the branch on which the change waits', async () => {
    const here = await world();
    const { code, stdout, stderr } = await rollout(
      here,
      'set',
      'checkout',
      '50',
      '--yes',
      '--via',
      'pull_request',
    );
    expect(code).toBe(0);
    expect(stdout).toBe('Set checkout to 50%: proposed on rollout/set/checkout\n');
    expect(stderr).toContain('not live yet: waits until a person merges rollout/set/checkout');
    expect(await here.live('checkout')).toBe('25%');
  });
});

describe('rollback, set and resume on the command line', () => {
  it('a rollback with a failed write-back takes effect and exits with 1; a proposed one exits with 0', async () => {
    const here = await world();
    await here.mine.git('remote', 'set-url', '--push', 'origin', '/nowhere/at/all');
    const failed = await json(here, 'rollback', 'checkout', '--reason', 'payments fail');
    expect(failed).toMatchObject({ code: 1, answer: { incident: '1', written_back: { state: 'pending' } } });
    expect(await here.live('checkout')).toBe('off');
    await here.mine.git('remote', 'set-url', '--push', 'origin', here.remote);
    const proposed = await json(here, 'rollback', 'search', '--reason', 'slow', '--via', 'pull_request');
    expect(proposed).toMatchObject({ code: 0, answer: { written_back: { state: 'proposed' } } });
  });

  it('rollback, set and resume work together: rolled back, refused, resumed', async () => {
    const here = await world();
    expect(await rollout(here, 'rollback', 'checkout')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('rollback needs a reason'),
    });
    const back = await json(here, 'rollback', 'checkout', '--reason', 'payments fail');
    expect(back).toMatchObject({
      code: 0,
      answer: { incident: '1', from: 25, eligible: 0, pending: null, written_back: { state: 'done' } },
    });
    expect(await here.live('checkout')).toBe('off');

    const refused = await rollout(here, 'set', 'checkout', '10', '--yes');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('next: to switch it on again, run: rollout resume checkout');

    const unsaid = await rollout(here, 'resume', 'checkout', '--reason', 'mended', '--yes');
    expect(unsaid.code).toBe(1);
    expect(unsaid.stderr).toContain('add the percentage to resume to');
    const unasked = await rollout(here, 'resume', 'checkout', '--percentage', '10', '--reason', 'mended');
    expect(unasked).toMatchObject({ code: 1, stderr: expect.stringContaining('add --yes') });
    const done = await json(here, 'resume', 'checkout', '--percentage', '10', '--reason', 'mended', '--yes');
    expect(done).toMatchObject({
      code: 0,
      answer: {
        features: [{ feature: 'checkout', percentage: 10, incident: null }],
        live: true,
        unlatched: false,
      },
    });
    expect(await here.live('checkout')).toBe('10%');
  });

  it('resume --all ends a global stop', async () => {
    const here = await world();
    await rollout(here, 'stop', '--all', '--reason', 'all is broken');
    const { code, stdout } = await rollout(here, 'resume', '--all', '--reason', 'it is over', '--yes');
    expect(code).toBe(0);
    expect(stdout).toMatch(/incident \d of beta has a permit until 20/);
    expect(stdout).toMatch(/the global stop is lifted\n$/);
    expect(await here.live('search')).toBe('50%');
  });

  it.concurrent.each([
    [['resume', '--reason', 'x'], 'name the feature to resume'],
    [['resume', 'checkout', '--all', '--reason', 'x'], '--all and checkout cannot be combined'],
    [
      ['resume', '--all', '--percentage', '5', '--reason', 'x'],
      '--all resumes each feature as far as the file says',
    ],
    [['resume', 'checkout', '--reason', ' '], 'resume needs a reason'],
    [['resume', 'checkout', '--reason', 'x', '--yes'], 'checkout is not held, and on in the file at 25%'],
    [['auto-rollback', 'maybe', 'checkout'], 'auto-rollback is on or off, not "maybe"'],
    [['whitelist', 'empty', 'checkout'], 'rollout whitelist does not know "empty"'],
    [['whitelist', 'add', 'checkout'], 'name them: ids or owner/name'],
    [['advance', 'checkout', '--force'], '--force needs --reason'],
    [['rollback', 'nobody', '--reason', 'x'], 'there is no feature "nobody"'],
    [['set', 'checkout', '5', '--via', 'pigeon'], 'Allowed choices are commit, pull_request, file'],
  ])('%j is an error that says what is wrong', async (args, said) => {
    const here = await sharedWorld();
    const { code, stderr } = await rollout(here, ...args);
    expect(code).toBe(1);
    expect(stderr).toContain(said);
  });
});

describe('advance on the command line', () => {
  it('advance prints what it waits for and exits with 3', async () => {
    const here = await sharedWorld();
    const { code, stderr } = await rollout(here, 'advance', 'checkout');
    expect(code).toBe(3);
    expect(stderr).toMatch(/^waits: no finished jobs/);
    const told = await json(here, 'advance', 'checkout');
    expect(told).toMatchObject({
      code: 3,
      answer: { forced: false, file: null, advance: { ready: false, next: { percentage: 50 } } },
    });
  });
});

describe('lists on the command line', () => {
  it('entries of a list are added, shown and removed on the command line', async () => {
    const here = await world();
    const added = await rollout(here, 'whitelist', 'add', 'beta', 'acme/two', 'acme/lost', '--yes');
    expect(added).toMatchObject({
      code: 0,
      stderr: 'no subject named acme/lost (misspelled, or not imported yet)\n',
    });
    const shown = await rollout(here, 'whitelist', 'show', 'beta');
    expect(shown.stdout).toBe('acme/lost  (no subject has that name)\nacme/one  r1\nacme/two  r2\n');
    const removed = await json(here, 'whitelist', 'remove', 'beta', 'acme/two', 'acme/lost');
    expect(removed).toMatchObject({ code: 0, answer: { list: 'whitelist', raises: false, live: true } });
    expect(await here.committed()).toBe(FILE);
    expect((await json(here, 'blacklist', 'show', 'beta')).answer).toEqual({
      feature: 'beta',
      list: 'blacklist',
      entries: [],
    });
  });

  it('changes of test repositories on the command line print who enters and leaves', async () => {
    const here = await world();
    const { code, stdout } = await rollout(here, 'mark-test', 'acme/two', '--yes');
    expect(code).toBe(0);
    expect(stdout).toMatch(/search: 1 subject entered, 0 left\n$/);
    const back = await json(here, 'unmark-test', 'acme/two', '--yes');
    expect(back).toMatchObject({ code: 0, answer: { movements: [{ feature: 'search', leaving: 1 }] } });
    const off = await json(here, 'auto-rollback', 'off', 'checkout');
    expect(off).toMatchObject({ code: 0, answer: { feature: 'checkout', enabled: false, live: true } });
  });
});

let shared: Promise<World> | undefined;

/** One for the commands that change nothing. */
function sharedWorld(): Promise<World> {
  shared ??= world();
  return shared;
}
