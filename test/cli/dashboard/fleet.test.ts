import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { record } from '../../helpers/data/traffic.ts';
import { switchingProxy } from '../../helpers/database/switching-proxy.ts';
import { type Typing, typing } from '../../helpers/processes/pty.ts';
import { addRepositories, fileOf, type Project, project } from '../../helpers/projects/project.ts';
import { patience } from '../../helpers/run/pace.ts';

const SMALL = { cols: 80, rows: 24 };
const LARGE = { cols: 200, rows: 60 };
const SLOW = { timeout: patience(30_000) };

let one: Project;
let desk: Typing | null = null;

beforeAll(async () => {
  one = await project();
  await addRepositories(one.db, 40);
  const many = Array.from({ length: 60 }, (_, i) => [
    `feature_${String(i).padStart(2, '0')}`,
    { percentage: 10 },
  ]);
  const long = 'a_name_of_some_eighty_characters_that_no_narrow_screen_has_room_for_and_is_cut_then';
  await one.apply(
    fileOf({ ...Object.fromEntries(many), checkout: { percentage: 50 }, [long]: { percentage: 5 } }),
  );
  await record(one.db, 'checkout', { jobs: 200, errors: 3 }, { jobs: 100, arm: 'control' });
  await one.controller.store.incidents.stop('feature_33', 'payments fail', 'ada');
});

afterEach(() => {
  desk?.keys('q');
  desk = null;
});

async function opened(args: string[], size = SMALL, connectionString = one.db.connectionString) {
  desk = typing(args, one.dir, { DATABASE_URL: connectionString }, size);
  await desk.until(args[0] === 'dashboard' ? 'q quit' : 'any key ends it');
  return desk;
}

describe('the dashboard on a full screen', () => {
  it('the dashboard on 80 columns and 24 rows lists the gravest first and cuts nothing at the edge', async () => {
    const { screen } = await opened(['dashboard']);
    const lines = screen();
    expect(lines).toHaveLength(24);
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(lines[0]).toMatch(
      /^rollout default {2}62 features {2}1 needs a person {2}\d\d:\d\d:\d\d UTC {2}no tick/,
    );
    expect(lines[1]).toMatch(/state +feature +live +failed +last 12 h +since/);
    expect(lines[2]).toMatch(/^>✕ stopped +feature_33 +0% +- +·{12} {2}\d+ min$/);
    expect(lines.join('\n')).toContain('arrows choose  Enter opens  / search  s order: gravest  q quit');
  });

  it("the dashboard on 200 columns and 60 rows shows more, and follows the terminal's size", async () => {
    const { screen, resize } = await opened(['dashboard'], LARGE);
    const lines = screen();
    expect(lines).toHaveLength(60);
    expect(lines[1]).toMatch(/state +feature +live +in +jobs +failed +control +last 24 h +since/);
    const checkout = lines.find((line) => line.includes(' checkout '));
    expect(checkout).toMatch(/checkout +50% +\d+ of 40 +200 +1\.5% +0% +·{23}[▁-█] {2}\d+ min/);
    resize(80, 24);
    await expect.poll(() => screen().length, SLOW).toBe(24);
  });

  it('the dashboard selects, searches, sorts and opens by keys, and returns to the same place', async () => {
    const { screen, press, keys, until } = await opened(['dashboard']);
    const chosen = () => screen().find((line) => line.startsWith('>')) ?? '';
    press('down');
    await expect.poll(chosen, SLOW).not.toContain('feature_33');
    keys('/');
    keys('chec');
    await expect.poll(chosen, SLOW).toContain('checkout');
    expect(screen()[0]).toContain('1 of 62 features');
    press('enter');
    await until('What of checkout?', 'Back');
    press('escape');
    await until('Enter opens, Esc ends the search');
    expect(chosen()).toContain('checkout');
    press('escape');
    await expect.poll(() => screen()[0], SLOW).toContain('  62 features');
    keys('s');
    await expect.poll(() => screen().at(-1), SLOW).toContain('order: name');
    expect(screen()[2]).toContain('a_name_of_');
  });

  it('the dashboard shows a rollback at once, and is marked out of date when the database is gone', async () => {
    const proxy = await switchingProxy(one.db.connectionString);
    const { screen } = await opened(['dashboard'], SMALL, proxy.connectionString);
    await one.controller.store.incidents.stop('feature_44', 'too slow', 'ada');
    await expect.poll(() => screen().join('\n'), SLOW).toMatch(/✕ stopped +feature_44/);
    await proxy.cut();
    await expect.poll(() => screen()[0], SLOW).toMatch(/^OUT OF DATE since \d{4}-\d\d-\d\d \d\d:\d\d UTC: /);
    expect(screen().join('\n')).toMatch(/✕ stopped +feature_44/);
    await proxy.restore();
    await expect.poll(() => screen()[0], SLOW).toContain('62 features');
  });

  it('the dashboard restores the terminal and exits with 0', async () => {
    const { keys, said, ended } = await opened(['dashboard']);
    keys('q');
    expect(await ended).toBe(0);
    expect(said()).not.toContain('Error');
    desk = null;
  });
});

describe('rollout status --watch', () => {
  it('status --watch refreshes the status until a key is pressed', async () => {
    const { screen, keys, ended } = await opened(['status', '--watch'], LARGE);
    expect(screen().join('\n')).toMatch(/checkout +on 50% +\d+ of 40/);
    await one.controller.store.incidents.stop('checkout', 'on fire', 'ada');
    await expect.poll(() => screen().join('\n'), SLOW).toMatch(/checkout +stopped, held/);
    keys('x');
    expect(await ended).toBe(0);
    desk = null;
  });

  it('status --watch refuses to run without a terminal', async () => {
    const { code, stderr } = await one.cli(['status', '--watch']);
    expect(code).toBe(1);
    expect(stderr).toContain('rollout status --watch needs a terminal');
    expect(stderr).toContain('rollout status --json');
  });
});
