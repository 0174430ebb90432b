import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  circlesIn,
  fileGraph,
  folderGraph,
  INNER,
  MANY_FILES,
  MOST_FILES,
  ROOMS,
  violationsIn,
} from './helpers/source/rooms.ts';

const src = join(import.meta.dirname, '../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

const texts = Object.fromEntries(files.map((file) => [file, readFileSync(join(src, file), 'utf8')]));
const graph = folderGraph(texts);

const caught = (file: string, text: string) => violationsIn(file, text).map(({ imports }) => imports);

describe('the rooms of the code', () => {
  it('no file of src has an import that the table of rooms forbids', () => {
    expect(files.length).toBeGreaterThan(100);
    const found = files.flatMap((file) => violationsIn(file, readFileSync(join(src, file), 'utf8')));
    expect(found.map(({ file, line, imports, because }) => `${file}:${line} ${imports}: ${because}`)).toEqual(
      [],
    );
  });

  it('every folder and file of src has a row in the table of rooms', () => {
    const rooms = new Set(files.map((file) => (file.split('/')[0] ?? '').replace(/\.ts$/, '')));
    expect([...rooms].filter((room) => !(room in ROOMS))).toEqual([]);
  });

  it('no two folders of src import each other, not even through others', () => {
    expect(circlesIn(graph)).toEqual([]);
  });

  it('no files of src import each other in a circle', () => {
    expect(circlesIn(fileGraph(texts))).toEqual([]);
  });

  it('no folder of src has more than the permitted number of files', () => {
    const full = [...graph].filter(([folder, node]) => node.files > MOST_FILES && !MANY_FILES.has(folder));
    expect(full.map(([folder]) => folder)).toEqual([]);
  });

  it('every arrow in the table of inner rooms is used by an import', () => {
    const unused = Object.entries(INNER).flatMap(([from, targets]) =>
      targets
        .filter((target) => !graph.get(from)?.arrows.has(target))
        .map((target) => `${from} -> ${target}`),
    );
    expect(unused).toEqual([]);
  });
});

describe('the check of the rooms', () => {
  it('the check of the rooms finds a circle of files in one folder', () => {
    const found = circlesIn(
      fileGraph({
        'a/one.ts': `import { two } from './two.ts';`,
        'a/two.ts': `import type { Three } from './three.ts';`,
        'a/three.ts': `import { one } from './one.ts';`,
        'a/four.ts': `import { one } from './one.ts';`,
      }),
    );
    expect(found).toEqual(['a/one.ts', 'a/two.ts', 'a/three.ts']);
  });

  it('the check of the rooms finds a circle over three folders', () => {
    const found = circlesIn(
      folderGraph({
        'a/one.ts': `import { two } from '../b/two.ts';`,
        'b/two.ts': `import type { Three } from '../c/three.ts';`,
        'c/three.ts': `import { one } from '../a/one.ts';`,
        'd/four.ts': `import { one } from '../a/one.ts';`,
      }),
    );
    expect(found).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['domain/plan.ts', `import { a } from '../config/parse.ts';`],
    ['domain/plan.ts', `import type { Store } from '../store/store.ts';`],
    ['config/parse.ts', `export * from '../report/words.ts';`],
    ['report/table.ts', `export { plan } from '../app/plan.ts';`],
    ['store/store.ts', `import '../config/parse.ts';`],
    ['app/plan.ts', `const { connect } = await import('../store/client.ts');`],
    ['app/plan.ts', `import { connect } from '../store/client.ts';`],
    ['app/plan.ts', `import { type Claim, connect } from '../store/client.ts';`],
    ['app/plan.ts', `import {\n  connect,\n} from '../store/client.ts';`],
    ['worktree/git.ts', `import { something } from '../app/ports/configuration-repository.ts';`],
    ['worktree/git.ts', `import type { PlanResult } from '../app/plan.ts';`],
    ['runtime/index.ts', `import { parseConfig } from '../config/parse.ts';`],
    ['compose.ts', `import { define } from './cli/plan.ts';`],
    ['cli/plan.ts', `import { connect } from '../store/client.ts';`],
    ['cli/plan.ts', `import { settlementOf } from '../worktree/ancestry.ts';`],
    ['errors.ts', `import { plan } from './domain/plan/plan.ts';`],
    ['app/plan.ts', `import pg from 'pg';`],
    ['compose.ts', `import pg from 'pg';`],
    ['compose.ts', `import { Octokit } from '@octokit/rest';`],
    ['cli/plan.ts', `import * as core from '@actions/core';`],
    ['report/table.ts', `import { parse } from 'yaml';`],
    ['domain/plan.ts', `import schema from '../../schema/rollout.schema.json' with { type: 'json' };`],
    ['domain/plan/plan.ts', `import { judge } from '../health/health.ts';`],
    ['store/db/client.ts', `import type { Actual } from '../configuration/actual.ts';`],
    ['app/health/check-health.ts', `import { tick } from '../tick/tick.ts';`],
    ['elsewhere/a.ts', `import { quoted } from '../domain/text.ts';`],
  ])('the check of the rooms rejects in %s: %s', (file, text) => {
    expect(caught(file, text)).toHaveLength(1);
  });

  it.each([
    ['domain/plan.ts', `import { quoted } from './text.ts';\nimport { RolloutError } from '../errors.ts';`],
    ['app/plan.ts', `import type { Store } from '../store/store.ts';`],
    ['app/plan.ts', `import { type Store, type Reader } from '../store/store.ts';`],
    ['worktree/git.ts', `import type { Tip } from '../app/ports/configuration-repository.ts';`],
    ['compose.ts', `import type pg from 'pg';\nimport { reconcile } from './app/reconcile.ts';`],
    ['cli/commands.ts', `const load = () => import('./plan.ts');`],
    ['config/schema.ts', `import schema from '../../schema/rollout.schema.json' with { type: 'json' };`],
    ['domain/text.ts', `const text = "it is import { a } from '../store/store.ts'";`],
  ])('the check of the rooms accepts in %s: %s', (file, text) => {
    expect(caught(file, text)).toEqual([]);
  });

  it('the check of the rooms reports the line of the forbidden import and the reason', () => {
    const text = `import { quoted } from '../domain/text.ts';\n\nimport { transaction } from '../store/client.ts';\n`;
    expect(violationsIn('app/plan.ts', text)).toEqual([
      {
        file: 'app/plan.ts',
        line: 3,
        imports: '../store/client.ts',
        because: `only types of it: ${ROOMS.app?.because}`,
      },
    ]);
  });
});
