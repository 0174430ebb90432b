import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { addRepositories, fileOf, type Project, project } from '../../helpers/projects/project.ts';

let one: Project;
const GOOD = '{"feature":"checkout","subject":"r1","processor":"inngest","ok":true,"id":"a"}\n';
const BAD = '{"feature":"checkout","subject":"r1","processor":"inngest","ok":true,"duration_ms":"24"}\n';

const jobs = async () => {
  const [row] = await one.db.rows<{ n: number }>(
    `select coalesce(sum(total_jobs), 0)::int as n from rollout_metrics`,
  );
  return row?.n;
};

beforeAll(async () => {
  one = await project();
  await addRepositories(one.db, 5);
  await one.apply(fileOf({ checkout: { percentage: 100 } }));
});

describe('rollout record', () => {
  it('rollout record records standard input, and counts a repeated id once', async () => {
    const text = GOOD + GOOD.replace('"a"', '"b"');
    const first = await one.cli(['record', '--json'], { stdin: text });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toEqual({
      recorded: 2,
      repeated: 0,
      kept: 0,
      skipped: [],
      skipped_count: 0,
    });
    const again = await one.cli(['record', '-'], { stdin: text });
    expect(again).toMatchObject({ code: 0, stdout: '0 outcomes recorded, 2 were recorded before\n' });
    expect(await jobs()).toBe(2);
  });

  it('rollout record names bad lines and records nothing, or the other lines when asked', async () => {
    const path = join(one.dir, 'jobs.ndjson');
    await writeFile(path, GOOD.replace('"a"', '"c"') + BAD);
    const message =
      'duration_ms is "24"; it must be a number of milliseconds from 0 to 2592000000 (30 days), without quotes or unit';
    const before = await jobs();
    const refused = await one.cli(['record', path]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toBe(
      `error: jobs.ndjson has 1 bad line; nothing was recorded:\n  line 2: ${message}\n  next: fix the lines, or record the others with --skip-invalid\n`,
    );
    expect(await jobs()).toBe(before);
    const asJson = await one.cli(['record', path, '--json']);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ error: { code: 'record_invalid' } });
    const skipped = await one.cli(['record', path, '--skip-invalid', '--json']);
    expect(JSON.parse(skipped.stdout)).toEqual({
      ...{ recorded: 1, repeated: 0, kept: 0, skipped: [{ line: 2, message }], skipped_count: 1 },
    });
  });

  it.each([
    ['record', 'nothing.ndjson', 'there is no file nothing.ndjson'],
    ['record', '.', '. is a directory'],
    ['import', 'nothing.csv', 'there is no file nothing.csv'],
    ['import', '.', '. is a directory'],
  ])('rollout %s %s prints what was found instead of a file', async (command, path, message) => {
    expect(await one.cli([command, path])).toMatchObject({
      code: 1,
      stderr: `error: ${message}\n  next: name a file, or - for standard input\n`,
    });
  });

  it('rollout stats shows recorded outcomes', async () => {
    const { code, stdout } = await one.cli(['stats', 'checkout']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/last 1d: treatment \d+ jobs, 0% failed; control no job/);
    expect(stdout).toContain('not judged yet in this epoch');
  });
});

describe('rollout maintain', () => {
  it('rollout maintain prints what it did and refuses an impossible number of days', async () => {
    // Where midnight came since the database was made, a day ahead is missing.
    await one.cli(['maintain']);
    const said = await one.cli(['maintain', '--keep-days', '30', '--json']);
    expect(JSON.parse(said.stdout)).toEqual({
      created: 0,
      dropped: 0,
      forgotten: 0,
      thinned: 0,
      put_off: false,
      because: null,
    });
    for (const days of ['0', '-1', '24h', '1e9']) {
      const refused = await one.cli(['maintain', '--keep-days', days]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('it must be a whole number from 1 to 3650 days');
    }
  });
});
