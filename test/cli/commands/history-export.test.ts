import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { fileOf, type Project, project } from '../../helpers/projects/project.ts';

let one: Project;
const HOSTILE = '=HYPERLINK("http://x","y"), two\nlines';

beforeAll(async () => {
  one = await project();
  await one.apply(fileOf({ checkout: { percentage: 10 }, other: { percentage: 5 } }));
  expect(await one.cli(['stop', 'checkout', '--reason', HOSTILE])).toMatchObject({ code: 0 });
  // More rows than are read at once.
  await one.db.pool.query(
    `select rollout_append_history('other', 'note', 'note ' || n, '{}') from generate_series(1, 1200) n`,
  );
});

const exported = async (...args: string[]) => {
  const { code, stdout, stderr } = await one.cli(['history', 'export', ...args]);
  expect({ code, error: stderr.startsWith('error') ? stderr : null }).toEqual({ code: 0, error: null });
  return { text: stdout, lines: stdout.split('\n').slice(0, -1), note: stderr };
};
const allRows = () =>
  one.db.rows(
    `select id::int, feature_name, reason, encode(digest, 'hex') as digest from rollout_history order by id`,
  );

describe('rollout history export', () => {
  it('history export writes every row once, in order, as one JSON object per line', async () => {
    const { lines, note } = await exported();
    const rows = lines.map((line) => JSON.parse(line));
    const kept = await allRows();
    expect(
      rows.map(({ id, feature, reason, digest }) => ({ id, feature_name: feature, reason, digest })),
    ).toEqual(kept);
    const last = kept.at(-1)?.id;
    expect(note).toBe(
      `${kept.length.toLocaleString('en-US')} rows exported; go on with: rollout history export --since ${last}\n`,
    );
  });

  it('history export continues after the row it named, and names it again when nothing is new', async () => {
    const last = (await allRows()).at(-1)?.id ?? 0;
    expect(await exported('--since', String(last))).toEqual({
      ...{ text: '', lines: [] },
      note: `0 rows exported; go on with: rollout history export --since ${last}\n`,
    });
    await one.db.pool.query(`select rollout_append_history('other', 'note', 'one more', '{}')`);
    const { lines } = await exported('--since', String(last));
    expect(lines.map((line) => JSON.parse(line).reason)).toEqual(['one more']);
  });

  it('history export writes CSV that can be read back and has no cell that begins a formula', async () => {
    const { text } = await exported('--format', 'csv', '--of', 'checkout');
    const rows = parse(text, { columns: true }) as Record<string, string>[];
    expect(rows.map(({ reason }) => reason)).toContain(`'${HOSTILE}`);
    for (const row of rows) for (const value of Object.values(row)) expect(value).not.toMatch(/^[=+@-]/);
    const [first] = rows;
    expect(JSON.parse(first?.metadata ?? '')).toHaveProperty('spec');
  });

  it('history export filters by time, feature and action', async () => {
    expect((await exported('--since', '1h', '--action', 'created')).lines).toHaveLength(2);
    expect(
      (await exported('--since', '2020-01-01', '--action', 'created', '--of', 'other')).lines,
    ).toHaveLength(1);
  });

  it.each([
    [['export', '--since', 'yesterday'], 'it is a time such as 2026-11-22T10:15:00Z'],
    [['export', '--since', '2999-01-01'], '--since 2999-01-01T00:00:00.000Z is in the future'],
    [['export', '--of', 'chekout'], 'checkout'],
    [['export', '--format', 'xml'], 'Allowed choices are ndjson, csv'],
    [['export', '--limit', '3'], '--limit says nothing to history export'],
    [['--since', '3'], '--since is for history export'],
    [['verify', '--format', 'csv'], '--format says nothing to history verify'],
  ])('history refuses %j', async (args, message) => {
    const { code, stderr } = await one.cli(['history', ...args]);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});
