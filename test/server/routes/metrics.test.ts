import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { record, route } from '../../helpers/data/traffic.ts';
import { switchingProxy } from '../../helpers/database/switching-proxy.ts';
import { type Served, served, storeAt } from '../../helpers/http/served.ts';
import { addRepositories, fileOf, type Project, project } from '../../helpers/projects/project.ts';

let one: Project;
let server: Served;

beforeAll(async () => {
  one = await project();
  await addRepositories(one.db, 100);
  await one.apply(
    fileOf({ checkout: { percentage: 100 }, search: { percentage: 25.5, strategy: 'repository_size' } }),
  );
  await record(
    one.db,
    'checkout',
    { jobs: 40, errors: 2, category: 'small' },
    { jobs: 10, errors: 1, category: 'large' },
    { jobs: 7, arm: 'control' },
    ...Array.from({ length: 14 }, (_, n) => ({ jobs: 1, processor: `processor-${n}` })),
  );
  await route(one.db, 'checkout', 3);
  server = await served(one.controller);
});

const scrape = async (from = server) => (await from.get('/metrics')).text();

/** The text format, strictly: a value for each name and set of labels, once. */
function parse(text: string): Map<string, number> {
  const values = new Map<string, number>();
  const types = new Map<string, string>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, name, type] = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
    if (name !== undefined && type !== undefined) types.set(name, type);
    if (line.startsWith('#')) {
      expect(line).toMatch(/^# (TYPE|HELP) [a-z_:][a-z0-9_:]* ./);
      continue;
    }
    const [, key = '', value = ''] = SAMPLE.exec(line) ?? [];
    expect(key, line).not.toBe('');
    expect(values.has(key), `${key} twice`).toBe(false);
    values.set(key, Number(value));
    const base = key.replace(/\{.*/, '');
    expect(types.has(base) || types.has(base.replace(/_(bucket|sum|count)$/, '')), base).toBe(true);
  }
  return values;
}

const SAMPLE =
  /^([a-z_:][a-z0-9_:]*(?:\{[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\[\\"n])*")*\})?) (-?[0-9.e+-]+|Nan|[+-]Inf)$/;

describe('what Prometheus scrapes', () => {
  it('the metrics show the exposure, the jobs and the health of each feature', async () => {
    const values = parse(await scrape());
    const about = (feature: string, name: string, labels = '') =>
      values.get(`rollout_feature_${name}{feature="${feature}"${labels}}`);
    expect(about('checkout', 'percentage')).toBe(100);
    expect(about('search', 'percentage')).toBe(25.5);
    expect(about('checkout', 'eligible_subjects')).toBe(100);
    expect(about('checkout', 'open_jobs')).toBe(3);
    expect(about('checkout', 'window_jobs', ',arm="treatment",processor="inngest"')).toBe(50);
    expect(about('checkout', 'window_errors', ',arm="treatment",processor="inngest"')).toBe(3);
    expect(about('checkout', 'window_jobs', ',arm="control",processor="inngest"')).toBe(7);
    expect(about('checkout', 'health_score')).toBeGreaterThan(0);
    expect(about('search', 'active')).toBe(1);
    expect(values.get('rollout_database_up')).toBe(1);
    expect(values.get('rollout_features')).toBe(2);
    expect(values.get('rollout_controller_stale')).toBe(0);
    // No tick has run yet: an age of zero would be a lie.
    expect(values.has('rollout_heartbeat_age_seconds')).toBe(false);
  });

  it('the number of series does not grow with processors, paths and methods', async () => {
    for (let n = 0; n < 30; n++) {
      await server.get(`/nowhere/${n}`);
      await server.get(`/api/features/feature-${n}`);
      await server.post(`/ofrep/v1/evaluate/flags/flag-${n}`, {});
    }
    const keys = [...parse(await scrape()).keys()];
    const processors = keys.filter((key) => /window_jobs.*treatment/.test(key));
    expect(processors).toHaveLength(11);
    expect(processors.join()).toContain('processor="other"');
    const requests = keys.filter((key) => key.startsWith('rollout_http_requests_total'));
    expect(requests.length).toBeLessThan(12);
    expect(requests.join()).not.toMatch(/nowhere|feature-1|flag-1/);
    expect(requests.join()).toContain('route="/api/features/:feature"');
    const durations = keys.filter((key) => key.startsWith('rollout_http_request_duration_seconds_count'));
    expect(durations.join()).toContain('route="/api/features/:feature"');
    expect(durations.join()).not.toMatch(/nowhere|feature-1|flag-1/);
  });

  it('the metrics show the age of the last tick, and stale ticks after three are missing', async () => {
    await one.controller.store.lease.leaveHeartbeat();
    const fresh = parse(await scrape(await served(one.controller)));
    expect(fresh.get('rollout_heartbeat_age_seconds')).toBeLessThan(60);
    await one.db.rows(`update rollout_state set heartbeat_at = heartbeat_at - interval '2 hours'`);
    const late = parse(await scrape(await served(one.controller)));
    expect(late.get('rollout_heartbeat_age_seconds')).toBeGreaterThan(7_000);
    expect(late.get('rollout_controller_stale')).toBe(1);
  });

  it('the metrics show which feature is stopped and held', async () => {
    await one.controller.store.incidents.stop('search', 'broken', 'test');
    const stopped = parse(await scrape(await served(one.controller)));
    expect(stopped.get('rollout_feature_stopped{feature="search"}')).toBe(1);
    expect(stopped.get('rollout_feature_held{feature="search"}')).toBe(1);
    expect(stopped.get('rollout_feature_active{feature="search"}')).toBe(0);
    expect(stopped.get('rollout_incidents_open')).toBe(1);
  });

  it('the metrics show that the database is away and hide old values, while OFREP keeps answering', async () => {
    const way = await switchingProxy(one.db.connectionString);
    const store = storeAt(way.connectionString);
    const cut = await served({ ...one.controller, store, connectionString: way.connectionString });
    expect(parse(await scrape(cut)).get('rollout_features')).toBe(2);
    await way.cut();
    const values = parse(await scrape(cut));
    expect(values.get('rollout_database_up')).toBe(0);
    expect([...values.keys()].filter((key) => /rollout_(feature|controller|global)/.test(key))).toEqual([]);
    expect(cut.lines.join()).toContain('cannot be reached');
    const asked = () => cut.post('/ofrep/v1/evaluate/flags/checkout', { context: { targetingKey: 'r1' } });
    expect(await (await asked()).json()).toMatchObject({ value: true });
    await way.restore();
    await expect.poll(async () => parse(await scrape(cut)).get('rollout_database_up')).toBe(1);
  });

  // Debian: apt-get install prometheus. The strict parser above is there for every other machine.
  const promtool = spawnSync('promtool', ['--version']).status === 0;
  it(`the metrics are valid for Prometheus${promtool ? '' : ', as far as can be checked without promtool'}`, async () => {
    const text = await scrape();
    expect(parse(text).size).toBeGreaterThan(50);
    if (!promtool) return;
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text });
    expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: '' });
  });
});
