import { beforeAll, describe, expect, it } from 'vitest';
import { record } from '../../helpers/data/traffic.ts';
import { type TickWorld, tickWorld } from '../../helpers/projects/tick-world.ts';

const QUARANTINE = { percentage: 100, rollback: { few_subjects: 'quarantine', fuse: false } };

let world: TickWorld;

/** One subject failed alone, and the tick took it out of the feature. */
beforeAll(async () => {
  world = await tickWorld({ one: QUARANTINE });
  await record(world.db, 'one', ...[1, 2, 3, 4, 5, 6].map((n) => ({ jobs: 1, subject: `good${n}` })));
  for (let quarter = 0; quarter < 8; quarter++) {
    await world.record('one', { jobs: 4, errors: 4, subject: 'bad' });
    await world.pass(15);
  }
  await world.tick();
});

const admitted = async () => {
  const [row] = await world.db.rows<{ eligible: boolean }>(
    `select eligible from rollout_evaluate('one', 'bad')`,
  );
  return row?.eligible;
};

describe('resume --subject', () => {
  it.each([
    [
      'without a feature',
      ['resume', '--subject', 'bad', '--reason', 'x'],
      '--subject releases one subject of one feature',
    ],
    [
      'with --all',
      ['resume', '--all', '--subject', 'bad', '--reason', 'x'],
      '--subject releases one subject of one feature',
    ],
    [
      'of a feature that is not there',
      ['resume', 'none', '--subject', 'bad', '--reason', 'x', '--yes'],
      'none',
    ],
    [
      'of who is not in quarantine',
      ['resume', 'one', '--subject', 'good1', '--reason', 'x', '--yes'],
      '"good1" is not in quarantine of one\n  next: in quarantine are: bad',
    ],
  ])('resume --subject %s is refused with what was found, and releases nobody', async (_what, args, said) => {
    const { code, stderr } = await world.cli(args);
    expect(code).not.toBe(0);
    expect(stderr).toContain(said);
    expect(await admitted()).toBe(false);
  });

  it('resume --subject releases the subject in the database and in the file, and reports both as JSON', async () => {
    const { code, stdout, stderr } = await world.cli([
      ...['resume', 'one', '--subject', 'bad', '--reason', 'it was mended', '--yes', '--json'],
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ feature: 'one', subject: 'bad', released: true });
    expect(await admitted()).toBe(true);
    expect(await world.fileAt()).not.toContain('bad');
  });

  it('resume --subject finds nobody to release the second time', async () => {
    const { code, stderr } = await world.cli(['resume', 'one', '--subject', 'bad', '--reason', 'x', '--yes']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('"bad" is not in quarantine of one\n  next: nobody is; see: rollout status');
  });
});
