import { beforeAll, describe, expect, it } from 'vitest';
import { writeBackPending } from '../../src/app/incidents/write-back.ts';
import { openRollout } from '../helpers/http/rollouts.ts';
import { addRepositories } from '../helpers/projects/project.ts';
import { type TickWorld, tickFile, tickWorld } from '../helpers/projects/tick-world.ts';

let world: TickWorld;

const spec = { percentage: 50, steps: [{ percentage: 50, soak: '1h' }, { percentage: 100 }] };

/** Columns of JSON that the code reads, each with a row in the world below. */
const READ = [
  'repository_categories.attributes',
  'rollout_configuration.audience',
  'rollout_configuration.metadata',
  'rollout_configuration.resolved',
  'rollout_configuration.spec',
  'rollout_events.metadata',
  'rollout_health_checks.evidence',
  'rollout_health_checks.scores',
  'rollout_incidents.before',
  'rollout_incidents.evidence',
  'rollout_incidents.held',
  'rollout_incidents.permit',
  'rollout_outbox.details',
  'rollout_processes.breakers',
  'rollout_refusals.allowed',
  'rollout_refusals.entry',
  'rollout_refusals.policy',
  'rollout_state.deployments',
  'rollout_state.freezes',
  'rollout_state.notify',
  'rollout_state.outcomes',
  'rollout_state.policy',
];

/** Those that nobody can edit, that only a retry of the same batch gets back, or that are kept for others. */
const NOT_READ = [
  'repository_categories.facts',
  'rollout_batches.answer',
  'rollout_customers.attributes',
  'rollout_customers.facts',
  'rollout_facts_history.facts',
  'rollout_history.metadata',
];

const VALUES = [
  '5',
  '"text"',
  '[]',
  '[1]',
  '{}',
  '{"routing": 5, "steps": 5, "via": 5, "window": 5, "pilot": 5, "thresholds": []}',
];

beforeAll(async () => {
  const features = { one: spec, two: spec, pilot: { subject: 'customer', percentage: 50 } };
  const rest = {
    policy: { largest_raise: { points: 25 } },
    notify: [{ to: 'slack', url_from: 'ROLLOUT_NOTIFY_NOBODY', owners: ['@acme/data'] }],
  };
  world = await tickWorld({ ...features, risky: { percentage: 10 } }, rest);
  await addRepositories(world.db, 3);
  await world.commit(tickFile({ ...features, risky: { percentage: 90 } }, rest), 'too much at once');
  await world.reconcile();
  await world.record('one', { jobs: 400, errors: 200 });
  await world.record('two', { jobs: 400, errors: 1 });
  await world.tick();
  expect(await world.incidents('one')).toHaveLength(1);
  await world.db.rows(`select rollout_record_event('pilot', 'c1', 'error', '{}')`);
  await world.db.rows(`select rollout_note_process('0123abcd', 60, false,
    '[{"feature": "one", "processor": "queue", "state": "open"}]')`);
  await world.controller.store.incidents.stop('two', 'it burns', 'grace');
});

/** Everything that a person or a machine asks the controller. */
async function everybodyAsks(): Promise<string[]> {
  const failures: string[] = [];
  const asked = [
    ['status', '--json'],
    ['explain', 'one', 'r1', '--json'],
    ['explain', 'two', 'r1'],
    ['stats', '--json'],
    ['incidents', '--json'],
    ['history', '--json'],
    ['report', '--json'],
    ['plan', '--json'],
    ['notify', 'one', '--json'],
    ['check-health', '--dry-run', '--json'],
    ['reconcile', '--json'],
  ];
  for (const args of asked) {
    const { stderr, code } = await world.cli(args);
    // A feature that cannot be judged makes check-health fail, a breach of the policy plan: both on standard output.
    const failing = code === 1 && ['check-health', 'plan'].includes(args[0] ?? '');
    const ok = code === 0 || code === 2 || code === 3 || failing;
    if (!ok || stderr.includes('Error')) failures.push(`${args.join(' ')}: ${code} ${stderr}`);
  }
  const stop = await world.db.pool
    .query(`begin; select * from rollout_emergency_stop('two', 'again'); rollback`)
    .catch((error: Error) => error);
  if (stop instanceof Error) failures.push(`stop: ${stop.message}`);
  const back = await writeBackPending(world.controller, 'ticker').catch((error: Error) => error);
  if (back instanceof Error) failures.push(`write-back: ${back.message}`);
  const failed = await libraryFails();
  return failed === null ? failures : [...failures, failed];
}

async function libraryFails(): Promise<string | null> {
  const rollout = await openRollout({ connectionString: world.db.connectionString });
  try {
    rollout.evaluate('two', 'r1');
    rollout.route('two', { subject: 'r1' });
    return null;
  } catch (error) {
    return `library: ${String(error)}`;
  } finally {
    await rollout.close();
  }
}

describe('JSON that somebody writes by SQL', () => {
  it('every JSON column is in one of the two lists of this test', async () => {
    const rows = await world.db.rows<{ name: string }>(
      `select c.relname || '.' || a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         and a.attnum > 0 and not a.attisdropped and a.atttypid = 'jsonb'::regtype`,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual([...READ, ...NOT_READ].sort());
  });

  it.each(READ)('JSON that somebody writes by SQL into %s is refused or harms no reader', async (place) => {
    const [table = '', column = ''] = place.split('.');
    for (const value of VALUES) {
      const edited = await world.db.pool
        .query(`update ${table} set ${column} = $1`, [value])
        .then(({ rowCount }) => rowCount ?? 0)
        .catch((error: { code?: string }) => error.code);
      if (edited === '23514' || edited === '42501') continue;
      expect(edited, place).toBeGreaterThan(0);
      expect(await everybodyAsks(), `${place} = ${value}`).toEqual([]);
    }
  });
});
