import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Octokit } from '@octokit/rest';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createRouter,
  githubActions,
  inngest,
  type Job,
  type Rollout,
  type Stamp,
  stampOf,
} from '../../../src/runtime/index.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { spec } from '../../helpers/data/specs.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { openRollout } from '../../helpers/http/rollouts.ts';

const db = await testDatabase();
const routing = { ...spec().routing, fallback: 'old', realtime: 'inngest', bulk: 'github_actions' };
await applyFeature(db.pool, 'capture', { percentage: 100, blacklist: ['out'], routing });
await applyFeature(db.pool, 'plain', { percentage: 100 });
const rollout = await openRollout({ connectionString: db.connectionString, flushMs: 3_600_000 });

beforeEach(() =>
  db.pool.query('truncate rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_jobs'),
);

/** Sent jobs, and what became of them in the database: `treatment inngest 1/1` is one job, one error. */
async function outcomes(): Promise<string[]> {
  await rollout.flush();
  const rows = await db.rows<{ line: string }>(
    `select arm || ' ' || processor_type || ' ' || sum(total_jobs) || '/' || sum(error_count) as line
     from rollout_metrics group by arm, processor_type order by 1`,
  );
  return rows.map(({ line }) => line);
}

/** A processor that keeps what it was given. */
function keeping() {
  const taken: { job: Job; stamp: Stamp | null }[] = [];
  return { taken, processor: (job: Job, stamp: Stamp | null) => void taken.push({ job, stamp }) };
}

const failing = () => {
  throw new Error('the queue is full');
};

describe('routing', () => {
  it('routing gives the processor, the arm and a stamp that is plain JSON', () => {
    const routed = rollout.route('capture', { subject: 'r1', timeRange: 30 });
    expect(routed).toMatchObject({
      ...{ processor: 'github_actions', fallback: 'old', job_class: 'bulk', arm: 'treatment' },
      ...{ rule: 'historical', reason: 'percentage' },
    });
    expect(JSON.parse(JSON.stringify(routed.stamp))).toEqual(routed.stamp);
    expect(routed.stamp).toEqual({
      ...{
        id: expect.any(String),
        feature: 'capture',
        subject: 'r1',
        epoch: 1,
        arm: 'treatment',
        category: '',
      },
      ...{ processor: 'github_actions', job_class: 'bulk', routed_at: expect.any(Number) },
    });
    expect(rollout.route('capture', { subject: 'out', timeRange: 30 })).toMatchObject({
      ...{ processor: 'old', arm: 'control', reason: 'blacklist', rule: 'not_eligible' },
    });
  });

  it('routing an unknown feature or no subject gives control by the fallback, without a stamp', () => {
    expect(rollout.route('nobody_knows', { subject: 'r1' })).toMatchObject({
      processor: 'inngest',
      arm: 'control',
      stamp: null,
    });
    expect(rollout.route('capture', { subject: '' })).toMatchObject({
      processor: 'old',
      arm: 'control',
      stamp: null,
    });
    rollout.record({ stamp: null, ok: true });
  });
});

describe('a router', () => {
  it('a router hands a job to its processor, which reports the end by the stamp', async () => {
    const { taken, processor } = keeping();
    const router = createRouter(rollout, { inngest: processor, github_actions: failing, old: failing });
    const sent = await router.send('capture', { subject: 'r1', timeRange: 1 });
    expect(sent).toMatchObject({ processor: 'inngest', arm: 'treatment', fellBack: false });
    expect(taken).toEqual([{ job: { subject: 'r1', timeRange: 1 }, stamp: sent.stamp }]);
    rollout.record({ stamp: taken[0]?.stamp ?? null, ok: true });
    expect(await outcomes()).toEqual(['treatment inngest 1/0']);
  });

  it('a router falls back when a processor throws: one failure of the treatment and a run that nobody judges', async () => {
    const { taken, processor } = keeping();
    const router = createRouter(rollout, {
      inngest: async () => failing(),
      github_actions: failing,
      old: processor,
    });
    const sent = await router.send('capture', { subject: 'r1' });
    expect(sent).toMatchObject({
      processor: 'old',
      fellBack: true,
      stamp: { arm: 'fallback', processor: 'old' },
    });
    rollout.record({ stamp: taken[0]?.stamp ?? null, ok: true });
    expect(await outcomes()).toEqual(['fallback old 1/0', 'treatment inngest 1/1']);
    expect(
      await db.rows(
        `select sum(jobs)::int as jobs, sum(control_jobs)::int as control from rollout_evidence_buckets`,
      ),
    ).toEqual([{ jobs: 1, control: 0 }]);
  });

  it('a router counts one failure although the processor took the job and it ends in another process', async () => {
    const other = await openRollout({ connectionString: db.connectionString });
    let lost: Stamp | null = null;
    const router = createRouter(rollout, {
      inngest: (_job, stamp) => {
        lost = stamp;
        failing();
      },
      old: () => {},
    });
    await router.send('capture', { subject: 'r1' });
    expect(await outcomes()).toEqual(['treatment inngest 1/1']);
    other.record({ stamp: lost, ok: true });
    await other.flush();
    expect(await outcomes()).toEqual(['treatment inngest 1/1']);
  });

  it('a router treats a processor that the application does not have as one that throws', async () => {
    const { taken, processor } = keeping();
    const router = createRouter(rollout, { old: processor });
    expect(await router.send('capture', { subject: 'r1' })).toMatchObject({
      processor: 'old',
      fellBack: true,
    });
    expect(taken).toHaveLength(1);
    expect(await outcomes()).toEqual(['treatment inngest 1/1']);
  });

  it('a router throws when no processor took the job, and counts a failure for each that did not', async () => {
    const router = createRouter(rollout, { inngest: failing, old: failing });
    await expect(router.send('capture', { subject: 'r1' })).rejects.toThrow(
      'neither the processor nor its fallback',
    );
    await expect(router.send('capture', { subject: 'out' })).rejects.toThrow('the queue is full');
    // The fallback of this one is the processor that failed.
    await expect(router.send('plain', { subject: 'r1' })).rejects.toThrow('the queue is full');
    expect(await outcomes()).toEqual(['control old 1/1', 'fallback old 1/1', 'treatment inngest 2/2']);
  });
});

