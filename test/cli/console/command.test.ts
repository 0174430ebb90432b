import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { record } from '../../helpers/data/traffic.ts';
import { type Typing, typing } from '../../helpers/processes/pty.ts';
import { gitEnvironment } from '../../helpers/projects/git.ts';
import { addRepositories, fileOf, type GitProject, gitProject } from '../../helpers/projects/project.ts';

const FEATURE = 'hybrid_progressive_capture';
const PROMPT = 'rollout> ';

let one: GitProject;
let console_: Typing;

const environment = () => ({
  ...gitEnvironment,
  DATABASE_URL: one.db.connectionString,
  ROLLOUT_ACTOR: 'ada',
});

beforeAll(async () => {
  one = await gitProject();
  await addRepositories(one.db, 100);
  await one.commit(
    fileOf({ [FEATURE]: { percentage: 10, whitelist: ['acme/r1'] }, other: { percentage: 5 } }),
  );
  await one.reconcile();
  await record(one.db, FEATURE, { jobs: 40, errors: 1 }, { jobs: 60, errors: 1, arm: 'control' });
  console_ = typing(['console'], one.dir, environment());
  await console_.until(PROMPT);
});

/** Types a call, answers what is asked, and gives what was said until the next prompt. */
async function call(line: string, ...answers: string[]): Promise<string> {
  console_.type(line);
  for (const answer of answers) {
    await console_.until('? ');
    console_.type(answer);
  }
  await expect.poll(() => console_.said().trimEnd().endsWith('rollout>')).toBe(true);
  return console_.said();
}

async function live() {
  const [row] = await one.db.rows(
    `select rollout_percentage::float8 as percentage, is_active as active, emergency_stop as stopped,
       auto_rollback_enabled as auto, target_repositories as whitelist
     from rollout_configuration where feature_name = $1`,
    [FEATURE],
  );
  return row;
}

const file = () => one.repository.git('show', 'HEAD:rollout.yaml');

describe('what is shown', () => {
  it("the console starts with the originals' feature and says how to get help", async () => {
    expect(await call('rollout.help()')).toMatch(/rollout\.rollbackToZero\(\) +off for everyone at once/);
    expect(await call('help()')).toContain(`about ${FEATURE}`);
  });

  it('console: allow() reports that the policy has refused nothing', async () => {
    expect(await call('rollout.allow("agreed")')).toContain(`the policy has refused nothing of ${FEATURE}`);
  });

  it('console: status() prints one line for each feature', async () => {
    expect(await call('rollout.status()')).toMatch(
      new RegExp(`${FEATURE} +on 10% +\\d+ of \\d+[\\s\\S]*other +on 5%`),
    );
  });

  it('console: stats() prints categories, rates, and the last day as bars', async () => {
    const said = await call('rollout.stats()');
    expect(said).toContain('treatment 40 jobs, 2.5% failed');
    expect(said).toMatch(/failed, treatment +·{23}[▁-█] 2\.5%, limit 5%/);
    expect(said).toMatch(/failed, control +·{23}[▁-█] 1\.67%/);
    expect(said).toMatch(/jobs, treatment +▁{23}█ 40 jobs/);
  });

  it('console: categories() prints the registry by category', async () => {
    expect(await call('rollout.categories()')).toMatch(/test +20 +20%[\s\S]*enterprise +20/);
  });

  it('console: checkHealth() judges and takes no action', async () => {
    const said = await call('rollout.checkHealth()');
    expect(said).toContain(`${FEATURE}  healthy`);
    expect(said).toContain('absolute');
    const [row] = await one.db.rows('select count(*)::int as checks from rollout_health_checks');
    expect(row).toEqual({ checks: 0 });
  });

  it('console: showWhitelist() prints each entry with the id it resolves to', async () => {
    expect(await call('rollout.showWhitelist()')).toContain('acme/r1  r1');
  });

  it('values in the console have their fields, with and without await', async () => {
    expect(await call('const s = await rollout.status()')).not.toContain('error');
    expect(await call('s.features.map((f) => f.percentage)')).toContain('[ 10, 5 ]');
    expect(await call('(await rollout.showWhitelist())[0].id')).toContain("'r1'");
  });
});

