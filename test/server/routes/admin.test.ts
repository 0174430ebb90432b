import { request } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { record } from '../../helpers/data/traffic.ts';
import { ADMIN, jsonOf, READ, type Served, served, storeAt } from '../../helpers/http/served.ts';
import {
  addRepositories,
  fileOf,
  type GitProject,
  gitProject,
  liveState,
} from '../../helpers/projects/project.ts';

const STEPS = [
  { percentage: 10, soak: '1m' },
  { percentage: 25, soak: '1m' },
];
const FILE = fileOf({
  checkout: { percentage: 10, steps: STEPS, whitelist: ['acme/r1'] },
  search: { percentage: 50 },
  beta: { strategy: 'whitelist', whitelist: ['r7'] },
});

let one: GitProject;
let server: Served;

beforeAll(async () => {
  one = await gitProject();
  await addRepositories(one.db, 200);
  await one.commit(FILE);
  await one.reconcile();
  server = await served(one.controller, { readToken: READ });
});

const PATH = '/api/admin/rollout/';
const OPERATIONS = ['advance', 'rollback', 'stop', 'resume', 'allow'];
const stop = { feature: 'checkout', reason: 'broken' };

type Failure = { error: { code: string; message: string; hint: string } };

const live = (feature: string) => liveState(one.db, feature);

const committed = () => one.repository.git('show', 'HEAD:rollout.yaml');

describe('who may', () => {
  it.each([
    ['nothing', {}],
    ['a wrong token', { authorization: `Bearer ${'x'.repeat(40)}` }],
    ['a short token', { authorization: 'Bearer a' }],
    ['the token cut', { authorization: `Bearer ${ADMIN.slice(0, -1)}` }],
    ['the token and more', { authorization: `Bearer ${ADMIN}x` }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['the token without its scheme', { authorization: ADMIN }],
    [
      'the token as a password, which a browser sends by itself',
      { authorization: `Basic ${btoa(`a:${ADMIN}`)}` },
    ],
    ['the token as an API key', { 'x-api-key': ADMIN }],
  ])('an admin request with %s is refused, and nothing changes', async (_what, headers) => {
    // Each from a client of its own: wrong tokens are counted.
    const other = await served(one.controller, { readToken: READ });
    for (const operation of OPERATIONS) {
      const response = await other.post(PATH + operation, stop, headers as Record<string, string>);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        'Bearer realm="rollout admin"',
      ]);
      expect(await response.text()).not.toContain(ADMIN.slice(0, 10));
    }
    expect(await live('checkout')).toEqual({ percentage: 10, active: true, stopped: false });
  });

  it('an admin request with the reading token is answered that the token may only read', async () => {
    const response = await server.post(`${PATH}stop`, stop, { authorization: `Bearer ${READ}` });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'forbidden' } });
  });

  it('a client has to wait after ten wrong tokens, and still gets through with the right one', async () => {
    const other = await served(one.controller);
    const guess = () => other.post(`${PATH}stop`, stop, { authorization: 'Bearer guess' });
    for (let n = 0; n < 10; n++) expect((await guess()).status).toBe(401);
    const eleventh = await guess();
    expect([eleventh.status, eleventh.headers.get('retry-after')]).toEqual([429, '6']);
    expect((await other.admin('stop', { feature: 'nope', reason: 'x' })).status).toBe(404);
  });

  it('the admin routes do not exist without an admin token, and the answer says why', async () => {
    const other = await served(one.controller, { adminToken: null });
    for (const operation of OPERATIONS) {
      const response = await other.admin(operation, stop);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        error: { code: 'admin_off', hint: expect.stringContaining('ROLLOUT_ADMIN_TOKEN') },
      });
    }
    expect(await live('checkout')).toMatchObject({ stopped: false });
  });
});

