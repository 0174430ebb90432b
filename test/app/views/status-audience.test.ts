import { beforeAll, describe, expect, it } from 'vitest';
import { readReport } from '../../../src/app/views/report.ts';
import { stats, status } from '../../../src/app/views/status.ts';
import { statusPage } from '../../../src/report/page/page.ts';
import { styleOf } from '../../../src/report/style/style.ts';
import { statsText, statusText } from '../../../src/report/text/status-text.ts';
import { addRepositories } from '../../helpers/projects/project.ts';
import { type TickWorld, tickWorld } from '../../helpers/projects/tick-world.ts';

const ASSETS = { chartScript: '', chartStyle: '', script: '', style: '', liveScripts: [] };
const NARROWING = { where: { plan: ['free', 'pro'] }, not: { region: ['<cn>'] }, group_by: 'owner' };
const SAID = 'only plan free or pro, not region <cn>, by owner';

let world: TickWorld;

beforeAll(async () => {
  world = await tickWorld({ checkout: { percentage: 50, ...NARROWING }, search: { percentage: 50 } });
  await addRepositories(world.db, 4);
  await world.reconcile();
});

describe('the attributes that a feature asks for', () => {
  it('status and stats show the attributes that a feature asks for, and nothing for other features', async () => {
    const { store } = world.controller;
    const [list, detail] = [await status(store), await stats(store, 'checkout')];
    const plain = styleOf(false);
    expect(statusText(plain, list)).toContain(`checkout: ${SAID}`);
    expect(statusText(plain, list)).not.toContain('search:');
    expect(statsText(plain, detail)).toContain(SAID);
    expect(list.features.map(({ narrowing }) => narrowing)).toEqual([NARROWING, undefined]);
  });

  it("the page shows a feature's attributes escaped, with values only when names may be shown", async () => {
    const { store } = world.controller;
    const [names, none] = [await readReport({ store }, { showNames: true }), await readReport({ store })];
    const sentence = /Nobody is in \(.*?by owner\)/;
    expect(sentence.exec(statusPage(names, ASSETS))?.[0]).toBe(
      'Nobody is in (only plan free or pro, not region &lt;cn&gt;, by owner)',
    );
    expect(sentence.exec(statusPage(none, ASSETS))?.[0]).toBe(
      'Nobody is in (only plan (2 values), not region (1 value), by owner)',
    );
    expect(JSON.stringify(none).includes('<cn>')).toBe(false);
  });
});
