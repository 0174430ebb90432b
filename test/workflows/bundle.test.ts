import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMMANDS } from '../../src/actions/commands/commands.ts';
import { node24 } from '../helpers/processes/node24.ts';
import { recordForTick } from '../helpers/projects/tick-world.ts';
import { patience } from '../helpers/run/pace.ts';
import { fill, shop } from '../helpers/workflow/shop.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'dist/action');
const run = promisify(execFile);
const action = parse(await readFile(join(root, 'action.yml'), 'utf8'));

const file = 'config/rollout.yaml';
const TEXT = `version: 1
defaults: { rollback: { fuse: false } }
test_repositories: [acme/sandbox]
features:
  checkout:
    percentage: 10
    whitelist: [acme/one]
    steps: [{ percentage: 10, soak: 1h }, { percentage: 50 }]
`;

const nodes = [
  { name: `Node ${process.versions.node.split('.')[0]}`, node: process.execPath },
  ...(node24 === null ? [] : [{ name: 'Node 24, on which GitHub runs it', node: node24 }]),
];

/** What a person adds to a written workflow by hand. */
const edited = (workflow: string) =>
  workflow
    .replace(/^( *)command: plan$/m, '$1command: plan\n$1comment: always\n$1check: true')
    .replace(/^( *)command: tick$/m, '$1command: tick\n$1issues: true\n$1deployments: true');

describe.each(nodes)('the bundle on $name', { timeout: patience(300_000) }, ({ node }) => {
  it('every part of the bundle loads, whichever part a command may ask for', async () => {
    const parts = (await readdir(folder)).filter((name) => name.endsWith('.js') && name !== 'main.js');
    expect(parts.length).toBeGreaterThan(20);
    const script = `for (const name of ${JSON.stringify(parts)}) await import('./' + name);`;
    const { stderr } = await run(node, ['--input-type=module', '--eval', script], { cwd: folder });
    expect(stderr).toBe('');
  });

  it('the bundle runs every command with every input from an empty database, by the workflows that init writes', async () => {
    const world = await shop({ text: TEXT, file, written: true, unmigrated: true, node, edited });
    const { repo, db } = world;

    const migrated = await world.reconcile({ migrate: true });
    expect(migrated.log).toContain('migrated: ');
    expect(migrated).toMatchObject({ conclusion: 'success', outputs: { changed: 'true' } });
    await fill(db);
    // A second time there is nothing to do.
    const again = await world.reconcile({ migrate: true, allow_rewind: true });
    expect(again.log).not.toContain('migrated: ');
    expect(again).toMatchObject({ conclusion: 'success', outputs: { changed: 'false' } });

    const { number, ran: planned } = await world.propose(TEXT.replace('percentage: 10\n', 'percentage: 5\n'));
    expect(planned).toMatchObject({ conclusion: 'success', outputs: { changed: 'true' } });
    expect(world.comments(number)).toHaveLength(1);
    expect(await world.merge(number)).toMatchObject({ conclusion: 'success' });

    const set = { operation: 'set', feature: 'checkout', percentage: '10', reason: 'more', via: 'commit' };
    expect(await world.operate(set)).toMatchObject({ conclusion: 'success', outputs: { changed: 'true' } });
    expect(await world.live('checkout')).toBe('10%');

    await recordForTick(db, 'checkout', { jobs: 100, errors: 1 });
    expect(await world.tick()).toMatchObject({
      conclusion: 'success',
      outputs: { verdicts: expect.stringContaining('checkout') },
    });

    const advance = { operation: 'advance', feature: 'checkout', force: true, reason: 'known to work' };
    const advanced = await world.operate(advance);
    expect(advanced.conclusion).toBe('success');
    await world.merge(Number(advanced.outputs.pull_request));
    expect(await world.live('checkout')).toBe('50%');

    const now = async () => (await repo.file(file)) ?? '';
    const limited = (await now()).replace(
      'features:',
      'policy: { largest_raise: { points: 20 } }\nfeatures:',
    );
    await world.merge((await world.propose(limited)).number);
    await world.merge((await world.propose(limited.replace('percentage: 50\n', 'percentage: 75\n'))).number);
    expect(await world.live('checkout')).toBe('50%');
    const allow = { operation: 'allow', feature: 'checkout', reason: 'agreed' };
    expect(await world.operate(allow)).toMatchObject({ conclusion: 'success', outputs: { changed: 'true' } });
    expect(await world.live('checkout')).toBe('75%');

    const back = { operation: 'rollback', feature: 'checkout', percentage: '20', reason: 'it fails' };
    expect(await world.operate(back)).toMatchObject({
      conclusion: 'success',
      outputs: { incident: '1', commit: await repo.tip() },
    });
    expect(await world.live('checkout')).toBe('20%');

    expect(await world.stop({ all: true, reason: 'to be sure' })).toMatchObject({ conclusion: 'success' });
    expect(await world.stop({ feature: 'checkout', reason: 'to be sure' })).toMatchObject({
      conclusion: 'success',
    });
    expect(await world.live('checkout')).toBe('stopped');
    const all = { operation: 'resume', all: true, reason: 'it was nothing', via: 'commit' };
    expect(await world.operate(all)).toMatchObject({ conclusion: 'success', outputs: { changed: 'true' } });
    expect(await world.live('checkout')).toBe('20%');

    const report = await world.report();
    expect(report).toMatchObject({ conclusion: 'success', outputs: { verdicts: expect.any(String) } });
    expect(await readFile(join(report.workspace, '_site/index.html'), 'utf8')).toContain('checkout');

    const commands = new Set(world.given.map(({ command }) => command));
    expect([...commands].sort()).toEqual(Object.keys(COMMANDS).sort());
    const inputs = new Set(world.given.flatMap((given) => Object.keys(given)));
    // Empty where the repository has no such variable.
    inputs.add('show_names');
    expect([...inputs].sort()).toEqual(Object.keys(action.inputs).sort());
    world.expectNoSecrets();
  });
});