describe('what is asked', () => {
  it.each([
    ['stop', {}, 'feature'],
    ['stop', { feature: 'checkout' }, 'reason'],
    ['stop', { feature: 'checkout', reason: '   ' }, 'reason'],
    ['stop', { feature: 'checkout', all: true, reason: 'x' }, 'feature'],
    ['stop', { all: false, reason: 'x' }, 'feature'],
    ['stop', { feature: 7, reason: 'x' }, 'feature'],
    ['stop', { feature: 'checkout', reason: 'x'.repeat(1_001) }, 'reason'],
    ['stop', { feature: 'checkout', reason: 'a\0b' }, 'reason of the body is "a\\u{0}b"'],
    ['stop', { feature: 'check\0out', reason: 'x' }, 'feature of the body is "check\\u{0}out"'],
    [
      'advance',
      { feature: 'checkout', reason: 'a\ud800b', force: true },
      'reason of the body is "a\\u{d800}b"',
    ],
    ['rollback', { feature: 'checkout', reason: 'a\0b' }, 'reason of the body is "a\\u{0}b"'],
    ['resume', { feature: 'checkout', reason: 'a\0b', percentage: 5 }, 'reason of the body is "a\\u{0}b"'],
    ['rollback', { feature: 'checkout', reason: 'x', to: 101 }, 'to'],
    ['rollback', { feature: 'checkout', reason: 'x', to: -1 }, 'to'],
    ['rollback', { feature: 'checkout', reason: 'x', to: 1.001 }, 'to'],
    ['rollback', { feature: 'checkout', reason: 'x', to: '5' }, 'to'],
    ['rollback', { feature: 'beta', reason: 'x', to: 5 }, 'whitelist'],
    ['rollback', { feature: 'checkout', reason: 'x', percentage: 5 }, '"percentage"'],
    ['rollback', { feature: 'checkout', reason: 'x', via: 'carrier pigeon' }, 'via'],
    ['resume', { feature: 'checkout', reason: 'x', percentage: 1e9 }, 'percentage'],
    ['resume', { all: true, reason: 'x', percentage: 5 }, 'percentage'],
    ['advance', { feature: 'checkout', force: 'yes' }, 'force'],
    ['advance', { feature: 'checkout', force: true }, 'reason'],
    ['stop', { feature: 'checkout', reason: 'x', constructor: 'x' }, '"constructor"'],
    ['rollback', { feature: 'checkout', featureName: 'search', reason: 'x' }, 'another featureName'],
    ['rollback', { feature: 'checkout' }, 'no reason'],
    ['advance', { featureName: 7 }, 'featureName'],
    ['allow', { feature: 'checkout' }, 'reason'],
    ['allow', { feature: 'checkout', reason: 'x', via: 'commit' }, '"via"'],
    ['allow', { feature: 'checkout', reason: 'x' }, 'the policy has refused nothing of checkout'],
    ['allow', { feature: 'nope', reason: 'x' }, 'the policy has refused nothing of nope'],
  ])('%s with %j is refused, and the error says what is wrong', async (operation, body, about) => {
    const response = await server.admin(operation, body);
    expect(response.status).toBe(400);
    const { error } = await jsonOf<Failure>(response);
    expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining(about) });
    expect(await live('checkout')).toEqual({ percentage: 10, active: true, stopped: false });
  });

  it.each(OPERATIONS.filter((name) => name !== 'allow'))(
    '%s of an unknown feature is refused',
    async (operation) => {
      const response = await server.admin(operation, { feature: 'nope', reason: 'x' });
      expect(response.status).toBe(404);
      expect((await jsonOf<Failure>(response)).error.message).toContain('nope');
    },
  );

  it.each(['', '{', '[]', '"stop"', 'null'])('the admin request body %j is refused', async (body) => {
    const headers = { authorization: `Bearer ${ADMIN}` };
    expect((await server.post(`${PATH}stop`, body, headers)).status).toBe(400);
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
    expect((await server.post(`${PATH}stop`, JSON.stringify(stop), form)).status).toBe(400);
  });

  it('a huge admin request is refused, with and without a length', async () => {
    const huge = { ...stop, reason: 'x'.repeat(10_000_000) };
    expect((await server.admin('stop', huge)).status).toBe(413);
    const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
    const status = await new Promise((resolve) => {
      const sent = request(`${server.url}${PATH}stop`, { method: 'POST', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      // The server may hang up on what it no longer reads.
      sent.on('error', () => {});
      for (let n = 0; n < 100; n++) sent.write('x'.repeat(10_000));
      sent.end();
    });
    expect(status).toBe(413);
    expect((await server.get('/healthz')).status).toBe(200);
  });

  it('an admin operation is only accepted by POST', async () => {
    const headers = { authorization: `Bearer ${ADMIN}` };
    for (const operation of OPERATIONS) {
      expect((await server.get(PATH + operation, headers)).status).toBe(404);
    }
  });
});

