import { beforeAll, describe, expect, it } from 'vitest';
import { record } from '../../helpers/data/traffic.ts';
import { type Typing, typing } from '../../helpers/processes/pty.ts';
import { gitEnvironment } from '../../helpers/projects/git.ts';
import {
  addRepositories,
  fileOf,
  type GitProject,
  gitProject,
  liveState,
} from '../../helpers/projects/project.ts';

let one: GitProject;
let desk: Typing;

beforeAll(async () => {
  one = await gitProject();
  await addRepositories(one.db, 100);
  await one.commit(
    fileOf({
      checkout: { percentage: 10, steps: 'playbook' },
      search: { percentage: 50 },
    }),
  );
  await one.reconcile();
  await record(one.db, 'checkout', { jobs: 40, errors: 1 });
  const env = { ...gitEnvironment, DATABASE_URL: one.db.connectionString, ROLLOUT_ACTOR: 'ada' };
  desk = typing(['dashboard'], one.dir, env);
  await desk.until('checkout', 'search', 'q quit');
});

/** Goes down a list to an entry and takes it. */
async function pick(label: string): Promise<void> {
  for (let step = 0; !desk.said().includes(`● ${label}`); step++) {
    expect(step, desk.said()).toBeLessThan(15);
    desk.press('down');
    await desk.until('●');
  }
  desk.press('enter');
}

async function answer(question: string, text: string): Promise<void> {
  await desk.until(question);
  desk.type(text);
}

/** Yes stands beside no, which is chosen. */
async function agree(question: string, yes: boolean): Promise<void> {
  await desk.until(question, 'No');
  if (yes) {
    desk.press('up');
    await desk.until('● Yes');
  }
  desk.press('enter');
}

const live = (feature: string) => liveState(one.db, feature);

describe('rollout dashboard', () => {
  it("the dashboard shows every feature's state, and one feature with its numbers and bars", async () => {
    expect(desk.screen().join('\n')).toMatch(/>. \w+( \w+)? +checkout +10% +\d+ of 100 +40 +2\.5% /);
    desk.press('enter');
    await desk.until(
      'What of checkout?',
      'Watch',
      'Stop',
      'Roll back',
      'Advance',
      'Set the percentage',
      'Back',
    );
    expect(desk.said()).toMatch(/failed, treatment +·{23}[▁-█] 2\.5%, limit 5%/);
    expect(desk.said()).toContain('no tick has run yet');
    // Nothing is held: there is nothing to resume.
    expect(desk.said()).not.toContain('Resume');
  });

  it('the dashboard watches a feature until a key is pressed, and shows changes meanwhile', async () => {
    await pick('Watch');
    await desk.until('live; any key goes back', '40 jobs');
    await record(one.db, 'checkout', { jobs: 20 });
    await desk.until('60 jobs');
    desk.press('escape');
    await desk.until('What of checkout?', 'Back');
  });

  it('an advance on the dashboard waits at the gate and says why', async () => {
    await pick('Advance');
    await desk.until('waits:', 'What of checkout?', 'Back');
    expect(await live('checkout')).toMatchObject({ percentage: 10 });
  });

  it('the dashboard sets a percentage with a reason and a confirmation, through the file', async () => {
    await pick('Set the percentage');
    await answer('Set checkout to which percentage?', '101');
    await desk.until('it must be a percentage from 0 to 100');
    for (let n = 0; n < 3; n++) desk.press('backspace');
    desk.type('25');
    await answer('Why 25%?', 'a healthy week');
    await agree('Raise checkout from 10% to 25%?', false);
    await desk.until('nothing was changed', 'What of checkout?', 'Back');
    expect(await live('checkout')).toMatchObject({ percentage: 10 });

    await pick('Set the percentage');
    await answer('Set checkout to which percentage?', '25');
    await answer('Why 25%?', 'a healthy week');
    await agree('Raise checkout from 10% to 25%?', true);
    await desk.until('committed as', 'What of checkout?', 'Back');
    expect(await live('checkout')).toMatchObject({ percentage: 25 });
    expect(await one.repository.git('log', '-1', '--format=%B')).toContain('a healthy week');
  });

  it('the dashboard rolls back to a percentage, then off', async () => {
    await pick('Roll back to a percentage');
    await answer('Lower checkout to which percentage?', '5');
    await answer('Why the rollback?', 'slow');
    await agree('Lower checkout from 25% to 5%, now?', true);
    await desk.until('now at 5%', 'What of checkout?', 'Back');
    expect(await live('checkout')).toMatchObject({ percentage: 5 });
    await pick('Roll back');
    await answer('Why the rollback?', 'broken');
    await agree('Switch checkout off for everyone, now?', true);
    await desk.until('now off for everyone', 'What of checkout?', 'Back');
    expect(await live('checkout')).toMatchObject({ active: false });
  });

  it('the dashboard does nothing when a person cancels', async () => {
    await pick('Stop');
    await desk.until('Why the stop?');
    desk.press('ctrl-c');
    await desk.until('What of checkout?', 'Back');
    await pick('Stop');
    await answer('Why the stop?', 'fire');
    await agree('Stop checkout for everyone, now?', false);
    await desk.until('What of checkout?', 'Back');
    expect(await live('checkout')).toMatchObject({ stopped: false });
  });

  it('the dashboard resumes at a percentage, stops, resumes as in the file, and shows the history', async () => {
    const resume = async (percentage: string, question: string) => {
      await pick('Resume');
      await answer('Resume checkout at which percentage?', percentage);
      await answer('Why the resume?', 'mended');
      await agree(question, true);
      await desk.until('What of checkout?', 'Back');
    };
    await resume('5', 'Resume checkout at 5%?');
    expect(await live('checkout')).toEqual({ percentage: 5, active: true, stopped: false });
    await pick('Stop');
    await answer('Why the stop?', 'fire');
    await agree('Stop checkout for everyone, now?', true);
    await desk.until('checkout is stopped', 'What of checkout?', 'Back');
    expect(await live('checkout')).toMatchObject({ stopped: true });
    await resume('', 'Resume checkout at 5%?');
    expect(await live('checkout')).toEqual({ percentage: 5, active: true, stopped: false });
    await pick('History');
    await desk.until('emergency_stop', 'fire', 'What of checkout?', 'Back');
    await pick('Incidents');
    await desk.until('resumed', 'What of checkout?', 'Back');
  });

  it('the dashboard returns to the features and ends', async () => {
    await pick('Back');
    await desk.until('checkout', 'search', 'q quit');
    desk.keys('q');
    expect(await desk.ended).toBe(0);
    expect((await one.verify()).valid).toBe(true);
  });

  it('the dashboard refuses to run without a terminal and names the command to use instead', async () => {
    for (const args of [['dashboard'], ['dashboard', '--json']]) {
      const { code, stdout, stderr } = await one.cli(args);
      expect(code).toBe(1);
      expect(stdout + stderr).toContain('the dashboard needs a terminal');
      expect(stdout + stderr).toContain('rollout status --json');
    }
  });
});
