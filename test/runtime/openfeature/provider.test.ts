import { type Client, OpenFeature, ProviderEvents, ProviderStatus } from '@openfeature/server-sdk';
import { describe, expect, it } from 'vitest';
import { RolloutProvider } from '../../../src/runtime/openfeature/index.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { emptyDatabase } from '../../helpers/database/database.ts';
import { switchingProxy } from '../../helpers/database/switching-proxy.ts';
import { openRollout } from '../../helpers/http/rollouts.ts';
import { databaseWith, newDomain, readyClient } from './world.ts';

const checkout = () => databaseWith(({ pool }) => applyFeature(pool, 'checkout', { percentage: 100 }));

/** Everything that a client is told, in short. */
function heard(client: Client): string[] {
  const told: string[] = [];
  client.addHandler(ProviderEvents.Ready, () => void told.push('ready'));
  client.addHandler(ProviderEvents.Stale, (details) => void told.push(`stale: ${details?.message}`));
  client.addHandler(ProviderEvents.Error, (details) => void told.push(`error: ${details?.message}`));
  client.addHandler(ProviderEvents.ConfigurationChanged, (details) => {
    told.push(`changed: ${[...(details?.flagsChanged ?? [])].sort().join()}`);
  });
  return told;
}

describe('the provider in the SDK', () => {
  it('the provider is ready once it was waited for, and emits that', async () => {
    const { domain, client, provider } = newDomain({ connectionString: (await checkout()).connectionString });
    const told = heard(client);
    expect(client.providerStatus).toBe(ProviderStatus.NOT_READY);
    await OpenFeature.setProviderAndWait(domain, provider);
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(client.metadata.providerMetadata).toEqual({ name: 'rollout-controller' });
    await expect.poll(() => told).toContain('ready');
  });

  it('the provider is fatal on a database that is not ours, with the next command', async () => {
    const { domain, client, provider } = newDomain({
      connectionString: (await emptyDatabase()).connectionString,
    });
    const told = heard(client);
    await expect(OpenFeature.setProviderAndWait(domain, provider)).rejects.toMatchObject({
      ...{ code: 'PROVIDER_FATAL', message: expect.stringContaining('rollout migrate') },
    });
    expect(client.providerStatus).toBe(ProviderStatus.FATAL);
    expect(told).toEqual([expect.stringMatching(/^error: .*rollout migrate/)]);
    expect(await client.getBooleanDetails('checkout', false, { targetingKey: 'r1' })).toMatchObject({
      ...{ value: false, errorCode: 'PROVIDER_FATAL' },
    });
  });

  it('the provider becomes ready by itself when the database was away at the start', async () => {
    const db = await checkout();
    const way = await switchingProxy(db.connectionString);
    await way.cut();
    const { connectionString } = way;
    const { domain, client, provider } = newDomain({ connectionString, startMs: 50, pollMs: 50 });
    const told = heard(client);
    await expect(OpenFeature.setProviderAndWait(domain, provider)).rejects.toMatchObject({ code: 'GENERAL' });
    expect(await client.getBooleanDetails('checkout', false, { targetingKey: 'r1' })).toMatchObject({
      ...{ value: false, reason: 'ERROR' },
    });
    await way.restore();
    await expect.poll(() => told).toContain('ready');
    // On a busy machine the next poll may be late, and the snapshot stale for a moment.
    await expect.poll(() => client.providerStatus).toBe(ProviderStatus.READY);
    expect(await client.getBooleanValue('checkout', false, { targetingKey: 'r1' })).toBe(true);
  });

  it('the provider emits which flags changed', async () => {
    const db = await checkout();
    const client = await readyClient({ connectionString: db.connectionString });
    const told = heard(client);
    await applyFeature(db.pool, 'checkout', { percentage: 0 });
    await expect.poll(() => told).toContain('changed: checkout');
    expect(await client.getBooleanValue('checkout', true, { targetingKey: 'r1' })).toBe(false);
    await applyFeature(db.pool, 'search', { percentage: 100 });
    await expect.poll(() => told).toContain('changed: search');
    await db.rows(`select rollout_emergency_stop(null, 'everything')`);
    await expect.poll(() => told).toContain('changed: checkout,search');
  });

  it('the provider is stale while the database is away, later admits nobody, and becomes ready again', async () => {
    const db = await checkout();
    const way = await switchingProxy(db.connectionString);
    const client = await readyClient({
      connectionString: way.connectionString,
      pollMs: 50,
      maxStaleMs: 1_500,
    });
    const told = heard(client);
    await way.cut();
    await expect.poll(() => client.providerStatus).toBe(ProviderStatus.STALE);
    await expect.poll(() => told.at(-1)).toContain('nobody is eligible');
    expect(told.find((line) => line.startsWith('stale'))).toContain('decisions go on');
    expect(await client.getBooleanDetails('checkout', true, { targetingKey: 'r1' })).toMatchObject({
      ...{ value: false, reason: 'STALE', variant: 'off' },
    });
    await way.restore();
    await expect.poll(() => client.providerStatus).toBe(ProviderStatus.READY);
    expect(await client.getBooleanDetails('checkout', false, { targetingKey: 'r1' })).toMatchObject({
      ...{ value: true, reason: 'SPLIT' },
    });
  });

  it('the provider gives the reason STALE with the value of the last snapshot', async () => {
    const db = await checkout();
    const way = await switchingProxy(db.connectionString);
    const client = await readyClient({ connectionString: way.connectionString, pollMs: 50 });
    await way.cut();
    await expect.poll(() => client.providerStatus).toBe(ProviderStatus.STALE);
    expect(await client.getBooleanDetails('checkout', false, { targetingKey: 'r1' })).toMatchObject({
      ...{ value: true, reason: 'STALE', variant: 'on' },
    });
  });

  it('a library that the provider opened is closed with the SDK, and one that was handed in stays open', async () => {
    const { connectionString } = await checkout();
    const { domain, provider } = newDomain({ connectionString });
    await OpenFeature.setProviderAndWait(domain, provider);
    const rollout = await openRollout({ connectionString });
    await OpenFeature.setProviderAndWait(domain, new RolloutProvider(rollout));
    await expect
      .poll(() => provider.resolveBooleanEvaluation('checkout', true, { targetingKey: 'r1' }))
      .toMatchObject({
        errorCode: 'PROVIDER_NOT_READY',
      });
    expect(
      await OpenFeature.getClient(domain).getBooleanValue('checkout', false, { targetingKey: 'r1' }),
    ).toBe(true);
    const { provider: next } = newDomain({ connectionString });
    await OpenFeature.setProviderAndWait(domain, next);
    expect(rollout.isEligible('checkout', 'r1')).toBe(true);
    await rollout.close();
  });
});