describe('a stop', () => {
  it('a stop does not wait for readers, however many and slow they are', async () => {
    const own = await gitProject();
    await own.commit(FILE);
    await own.reconcile();
    const { store, connectionString } = own.controller;
    const busy = await served({ ...own.controller, urgent: storeAt(connectionString) });
    // Whatever connections the readers have.
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const readers = Array.from({ length: 10 }, () => store.reading(() => finished));
    const page = busy.get('/api/history');
    expect((await busy.admin('stop', { feature: 'search', reason: 'fire' })).status).toBe(200);
    finish();
    await Promise.all(readers);
    expect((await page).status).toBe(200);
  });
});

describe('an entry that the policy refused', () => {
  const limited = (percentage: number, more = '') =>
    `${fileOf({ checkout: { percentage } }, { policy: { largest_raise: { points: 25 } } })}${more}`;

  /** At 10%, where the file says 60%, which the policy refused. */
  async function refusedAt60(): Promise<GitProject> {
    const own = await gitProject();
    for (const percentage of [10, 60]) {
      await own.commit(limited(percentage));
      await own.reconcile();
    }
    return own;
  }

  it('allow admits a refused entry once, with reason and actor in history, and not after the entry changed', async () => {
    const own = await refusedAt60();
    const other = await served(own.controller);
    const body = { feature: 'checkout', reason: 'agreed', actor: 'ada' };
    const response = await other.admin('allow', body);
    expect(response.status).toBe(200);
    expect(await jsonOf(response)).toMatchObject({
      feature: 'checkout',
      reconciled: { changes: [{ feature: 'checkout', action: 'update' }] },
    });
    expect(await liveState(own.db, 'checkout')).toMatchObject({ percentage: 60 });
    const rows = (await own.history('checkout')).slice(-2);
    expect(rows.map(({ triggered_by, reason }) => [triggered_by, reason])).toEqual([
      ['api:ada', 'allowed against the policy: agreed'],
      ['api:ada', expect.stringMatching(/^agreed \(.*percentage 10 -> 60\)$/)],
    ]);
    await own.commit(limited(100));
    await own.reconcile();
    expect(await liveState(own.db, 'checkout')).toMatchObject({ percentage: 60 });
  });

  it('allow does not report a feature as live when the file cannot be read', async () => {
    const own = await refusedAt60();
    await own.commit(limited(60, 'unknown_key: 1\n'));
    const other = await served(own.controller);
    const response = await other.admin('allow', { feature: 'checkout', reason: 'agreed' });
    expect(response.status).toBe(409);
    expect(await jsonOf(response)).toMatchObject({
      reconciled: { problems: [{ message: expect.stringContaining('unknown_key') }] },
    });
    expect(await liveState(own.db, 'checkout')).toMatchObject({ percentage: 10 });
  });

  it('allow changes nothing while an incident holds the feature', async () => {
    const own = await refusedAt60();
    const other = await served(own.controller);
    expect((await other.admin('stop', stop)).status).toBe(200);
    expect((await other.admin('allow', stop)).status).not.toBe(200);
    expect(await liveState(own.db, 'checkout')).toMatchObject({ percentage: 10, stopped: true });
  });
});

