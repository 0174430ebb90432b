import { randomUUID } from 'node:crypto';
import { type Client, OpenFeature, type Provider } from '@openfeature/server-sdk';
import { createRollout } from '../../src/runtime/index.ts';
import { RolloutProvider } from '../../src/runtime/openfeature/index.ts';
import { withDatabase } from './database.ts';
import { interleaved, print } from './table.ts';

/**
 * A boolean flag through OpenFeature's SDK: our provider beside one of a single line that decides nothing.
 *
 *   npx tsx test/bench/openfeature.ts [rounds]
 *
 * Both take turns in each round, over the same 20,000 subjects; the median counts.
 */
const ROUNDS = Number(process.argv[2] ?? 41);
const EVALUATIONS = 20_000;

const unused = async () => {
  throw new Error('not asked');
};
const oneLine: Provider = {
  metadata: { name: 'one line' },
  runsOn: 'server',
  resolveBooleanEvaluation: async () => ({ value: true }),
  resolveStringEvaluation: unused,
  resolveNumberEvaluation: unused,
  resolveObjectEvaluation: unused,
};

async function evaluateAll(client: Client, subjects: readonly string[]): Promise<void> {
  for (const targetingKey of subjects) await client.getBooleanValue('checkout', false, { targetingKey });
}

await withDatabase(async (pool) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, rollout_percentage, is_active) values ('checkout', 25, true)`,
  );
  const rollout = await createRollout({ pool, env: {} });
  await OpenFeature.setProviderAndWait('one line', oneLine);
  await OpenFeature.setProviderAndWait('rollout', new RolloutProvider(rollout));
  const subjects = Array.from({ length: EVALUATIONS }, () => randomUUID());
  const [anchor, ours] = await interleaved(
    ROUNDS,
    ['one line', 'rollout'].map((domain) => () => evaluateAll(OpenFeature.getClient(domain), subjects)),
  );
  print(`${EVALUATIONS.toLocaleString('en')} evaluations through OpenFeature`, [
    { what: 'SDK with a one-line provider', milliseconds: anchor ?? Number.NaN },
    { what: 'SDK with our provider', milliseconds: ours ?? Number.NaN, reach: { times: 1.05 } },
  ]);
  await OpenFeature.close();
  await rollout.close();
});