describe('what is changed', () => {
  it('console: setRollout(n) asks before a raise, and does nothing without a yes', async () => {
    for (const no of ['no', '', 'y e s', 'rollout.status()']) {
      expect(await call('rollout.setRollout(25)', no)).toContain('nothing was changed');
    }
    expect(await live()).toMatchObject({ percentage: 10 });
    const said = await call('rollout.setRollout(25, "a healthy week")', 'yes');
    expect(said).toContain(`Set ${FEATURE} to 25%: committed as`);
    expect(await live()).toMatchObject({ percentage: 25 });
    expect(await file()).toContain('"percentage":25');
    expect(await one.repository.git('log', '-1', '--format=%B')).toContain('a healthy week');
  });

  it('console: setRollout(n) lowers without a question', async () => {
    await call('rollout.setRollout(20)');
    expect(await live()).toMatchObject({ percentage: 20 });
    expect(await file()).toContain('"percentage":20');
  });

  it('console: addToWhitelist(ids) and removeFromWhitelist(ids) change the list in file and database', async () => {
    expect(await call('rollout.addToWhitelist(["acme/r2", "r3", "acme/nobody"])', 'yes')).toContain(
      'no subject named acme/nobody',
    );
    expect((await live())?.whitelist).toEqual(expect.arrayContaining(['r1', 'r2', 'r3']));
    expect(await file()).toContain('acme/r2');
    await call('rollout.removeFromWhitelist(["acme/r2", "r3", "acme/nobody"])');
    expect((await live())?.whitelist).toEqual(['r1']);
    expect(await file()).not.toContain('acme/r2');
  });

  it('console: markAsTest(id) and unmarkAsTest(id) set a category that categorizeAll() keeps', async () => {
    const category = async () =>
      (await one.db.rows(`select category from repository_categories where repository_id = 'r4'`))[0];
    expect(await category()).toEqual({ category: 'enterprise' });
    await call('rollout.markAsTest("acme/r4")');
    expect(await category()).toEqual({ category: 'test' });
    expect(await file()).toContain('acme/r4');
    expect(await call('rollout.categorizeAll()')).toContain('0 repositories in another category');
    expect(await category()).toEqual({ category: 'test' });
    await call('rollout.unmarkAsTest("acme/r4")');
    expect(await category()).toEqual({ category: 'enterprise' });
  });

  it('console: categorizeAll() assigns every repository its category again', async () => {
    await one.db.rows(`update repository_categories set star_count = 0, contributor_count = 0, pr_count = 0
                       where repository_id = 'r4'`);
    expect(await call('rollout.categorizeAll()')).toContain('1 repository in another category than before');
  });

  it('console: disableAutoRollback() and enableAutoRollback() change the file and the database', async () => {
    await call('rollout.disableAutoRollback()');
    expect(await live()).toMatchObject({ auto: false });
    await call('rollout.enableAutoRollback()');
    expect(await live()).toMatchObject({ auto: true });
    expect(await file()).toMatch(/enabled: true/);
  });

  it('console: rollbackToPercentage(n) lowers in the database at once and in the file', async () => {
    expect(await call('rollout.rollbackToPercentage(5, "slow")')).toContain(
      'is rolled back from 20%, and now at 5%',
    );
    expect(await live()).toMatchObject({ percentage: 5, active: true });
    expect(await file()).toContain('"percentage":5');
  });

  it('console: rollbackToZero() asks for a reason and switches off for everyone', async () => {
    expect(await call('rollout.rollbackToZero()', 'payments fail')).toContain('now off for everyone');
    expect(await live()).toMatchObject({ active: false });
    const [incident] = await one.db.rows('select reason from rollout_incidents order by id desc limit 1');
    expect(incident).toEqual({ reason: 'payments fail' });
  });

  it('console: resume() asks for a reason and a confirmation, and raises through the file', async () => {
    expect(await call('rollout.resume("mended", 5)', 'no')).toContain('nothing was changed');
    expect(await live()).toMatchObject({ active: false });
    expect(await call('rollout.resume(5)', 'mended', 'yes')).toContain('committed as');
    expect(await live()).toMatchObject({ active: true, percentage: 5 });
  });

  it('console: emergencyStop(reason) stops at once, and resume(reason) lifts the stop', async () => {
    expect(await call('rollout.emergencyStop("fire")')).toContain(`${FEATURE} is stopped`);
    expect(await live()).toMatchObject({ stopped: true });
    const [row] = (await one.history(FEATURE)).slice(-1);
    expect(row).toMatchObject({ action: 'emergency_stop', reason: 'fire', triggered_by: 'ada' });
    await call('rollout.resume("out")', 'yes');
    expect(await live()).toMatchObject({ stopped: false, active: true });
  });
});