describe('one life of a feature', () => {
  it('advance waits with the gate’s reason, and by force it commits the next step', async () => {
    const waits = await server.admin('advance', { feature: 'checkout' });
    expect(waits.status).toBe(409);
    expect(await waits.json()).toMatchObject({ advance: { ready: false }, file: null });

    await record(one.db, 'checkout', { jobs: 500, errors: 1, minutesAgo: 5 });
    const forced = await server.admin('advance', {
      ...{ feature: 'checkout', force: true, reason: 'seen enough', actor: 'ada' },
    });
    expect(forced.status).toBe(200);
    expect(await forced.json()).toMatchObject({ forced: true, file: { state: 'committed' }, live: true });
    expect(await live('checkout')).toMatchObject({ percentage: 25 });
    expect(await committed()).toContain('"percentage":25');
    const [row] = await one.db.rows(
      `select triggered_by, action from rollout_history where feature_name = 'checkout' and new_percentage = 25 order by id limit 1`,
    );
    expect(row).toMatchObject({ triggered_by: 'api:ada', action: 'advanced' });
  });

  it('stop acts in the database at once, leaves the file alone, and records a hostile actor as one line', async () => {
    const before = await committed();
    const response = await server.admin('stop', { ...stop, actor: 'eve\n\u001b[31m' });
    expect([response.status, await response.json()]).toEqual([
      200,
      { stopped: ['checkout'], already_off: [] },
    ]);
    expect(await live('checkout')).toMatchObject({ stopped: true });
    expect(await committed()).toBe(before);
    const [row] = (await one.history('checkout')).slice(-1);
    expect(row).toMatchObject({ action: 'emergency_stop', triggered_by: 'api:eve\\n\\u{1b}[31m' });
    expect(await (await server.admin('stop', stop)).json()).toMatchObject({ already_off: ['checkout'] });
  });

  it('only a resume raises a stopped feature, and it goes through the file', async () => {
    expect((await server.admin('advance', { feature: 'checkout' })).status).toBe(409);
    const over = await server.admin('resume', { feature: 'checkout', reason: 'x', percentage: 90 });
    expect([400, 409]).toContain(over.status);
    expect(await live('checkout')).toMatchObject({ stopped: true });

    const resumed = await server.admin('resume', { feature: 'checkout', reason: 'mended', percentage: 10 });
    expect(resumed.status).toBe(200);
    const answer = await resumed.json();
    expect(answer).toMatchObject({
      file: { state: 'committed' },
      live: true,
      permits: [{ feature: 'checkout' }],
    });
    expect(JSON.stringify(answer)).not.toContain('acme/');
    expect(await live('checkout')).toEqual({ percentage: 10, active: true, stopped: false });
    expect(await committed()).toContain('"percentage":10');
  });

  it('rollback acts in the database at once and then in the file', async () => {
    const lowered = await server.admin('rollback', { feature: 'search', to: 20, reason: 'slow' });
    expect(await lowered.json()).toMatchObject({ from: 50, to: 20, written_back: { state: 'done' } });
    expect(await live('search')).toMatchObject({ percentage: 20, active: true });
    const off = await server.admin('rollback', { feature: 'search', reason: 'broken' });
    expect(await off.json()).toMatchObject({ to: null, eligible: 0 });
    expect(await live('search')).toMatchObject({ active: false });
    expect(await committed()).toContain('active: false');
  });

  it('a stop of everything is lifted by a resume of everything', async () => {
    const stopped = await server.admin('stop', { all: true, reason: 'fire' });
    expect((await jsonOf<{ stopped: string[] }>(stopped)).stopped).toContain('beta');
    await expect.poll(() => server.rollout.evaluate('beta', 'r7').eligible).toBe(false);
    const resumed = await server.admin('resume', { all: true, reason: 'out' });
    expect(await resumed.json()).toMatchObject({ unlatched: true });
    await expect.poll(() => server.rollout.evaluate('beta', 'r7').eligible).toBe(true);
  });

  it('concurrent admin requests run one after the other, and none is lost or half done', async () => {
    const raise = () => server.admin('resume', { feature: 'search', reason: 'race', percentage: 20 });
    const answers = await Promise.all([
      ...Array.from({ length: 14 }, raise),
      ...Array.from({ length: 5 }, () => server.admin('stop', { feature: 'beta', reason: 'race' })),
      ...Array.from({ length: 3 }, () => server.admin('rollback', { feature: 'checkout', reason: 'race' })),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => ![200, 400, 409, 429].includes(status))).toEqual([]);
    // Ten may wait in line; whoever comes after them is told to come later.
    expect(statuses.slice(0, 14)).toContain(429);
    expect(statuses.slice(0, 14)).toContain(200);
    expect(statuses.slice(14)).toEqual(Array(8).fill(200));
    expect(await live('beta')).toMatchObject({ stopped: true });
    expect(await live('checkout')).toMatchObject({ active: false });
    expect(await live('search')).toMatchObject({ percentage: 20, active: true });
    expect((await one.verify()).valid).toBe(true);
    expect(await one.repository.git('status', '--porcelain')).toBe('');
  });
});

describe('the bodies of the originals', () => {
  it('featureName names the feature of an advance or rollback, and the answers have success and newTier', async () => {
    const own = await gitProject();
    await own.commit(FILE);
    await own.reconcile();
    const other = await served(own.controller);
    const waits = await other.admin('advance', { featureName: 'checkout' });
    expect([waits.status, await waits.json()]).toEqual([409, expect.objectContaining({ success: false })]);
    const forced = { featureName: 'checkout', force: true, reason: 'seen enough' };
    expect(await (await other.admin('advance', forced)).json()).toMatchObject({
      ...{ success: true, newTier: 'tier_3_general' },
    });
    const rolledBack = await other.admin('rollback', { featureName: 'checkout' });
    expect([rolledBack.status, await rolledBack.json()]).toEqual([
      200,
      expect.objectContaining({ success: true, feature: 'checkout' }),
    ]);
    expect(await liveState(own.db, 'checkout')).toMatchObject({ active: false });
  });
});
