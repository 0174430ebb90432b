import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { readReport } from '../../../src/app/views/report.ts';
import { stats } from '../../../src/app/views/status.ts';
import { reportMarkdown } from '../../../src/report/markdown/report-markdown.ts';
import { statusPage } from '../../../src/report/page/page.ts';
import { styleOf } from '../../../src/report/style/style.ts';
import { reportText } from '../../../src/report/text/report-text.ts';
import { withoutNames } from '../../../src/server/http/names.ts';
import { readFailingSubjects } from '../../../src/store/outcomes/failing-subjects.ts';
import { recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { pass, record, type Traffic } from '../../helpers/data/traffic.ts';
import { fileOf, type Project, project } from '../../helpers/projects/project.ts';
import { type TickWorld, tickWorld } from '../../helpers/projects/tick-world.ts';

const ASSETS = { chartScript: '', chartStyle: '', script: '', style: '', liveScripts: [] };
const HOUR = 3_600_000;

let one: Project;

/** What failed jobs of treatment, or of control, said some hours ago. */
function say(
  feature: string,
  message: string,
  occurrences: number,
  { hours = 0, arm = 'treatment', db = one.db } = {},
) {
  const last_at = Date.now() - hours * HOUR;
  const error = { feature, processor: 'inngest', arm: arm as 'treatment', message, occurrences, last_at };
  return recordOutcomes(db.pool, randomUUID(), { sums: [], errors: [error] });
}

async function failuresOf(feature: string, worst?: number) {
  const [found] = (await stats(one.controller.store, feature, worst)).features;
  if (!found) throw new Error(`there is no feature ${feature}`);
  return { worst_subjects: found.worst_subjects, error_classes: found.error_classes };
}

const surfaces = async (showNames: boolean) => {
  const data = await readReport(one.controller, { showNames });
  return {
    page: statusPage(data, ASSETS),
    markdown: reportMarkdown(data),
    text: reportText(styleOf(false), data),
    json: JSON.stringify(data),
    data,
  };
};

beforeAll(async () => {
  one = await project();
  await one.db.pool.query(
    `insert into repository_categories (repository_id, full_name) values ('700001', 'acme/payments'), ('700002', 'acme/web')`,
  );
  await one.apply(
    fileOf({ calm: { percentage: 100 }, failing: { percentage: 100, rollback: { enabled: false } } }),
  );
  await record(one.db, 'calm', { jobs: 50 });
  const of = (subject: string, jobs: number, errors: number): Traffic => ({ subject, jobs, errors });
  await record(
    one.db,
    'failing',
    { jobs: 400 },
    of('700001', 20, 17),
    of('700002', 40, 2),
    of('stranger', 5, 1),
  );
  await record(one.db, 'failing', of('700002', 10, 0), { jobs: 30, errors: 20, arm: 'control' });
});

describe('the subjects with most failures', () => {
  it('are listed with what they failed and finished, their share of all failures, and since when', async () => {
    const { worst_subjects } = await failuresOf('failing');
    const since = expect.any(Date);
    expect(worst_subjects).toEqual({
      ...{ epoch: 1, failed: 20, subjects: 3 },
      worst: [
        { subject: '700001', name: 'acme/payments', finished: 20, failed: 17, share: 85, since },
        { subject: '700002', name: 'acme/web', finished: 50, failed: 2, share: 10, since },
        { subject: 'stranger', name: null, finished: 5, failed: 1, share: 5, since },
      ],
    });
    const age = Date.now() - Number(worst_subjects?.worst[0]?.since);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(HOUR);
  });

  it('are as many as asked for', async () => {
    expect((await failuresOf('failing', 1)).worst_subjects).toMatchObject({
      subjects: 3,
      worst: [{ failed: 17 }],
    });
    expect((await failuresOf('failing', 0)).worst_subjects).toBeUndefined();
    const all = await one.cli(['stats', '--worst', '2', '--json']);
    const { features } = JSON.parse(all.stdout);
    expect(
      features.map((f: { worst_subjects?: { worst: unknown[] } }) => f.worst_subjects?.worst.length),
    ).toEqual([undefined, 2]);
    expect((await one.cli(['stats', 'failing', '--worst', '101'])).stderr).toContain(
      'whole number from 0 to 100',
    );
  });

  it('are nowhere where nothing failed, and in no list of all features', async () => {
    expect(await failuresOf('calm')).toEqual({ worst_subjects: undefined, error_classes: undefined });
    const [calm, ...others] = (await one.cli(['stats'])).stdout.split('\n\n');
    expect(calm).not.toMatch(/most failures|class of error/);
    expect(others.join()).not.toMatch(/most failures/);
    const { data } = await surfaces(true);
    expect(Object.keys(data.features.find(({ feature }) => feature === 'calm') ?? {})).not.toContain(
      'worst_subjects',
    );
  });

  it('do not know how many jobs finished where outcomes are not kept by subject', async () => {
    const client = await one.db.pool.connect();
    try {
      await client.query('begin');
      await client.query('delete from rollout_metrics');
      const found = await readFailingSubjects(
        client,
        [{ feature: 'failing', epoch: 1, until: new Date() }],
        1,
      );
      expect(found.get('failing')?.worst).toMatchObject([{ subject: '700001', finished: null, failed: 17 }]);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});

it('finished jobs are counted for the 100 subjects with the largest shares, however many are asked for', async () => {
  const many = await project();
  await many.apply(fileOf({ one: { percentage: 100 }, two: { percentage: 100 } }));
  await record(many.db, 'one', { jobs: 90, errors: 90 });
  await record(many.db, 'two', { jobs: 80, errors: 80 }, { subject: 'worst', jobs: 20, errors: 20 });
  const { features } = await stats(many.controller.store, undefined, 100);
  const worst = features.flatMap(({ worst_subjects: shown }) => shown?.worst ?? []);
  expect(worst).toHaveLength(171);
  expect(worst.filter(({ finished }) => finished !== null)).toHaveLength(100);
  expect(worst.find(({ subject }) => subject === 'worst')).toMatchObject({ finished: 20, failed: 20 });
});

describe('errors by class', () => {
  beforeAll(async () => {
    await say('failing', 'Error [ECONNREFUSED]: 10.0.0.1', 12);
    await say('failing', 'Error [ECONNREFUSED]: 10.0.0.2', 5);
    await say('failing', 'TypeError: of acme/web', 3);
    await say('failing', 'TypeError: of acme/payments', 4, { hours: 30 });
    await say('failing', 'HTTP 502', 40, { hours: 26 });
    await say('failing', 'somebody said something', 1);
    await say('failing', 'TypeError: x', 7, { arm: 'control' });
    await say('failing', 'RangeError: in control alone', 7, { arm: 'control' });
  });

  it('are counted against the day before, with when they were first and last seen', async () => {
    const { error_classes } = await failuresOf('failing');
    const dates = { first_at: expect.any(Date), last_at: expect.any(Date) };
    const control = { control_failed: 0, control_failed_before: 0 };
    expect(error_classes).toEqual({
      ...{ jobs: 475, jobs_before: 0, more: 0 },
      classes: [
        {
          class: 'ECONNREFUSED',
          failed: 17,
          failed_before: 0,
          ...control,
          ...dates,
          trend: 'new',
          new_in_epoch: true,
        },
        {
          ...{ class: 'TypeError', failed: 3, failed_before: 4, ...control, control_failed: 7 },
          ...{ ...dates, trend: 'same', new_in_epoch: false },
        },
        { class: null, failed: 1, failed_before: 0, ...control, ...dates, trend: 'new', new_in_epoch: true },
        {
          class: 'HTTP 502',
          failed: 0,
          failed_before: 40,
          ...control,
          ...dates,
          trend: 'gone',
          new_in_epoch: false,
        },
      ],
    });
    const [, type] = error_classes?.classes ?? [];
    expect(Date.now() - Number(type?.first_at)).toBeGreaterThan(29 * HOUR);
    expect(Date.now() - Number(type?.last_at)).toBeLessThan(HOUR);
  });

  it('stand beside the worst subjects in stats, report and page', async () => {
    const { stdout } = await one.cli(['stats', 'failing']);
    expect(stdout).toContain('  20 jobs of 3 subjects failed in the last day\n');
    expect(stdout).toMatch(/^acme\/payments +17 +20 +85% +\d+ min ago$/m);
    expect(stdout).toMatch(/^ECONNREFUSED +17 +0 +0 +new in this epoch +\d min ago +\d min ago$/m);
    expect(stdout).toMatch(/^TypeError +3 +4 +7 +as before +30 h ago +\d min ago$/m);
    expect(stdout).toMatch(/^without a class +1 /m);
    const { page, markdown, text } = await surfaces(true);
    for (const said of [markdown.replaceAll('\\', ''), text, page]) {
      expect(said).toMatch(/most failures: acme\/payments 17 of 20 since \S+ \S+ UTC \(85% of all\)/);
      expect(said).toContain('errors: ECONNREFUSED 17 (new in this epoch), TypeError 3 (as before)');
    }
    expect(page).toContain('Subjects with most failures');
    expect(page).toMatch(/<th scope="row">HTTP 502<\/th>.*<td>gone<\/td>/);
  });

  it('say their numbers and no name where names may not be shown', async () => {
    const { page, markdown, text, json, data } = await surfaces(false);
    for (const said of [page, markdown, text, json]) {
      expect(said).not.toMatch(/acme\W|payments|700001|stranger/);
      expect(said).toContain('ECONNREFUSED');
    }
    expect(text).toContain('most failures: one subject 17 of 20 since ');
    const shown = data.features.find(({ feature }) => feature === 'failing')?.worst_subjects;
    expect(shown?.worst[0]).toMatchObject({ subject: null, name: null, failed: 17, share: 85 });
    const answered = withoutNames(await stats(one.controller.store, 'failing'));
    expect(JSON.stringify(answered)).not.toMatch(/acme\W|payments|700001|stranger/);
    expect(answered).toMatchObject({
      features: [{ worst_subjects: { worst: [{ subject: null, failed: 17 }, {}, {}] } }],
    });
  });
});

describe('after a rollback', () => {
  let world: TickWorld;
  const found = async () => (await stats(world.controller.store, 'checkout')).features[0];
  beforeAll(async () => {
    world = await tickWorld({ checkout: { percentage: 50 } });
    await world.reconcile();
    await world.record('checkout', { jobs: 200, errors: 100 }, { jobs: 200, arm: 'control' });
    await say('checkout', 'Error [EPIPE]: closed', 100, { db: world.db });
    await say('checkout', 'TypeError: old', 2, { hours: 20, db: world.db });
    await world.tick();
  });

  it('who failed and with which errors stays until somebody resumes the feature', async () => {
    const before = await found();
    expect(before).toMatchObject({
      epoch: 2,
      worst_subjects: { epoch: 1, failed: 100, subjects: 100 },
      error_classes: {
        classes: [{ class: 'EPIPE', failed: 100, trend: 'new', new_in_epoch: true }, { class: 'TypeError' }],
      },
    });
    expect(before?.worst_subjects?.worst).toHaveLength(5);
    await pass(world.db, 60 * 24 * 3);
    await world.db.pool.query('select rollout_maintain()');
    expect((await found())?.worst_subjects).toMatchObject({ epoch: 1, failed: 100, subjects: 100 });
    await world.db.pool.query(
      `update rollout_incidents set state = 'resumed', resumed_at = now(), resumed_by = 'tester'`,
    );
    await world.db.pool.query('select rollout_maintain()');
    expect((await found())?.worst_subjects).toBeUndefined();
    expect(await world.db.rows('select from rollout_spans where failed > 0')).toEqual([]);
  });
});
