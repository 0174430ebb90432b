import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrowthBookClient } from '@growthbook/growthbook';
import { init } from '@launchdarkly/node-server-sdk';
import { FileDataSourceFactory } from '@launchdarkly/node-server-sdk/integrations';
import { FlagdCore } from '@openfeature/flagd-core';
import { InMemStorageProvider, Unleash } from 'unleash-client';

/** Another library with flags at 25%, offline: decides on every id and says how many were in. */
export interface Peer {
  name: string;
  decideAll(flags: readonly string[], ids: readonly string[]): number | Promise<number>;
  close(): void | Promise<void>;
}

const silent = { error() {}, warn() {}, info() {}, debug() {} };

/** Each with these flags, all at 25% of the ids, as its documentation says to do it. */
export async function peersWith(flags: readonly string[]): Promise<Peer[]> {
  return [flagd(flags), growthbook(flags), await unleash(flags), await launchdarkly(flags)];
}

function flagd(flags: readonly string[]): Peer {
  const core = new FlagdCore(undefined, silent);
  const fractional = [{ cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] }, ['on', 25], ['off', 75]];
  const flag = {
    ...{ state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' },
    targeting: { fractional },
  };
  core.setConfigurations(JSON.stringify({ flags: Object.fromEntries(flags.map((key) => [key, flag])) }));
  return {
    name: '@openfeature/flagd-core',
    decideAll: (keys, ids) =>
      count(
        keys,
        ids,
        (key, targetingKey) => core.resolveBooleanEvaluation(key, false, { targetingKey }, silent).value,
      ),
    close: () => {},
  };
}

/** flagd at 25% of those whose plan is one of two, by the company where `grouped`; the caller tells both. */
export function flagdByAttributes(
  grouped: boolean,
  factsOf: (id: string) => { plan: string; company: string },
): Pick<Peer, 'name'> & { decideAll(ids: readonly string[]): number } {
  const core = new FlagdCore(undefined, silent);
  const key = grouped ? { var: 'company' } : { var: 'targetingKey' };
  const share = { fractional: [{ cat: [{ var: '$flagd.flagKey' }, key] }, ['on', 25], ['off', 75]] };
  const asked = { if: [{ in: [{ var: 'plan' }, ['free', 'pro']] }, share, 'off'] };
  const flag = {
    ...{ state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' },
    targeting: grouped ? share : asked,
  };
  core.setConfigurations(JSON.stringify({ flags: { asked: flag } }));
  return {
    name: '@openfeature/flagd-core, attributes at hand',
    decideAll: (ids) =>
      count(
        ['asked'],
        ids,
        (flagKey, targetingKey) =>
          core.resolveBooleanEvaluation(flagKey, false, { targetingKey, ...factsOf(targetingKey) }, silent)
            .value,
      ),
  };
}

function growthbook(flags: readonly string[]): Peer {
  const features = Object.fromEntries(
    flags.map((key) => [
      key,
      { defaultValue: false, rules: [{ force: true, coverage: 0.25, hashAttribute: 'id' }] },
    ]),
  );
  const client = new GrowthBookClient({}).initSync({ payload: { features } });
  return {
    name: '@growthbook/growthbook',
    decideAll: (keys, ids) => count(keys, ids, (key, id) => client.isOn(key, { attributes: { id } })),
    close: () => client.destroy(),
  };
}

async function unleash(flags: readonly string[]): Promise<Peer> {
  const parameters = { rollout: '25', stickiness: 'userId', groupId: 'bench' };
  const client = new Unleash({
    ...{ appName: 'bench', url: 'http://127.0.0.1:9/api', disableMetrics: true, refreshInterval: 0 },
    ...{ skipInstanceCountWarning: true, storageProvider: new InMemStorageProvider() },
    bootstrap: {
      data: flags.map((name) => ({
        ...{
          name,
          type: 'release',
          enabled: true,
          project: 'default',
          stale: false,
          impressionData: false,
          variants: [],
        },
        strategies: [{ name: 'flexibleRollout', parameters, constraints: [] }],
      })),
    },
  });
  client.on('error', () => {}); // it is offline
  await new Promise<void>((resolve) => client.once('ready', resolve));
  return {
    name: 'unleash-client',
    decideAll: (keys, ids) => count(keys, ids, (key, userId) => client.isEnabled(key, { userId })),
    close: () => client.destroy(),
  };
}

async function launchdarkly(flags: readonly string[]): Promise<Peer> {
  const rollout = {
    variations: [
      { variation: 0, weight: 25_000 },
      { variation: 1, weight: 75_000 },
    ],
  };
  const flag = (key: string) => ({
    key,
    version: 1,
    on: true,
    variations: [true, false],
    fallthrough: { rollout },
    salt: key,
  });
  const file = join(mkdtempSync(join(tmpdir(), 'rollout-bench-')), 'flags.json');
  writeFileSync(file, JSON.stringify({ flags: Object.fromEntries(flags.map((key) => [key, flag(key)])) }));
  const client = init('sdk-key', {
    updateProcessor: new FileDataSourceFactory({ paths: [file] }).getFactory(),
    ...{ sendEvents: false, diagnosticOptOut: true, logger: silent },
  });
  await client.waitForInitialization({ timeout: 5 });
  return {
    name: '@launchdarkly/node-server-sdk',
    decideAll: async (keys, ids) => {
      let yes = 0;
      for (let place = 0; place < ids.length; place++) {
        const key = keys[place % keys.length] ?? '';
        if (await client.boolVariation(key, { kind: 'user', key: ids[place] ?? '' }, false)) yes += 1;
      }
      return yes;
    },
    close: () => client.close(),
  };
}

function count(
  keys: readonly string[],
  ids: readonly string[],
  decide: (key: string, id: string) => boolean,
): number {
  let yes = 0;
  for (let place = 0; place < ids.length; place++) {
    if (decide(keys[place % keys.length] ?? '', ids[place] ?? '')) yes += 1;
  }
  return yes;
}