describe('what goes wrong', () => {
  it.each([
    ['rollout.setRollout("25")', 'setRollout takes a percentage', 'rollout.setRollout(25)'],
    ['rollout.setRollout(1000)', 'setRollout takes a percentage', 'rollout.setRollout(25)'],
    ['rollout.markAsTest(7)', 'in quotes', 'rollout.markAsTest("octocat/hello-world")'],
    ['rollout.addToWhitelist([])', 'in quotes', 'rollout.addToWhitelist('],
    ['rollout.setrollout(5)', 'rollout.setrollout is not a function', 'rollout.help()'],
    ['rollout.setRollout(5', '... ', ''],
    [')', 'error:', 'rollout.help()'],
  ])('in the console %s is an error with the next command', async (line, said, next) => {
    if (next === '') {
      // A bracket is open: the next line may close it.
      console_.type(line);
      await console_.until(said);
      expect(await call(')')).toContain('says so already');
      return;
    }
    const answer = await call(line);
    expect(answer).toContain(said);
    expect(answer).toContain(next);
    expect(answer).not.toMatch(/^ +at /m);
  });

  it('a stop or rollback in the console is not done without a reason', async () => {
    expect(await call('rollout.emergencyStop()', '')).toContain('needs a reason');
    console_.type('rollout.rollbackToZero()');
    await console_.until('Why');
    console_.press('ctrl-c');
    await console_.until('needs a reason');
    expect(await live()).toMatchObject({ stopped: false, active: true });
  });

  it('the console goes on after an error, and ends with .exit', async () => {
    expect(await call('1 + 1')).toContain('2');
    console_.type('.exit');
    expect(await console_.ended).toBe(0);
    expect((await one.verify()).valid).toBe(true);
  });
});

describe('another session', () => {
  it('a console session uses --feature, keeps its lines only in --history, and ends with Ctrl-D', async () => {
    const kept = join(one.dir, '..', 'typed.txt');
    const session = typing(['console', '--feature', 'other', '--history', kept], one.dir, environment());
    await session.until('about other', PROMPT);
    session.type('rollout.showWhitelist()');
    await session.until('the whitelist of other is empty');
    session.press('ctrl-d');
    expect(await session.ended).toBe(0);
    expect(await readFile(kept, 'utf8')).toContain('rollout.showWhitelist()');
  });

  it('the console runs a script from a pipe, where nothing can be confirmed', async () => {
    const stdin = 'rollout.status()\nconst all = [\n1, 2]\nall.length\nrollout.setRollout(90)\n';
    const { code, stdout, stderr } = await one.cli(['console'], { stdin });
    expect(code).toBe(0);
    expect(stdout).toContain(FEATURE);
    expect(stdout).toMatch(/^(\.\.\. )?2$/m);
    expect(stderr).toContain('not done without being confirmed');
    expect(await live()).toMatchObject({ percentage: 5 });
  });

  it('the console lists the features when the given one does not exist', async () => {
    const { code, stderr } = await one.cli(['console', '--feature', 'nope']);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`there are ${FEATURE}, other`)]);
  });
});