describe('tracking', () => {
  const outcomes = `select subject_id, processor_type, arm, total_jobs::int, error_count::int, processing_ms, last_error_message
    from rollout_metrics order by subject_id, processor_type`;

  it('tracking records how jobs ended', async () => {
    const db = await checkout();
    const { connectionString } = db;
    const rollout = await openRollout({ connectionString });
    const { domain, client } = newDomain({ connectionString });
    await OpenFeature.setProviderAndWait(domain, new RolloutProvider(rollout));
    const context = { targetingKey: 'r1' };
    client.track('checkout', context, { ok: true, value: 120, processor: 'inngest' });
    client.track('checkout', context, { error: 'timeout', processor: 'inngest' });
    client.track('checkout', context);
    client.track('checkout', { targetingKey: 'r2' }, { ok: false, processor: 'bulk' });
    client.track('checkout', {}, { ok: true });
    client.track('missing', context, { ok: true });
    await rollout.flush();
    expect(await db.rows(outcomes)).toEqual([
      {
        ...{
          subject_id: 'r1',
          processor_type: 'application',
          arm: 'treatment',
          total_jobs: 1,
          error_count: 0,
        },
        ...{ processing_ms: 0, last_error_message: null },
      },
      {
        ...{ subject_id: 'r1', processor_type: 'inngest', arm: 'treatment', total_jobs: 2, error_count: 1 },
        ...{ processing_ms: 120, last_error_message: 'timeout' },
      },
      {
        ...{ subject_id: 'r2', processor_type: 'bulk', arm: 'treatment', total_jobs: 1, error_count: 1 },
        ...{ processing_ms: 0, last_error_message: null },
      },
    ]);
    await rollout.close();
  });

  it('tracking with the stamp of a routed job counts where the job was routed', async () => {
    const db = await checkout();
    const { connectionString } = db;
    const rollout = await openRollout({ connectionString });
    const { domain, client } = newDomain({ connectionString });
    await OpenFeature.setProviderAndWait(domain, new RolloutProvider(rollout));
    const { stamp, processor } = rollout.route('checkout', { subject: 'r1', timeRange: 30 });
    client.track('checkout', {}, { stamp: { ...stamp }, ok: true, value: 5 });
    await rollout.flush();
    expect(await db.rows(outcomes)).toMatchObject([
      { subject_id: 'r1', processor_type: processor, total_jobs: 1 },
    ]);
    await rollout.close();
  });
});
