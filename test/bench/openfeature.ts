import { randomUUID } from 'node:crypto';
import { type Client, OpenFeature, type Provider } from '@openfeature/server-sdk';
import { createRollout } from '../../src/runtime/index.ts';
import { RolloutProvider } from '../../src/runtime/openfeature/index.ts';
import { withDatabase } from './database.ts';
import { print } from './table.ts';

/**
 * A boolean flag through OpenFeature's SDK: our provider beside one of a single line that decides nothing.
 *
 *   npx tsx test/bench/openfeature.ts [rounds]
 *
 * Both take turns in each round, over the same 5,000 subjects. What counts is the median of the time that this process
 * had the processor: nothing here waits for anything, and what else the machine does is left out.
 */
const ROUNDS = Number(process.argv[2] ?? 61);
const EVALUATIONS = 5_000;

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
  const times = new Map<string, number[]>([
    ['one line', []],
    ['rollout', []],
  ]);
  for (let round = -3; round < ROUNDS; round++) {
    for (const [domain, each] of times) {
      const before = process.cpuUsage();
      await evaluateAll(OpenFeature.getClient(domain), subjects);
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) each.push((user + system) / 1_000); // the first are to warm up
    }
  }
  const [anchor, ours] = [...times.values()].map(
    (each) => each.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)],
  );
  print(`${EVALUATIONS.toLocaleString('en')} evaluations through OpenFeature`, [
    { what: 'SDK with a one-line provider', milliseconds: anchor ?? Number.NaN },
    { what: 'SDK with our provider', milliseconds: ours ?? Number.NaN, reach: { times: 1.05 } },
  ]);
  await OpenFeature.close();
  await rollout.close();
});
