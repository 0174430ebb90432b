import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { addRepositories } from '../helpers/projects/project.ts';
import { ramp, tickWorld } from '../helpers/projects/tick-world.ts';
import { freeSentences } from '../helpers/source/free-sentences.ts';

/** Commands that print no JSON: they go on until they are ended, or tell a story. */
const WITHOUT_JSON: ReadonlySet<string> = new Set(['serve', 'dashboard', 'console', 'demo']);

/** Commands in the order of a feature's life; people say `because` and nothing else. */
const RUNS: readonly string[][] = [
  ['validate'],
  ['types'],
  ['migrate', '--status'],
  ['migrate', '--dry-run'],
  ['categorize'],
  ['categories'],
  ['import', 'bad.csv'],
  ['plan'],
  ['plan', '--base', 'base.yaml'],
  ['status'],
  ['stats', 'one'],
  ['explain', 'one', 'r1'],
  ['check-health', 'one', '--dry-run'],
  ['check-health'],
  ['tick'],
  ['record', 'outcomes.ndjson'],
  ['notify'],
  ['notify', 'one'],
  ['maintain'],
  ['report'],
  ['simulate', 'one', '--jobs-per-hour', '20', '--error-rate', '1', '--runs', '20'],
  ['back-test', 'one'],
  ['advance', 'one'],
  ['set', 'two', '20', '--reason', 'because', '--yes'],
  ['set', 'two', '20', '--reason', 'because', '--yes'],
  ['whitelist', 'add', 'one', 'acme/r3', '--yes'],
  ['whitelist', 'show', 'one'],
  ['blacklist', 'add', 'one', 'acme/r4'],
  ['mark-test', 'acme/r5', '--reason', 'because'],
  ['unmark-test', 'acme/r5', '--reason', 'because'],
  ['auto-rollback', 'off', 'one', '--reason', 'because'],
  ['promote', 'one'],
  ['allow', 'one', '--reason', 'because'],
  ['rollback', 'bad', '--reason', 'because'],
  ['rollback', 'bad', '--reason', 'because'],
  ['stop', 'one', '--reason', 'because'],
  ['plan'],
  ['reconcile'],
  ['tick'],
  ['resume', 'one', '--percentage', '5', '--reason', 'because', '--yes'],
  ['resume', '--all', '--reason', 'because', '--yes'],
  ['adopt-file', '--reason', 'because'],
  ['forget', 'acme/r9', '--reason', 'because', '--yes'],
  ['cleanup', 'two', '--source', 'src', '--as', 'on'],
  ['history'],
  ['history', 'verify'],
  ['incidents'],
  ['status'],
  ['stats'],
  ['report'],
  ['doctor'],
  ['init', '--force'],
];

describe('a sentence in JSON', () => {
  it.each([
    ['a text alone', { note: 'three words here' }, ['$.note: three words here']],
    ['a text of a list', { list: ['three words here'] }, ['$.list[0]: three words here']],
    [
      'a text whose code is elsewhere',
      { note: { text: 'three words here' } },
      ['$.note.text: three words here'],
    ],
    ['a text beside its code', { note: { code: 'few', text: 'three words here' } }, []],
    ['a name', { note: 'two words' }, []],
  ])('a sentence in JSON without a code beside it is found: %s.', (_what, value, found) => {
    expect(freeSentences(value)).toEqual(found);
  });

  it('every sentence in the JSON answer of every command has a code beside it', async () => {
    const world = await tickWorld({
      one: ramp(10, { thresholds: { minimum_jobs: 20 } }),
      two: { percentage: 10, paused: true },
      bad: { percentage: 25 },
    });
    await addRepositories(world.db, 200);
    await world.record('one', { jobs: 40, errors: 1 });
    await world.record('bad', { jobs: 20, errors: 15 });
    await writeFile(join(world.dir, 'bad.csv'), 'repository_id\nr1\n');
    await writeFile(join(world.dir, 'base.yaml'), await world.fileAt());
    await writeFile(join(world.dir, 'outcomes.ndjson'), '{"feature":"one"}\n{"a":1}\n');
    await mkdir(join(world.dir, 'src'));
    await writeFile(
      join(world.dir, 'src/a.ts'),
      "if (rollout.isEligible('two', id)) { go(); } else { stay(); }\nrollout.isEligible(name, id);\n",
    );
    const found: string[] = [];
    for (const run of RUNS) {
      const { stdout } = await world.cli([...run, '--json']);
      const answer = stdout === '' ? null : JSON.parse(stdout);
      found.push(...freeSentences(answer).map((one) => `${run.join(' ')}: ${one}`));
    }
    const run = new Set(RUNS.map(([name]) => name));
    const missing = COMMANDS.map(({ usage }) => usage.split(' ')[0] ?? '').filter(
      (name) => !run.has(name) && !WITHOUT_JSON.has(name),
    );
    expect(missing).toEqual([]);
    expect(found).toEqual([]);
  });
});
