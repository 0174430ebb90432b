import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gitProject, type Project } from '../../helpers/projects/project.ts';

let one: Project;

beforeAll(async () => {
  const project = await gitProject();
  one = project;
  await project.commit('version: 1\nfeatures: { checkout: { percentage: 25, whitelist: [acme/secret] } }\n');
  await project.reconcile();
  await project.repository.git(
    'remote',
    'add',
    'origin',
    'https://user:hunter2@github.com/acme/rollouts.git',
  );
});

describe('rollout report', () => {
  it("rollout report writes the page and prints its path; links lead to the clone's origin without password", async () => {
    const { code, stdout } = await one.cli(['report', '--out', 'page.html']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'written to page.html\n' });
    const page = await readFile(join(one.dir, 'page.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toMatch(/href="https:\/\/github\.com\/acme\/rollouts\/commit\/[0-9a-f]{40}"/);
    expect(page).not.toMatch(/hunter2|acme\/secret/);
  });

  it('rollout report prints text, markdown or JSON', async () => {
    expect((await one.cli(['report'])).stdout).toMatch(/^checkout {2}no data\n {2}Live at 25%/);
    expect((await one.cli(['report', 'checkout', '--markdown'])).stdout).toMatch(/^## Rollouts of default\n/);
    const { stdout } = await one.cli(['report', '--json', '--show-names']);
    expect(JSON.parse(stdout)).toMatchObject({
      repository_url: 'https://github.com/acme/rollouts',
      features: [{ feature: 'checkout', state: 'no_data', lists: { names: { whitelist: ['acme/secret'] } } }],
    });
  });

  it('rollout report refuses an address that must not be linked and a path that cannot be written', async () => {
    const address = await one.cli(['report', '--repository-url', 'javascript:alert(1)', '--out', 'x.html']);
    expect(address).toMatchObject({ code: 1 });
    expect(address.stderr).toContain('the address of the repository is not one that a page may link to');
    const place = await one.cli(['report', '--out', 'nowhere/page.html']);
    expect(place).toMatchObject({ code: 1 });
    expect(place.stderr).toContain('the page could not be written');
    expect((await one.cli(['report', 'nobody'])).stderr).toContain('there is no feature "nobody"');
  });
});
