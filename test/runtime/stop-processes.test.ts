import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyFeature } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { compiledCli } from '../helpers/processes/compiled.ts';
import { type EmbeddingProcess, embed } from '../helpers/processes/embedding-process.ts';
import { temporaryFolder } from '../helpers/projects/git.ts';

const db = await testDatabase();
const PROCESSES = 20;
const FEATURES = ['by_update', 'by_function', 'by_command', 'never'];

/** Says the reason of a feature as soon as it is not eligible any more; no poll helps. */
const WATCHING = `const rollout = await createRollout({ connectionString: url, pollMs: 3_600_000, maxStaleMs: 1e9 });
  rollout.on('change', ({ features }) => {
    for (const feature of features) {
      const { eligible, reason } = rollout.evaluate(feature, 'x');
      if (!eligible) say(feature + ' ' + reason);
    }
  });
  say(rollout.isEligible('never', 'x'));
  setInterval(() => {}, 1_000);`;

let applications: EmbeddingProcess[] = [];

beforeAll(async () => {
  for (const feature of FEATURES) await applyFeature(db.pool, feature, { percentage: 100 });
  for (let place = 0; place < PROCESSES; place++)
    applications.push(await embed(db.connectionString, WATCHING));
  const ready = await Promise.all(applications.map((application) => application.next()));
  expect(ready).toEqual(Array(PROCESSES).fill('true'));
});

afterAll(() => {
  for (const { child } of applications) child.kill('SIGKILL');
  applications = [];
});

const everywhere = () => Promise.all(applications.map((application) => application.next()));
const said = (text: string) => Array(PROCESSES).fill(JSON.stringify(text));

it('a manual update by SQL stops a feature in twenty listening processes', async () => {
  await db.pool.query(
    `update rollout_configuration set emergency_stop = true where feature_name = 'by_update'`,
  );
  expect(await everywhere()).toEqual(said('by_update emergency_stop'));
});

it('the SQL function rollout_emergency_stop stops a feature in twenty listening processes', async () => {
  await db.pool.query(`select rollout_emergency_stop('by_function', 'it burns')`);
  expect(await everywhere()).toEqual(said('by_function emergency_stop'));
});

it('the command rollout stop stops a feature in twenty listening processes', async () => {
  const command = [compiledCli(), 'stop', 'by_command', '--reason', 'it burns'];
  const env = { PATH: process.env.PATH, DATABASE_URL: db.connectionString };
  await promisify(execFile)(process.execPath, command, { cwd: await temporaryFolder(), env });
  expect(await everywhere()).toEqual(said('by_command emergency_stop'));
});