describe('the processor for Inngest', () => {
  it('the Inngest processor sends an event with the job, the stamp, and the stamp’s id as its own', async () => {
    const events: unknown[] = [];
    const client = { send: async (event: { name: string; data: object; id?: string }) => events.push(event) };
    const router = createRouter(rollout, { inngest: inngest(client, 'capture/requested') });
    const { stamp } = await router.send('capture', { subject: 'r1', maxItems: 3 });
    expect(events).toEqual([
      {
        name: 'capture/requested',
        id: stamp?.id,
        data: { subject: 'r1', maxItems: 3, rollout_stamp: stamp },
      },
    ]);
    expect(stampOf((events[0] as { data: unknown }).data)).toEqual(stamp);
  });
});

describe('the processor for GitHub Actions', () => {
  it('the GitHub Actions processor starts a workflow with the official client, with job and stamp as inputs', async () => {
    const requests: { url: string | undefined; body: Record<string, unknown> }[] = [];
    const server = createServer(async (request, response) => {
      const body = await request.toArray();
      requests.push({ url: request.url, body: JSON.parse(Buffer.concat(body).toString()) });
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const octokit = new Octokit({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    const target = { owner: 'acme', repo: 'workers', workflow: 'capture.yml', ref: 'main' };
    const router = createRouter(rollout, { github_actions: githubActions(octokit, target) });
    const { stamp } = await router.send('capture', { subject: 'r1', timeRange: 30 });
    server.close();
    expect(requests).toEqual([
      {
        url: '/repos/acme/workers/actions/workflows/capture.yml/dispatches',
        body: {
          ref: 'main',
          inputs: { job: '{"subject":"r1","timeRange":30}', rollout_stamp: JSON.stringify(stamp) },
        },
      },
    ]);
    expect(stampOf(requests[0]?.body.inputs)).toEqual(stamp);
  });
});

describe('a stamp', () => {
  const { stamp } = rollout.route('capture', { subject: 'r1' }) as { stamp: Stamp };

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text that is no JSON', '{'],
    ['a list', []],
    ['one without an id', { ...stamp, id: '' }],
    ['one of no known arm', { ...stamp, arm: 'both' }],
    ['one of half an epoch', { ...stamp, epoch: 1.5 }],
    ['one of an epoch that no integer holds', { ...stamp, epoch: 2 ** 31 }],
    ['one of no time', { ...stamp, routed_at: 'now' }],
    ['one of a processor that is too long', { ...stamp, processor: 'x'.repeat(101) }],
    ['one of a subject that is too long', { ...stamp, subject: 'x'.repeat(2_000) }],
  ])('a stamp is not found in %s, and recording that only counts a dropped outcome', (_, payload) => {
    expect(stampOf(payload)).toBeNull();
    const before = rollout.state().dropped;
    expect(() => (rollout as Rollout).record({ stamp: payload as Stamp, ok: true })).not.toThrow();
    expect(rollout.state().dropped).toBe(before + 1);
  });

  it('a stamp read from a payload keeps only its own fields', () => {
    expect(stampOf({ rollout_stamp: { ...stamp, extra: 1 } })).toEqual(stamp);
  });
});
