import { describe, expect, it } from 'vitest';
import { Application } from '../../src/compose/application.ts';
import { HybridRolloutManager } from '../../src/managers/hybrid/hybrid-manager.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { fakeGithub } from '../helpers/github/index.ts';
import { cli } from '../helpers/processes/cli.ts';
import { temporaryFolder } from '../helpers/projects/git.ts';
import { fileOf } from '../helpers/projects/project.ts';

const TEXT = fileOf({ hybrid_progressive_capture: { percentage: 10 } });

describe('an application whose file is on GitHub', () => {
  it('a manager raises by a commit on GitHub and refuses to raise without a file', async () => {
    const github = await fakeGithub();
    const shop = await github.repository('acme/shop', { files: { 'rollout.yaml': TEXT } });
    const { connectionString } = await testDatabase();
    const env = { ...github.environment('acme/shop'), DATABASE_URL: connectionString };
    await cli(['reconcile'], { cwd: await temporaryFolder(), env });
    const said: string[] = [];
    const settings = { environment: env, log: (line: string) => said.push(line) };

    const without = new HybridRolloutManager({ ...settings, file: null });
    await expect(without.updateRolloutPercentage(25)).rejects.toMatchObject({ code: expect.any(String) });
    expect(await shop.file('rollout.yaml')).toBe(TEXT);
    await without.close();

    const manager = new HybridRolloutManager(settings);
    expect(await manager.updateRolloutPercentage(25)).toBe(true);
    expect(await shop.file('rollout.yaml')).toBe(TEXT.replace('"percentage":10', '"percentage":25'));
    expect(await manager.getRolloutConfiguration()).toMatchObject({ rollout_percentage: 25 });
    await manager.close();
  });

  it('an application configured for GitHub reports that it has a repository', async () => {
    const github = await fakeGithub();
    await github.repository('acme/shop', { files: { 'rollout.yaml': TEXT } });
    const { connectionString } = await testDatabase();
    const environment = { ...github.environment('acme/shop'), DATABASE_URL: connectionString };
    const application = new Application({ environment, log: () => {} });
    expect((await application.controller()).hasRepository).toBe(true);
    await application.close();
  });
});
