import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { DEBIAN_PROMETHEUS } from '../helpers/debian/debian-prometheus.ts';
import { localRegistry } from '../helpers/package/registry.ts';
import { patience } from '../helpers/run/pace.ts';
import { readWorkflow } from '../helpers/workflow/read.ts';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const textOf = (path: string) => readFile(join(root, path), 'utf8');
const { version } = JSON.parse(await textOf('package.json')) as { version: string };

/** Runs the script of the workflow, with nothing of a real release around it. */
async function release(...args: string[]): Promise<string> {
  const { CI: _ci, GITHUB_REPOSITORY: _repository, ...env } = process.env;
  return execute(process.execPath, ['--import', 'tsx', 'scripts/release.ts', ...args], {
    cwd: root,
    env,
  }).then(
    ({ stdout }) => stdout,
    (error: { stderr: string }) => error.stderr,
  );
}

describe('a rehearsal of a release', { timeout: patience(180_000) }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(inject('folder'), 'release-'));
    expect(await release(folder, 'refs/heads/main')).toContain('a rehearsal');
  }, patience(180_000));

  it('a rehearsed release contains the package, its SBOM and its release notes', async () => {
    expect((await readdir(folder)).sort()).toEqual([
      'notes.md',
      `rollout-controller-${version}.tgz`,
      'sbom.cdx.json',
    ]);
    expect((await readFile(join(folder, 'notes.md'), 'utf8')).length).toBeGreaterThan(1_000);
    const sbom = JSON.parse(await readFile(join(folder, 'sbom.cdx.json'), 'utf8'));
    const names = (sbom.components as { name: string }[]).map(({ name }) => name);
    expect(sbom).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'rollout-controller' } },
    });
    expect(names).not.toContain('vitest');
    const bundled = (sbom.components as { name: string; properties: { name: string }[] }[])
      .filter(({ properties }) => properties.some(({ name }) => name === 'cdx:npm:package:bundled'))
      .map(({ name }) => name);
    expect(bundled).toEqual(expect.arrayContaining(['@octokit/rest', 'commander', 'uplot', 'yaml']));
    expect(names.filter((name) => !bundled.includes(name))).toEqual(
      expect.arrayContaining(['pg', 'pg-types']),
    );
    expect(JSON.stringify(sbom)).not.toContain('cdx:npm:package:development');
  });

  it('the packed release becomes an image with pg and the command line, by the steps of the Dockerfile', async () => {
    const [, flags = ''] = /RUN npm ci (.*?) &&/.exec(await textOf('deploy/Dockerfile')) ?? [];
    const [, unpack = ''] = /RUN (tar .*?--no-same-owner)/s.exec(await textOf('deploy/Dockerfile')) ?? [];
    const image = await mkdtemp(join(inject('folder'), 'image-'));
    const lock = JSON.parse(await textOf('package-lock.json')) as {
      packages: Record<string, { integrity?: string }>;
    };
    // The registry here packs anew what is installed, so the sums are others.
    for (const one of Object.values(lock.packages)) delete one.integrity;
    await writeFile(join(image, 'package.json'), await textOf('package.json'));
    await writeFile(join(image, 'package-lock.json'), JSON.stringify(lock));
    const npm = [
      'ci',
      ...flags.split(' '),
      '--registry',
      await localRegistry(),
      '--cache',
      join(image, 'cache'),
    ];
    await execute('npm', npm, { cwd: image });
    const tarball = join(folder, `rollout-controller-${version}.tgz`);
    await execute('bash', ['-c', unpack.replaceAll('\\\n', ' ').replace('/tmp/package.tgz', tarball)], {
      cwd: image,
    });
    const installed = await readdir(join(image, 'node_modules'));
    expect(installed).toContain('pg');
    expect(installed.filter((name) => /octokit|hono|yaml|embedded/.test(name))).toEqual([]);
    const rollout = [join(image, 'lib/cli/main.js'), 'serve', '--help'];
    expect((await execute(process.execPath, rollout)).stdout).toContain('--streams');
  });

  it('npm accepts the packed release in a dry run of publish', async () => {
    const tarball = join(folder, `rollout-controller-${version}.tgz`);
    const { stdout } = await execute(
      'npm',
      ['publish', tarball, '--dry-run', '--json', '--access', 'public'],
      {
        cwd: folder,
      },
    );
    expect(stdout).toContain(`rollout-controller@${version}`);
  });
});

describe('a tag', { timeout: patience(60_000) }, () => {
  it('a tag that differs from the package’s version is refused', async () => {
    const said = await release(join(inject('folder'), 'other'), 'refs/tags/v99.0.0');
    expect(said).toContain(`the tag is v99.0.0, but package.json has version ${version}`);
  });

  it.each([`v${version}-rc.1`, `v${version}+x`, 'v1.2.3.4', 'v1.2.$(id)'])(
    'the tag %s is refused as a prerelease or as no version',
    async (tag) => {
      const said = await release(join(inject('folder'), 'other'), `refs/tags/${tag}`);
      expect(said).toContain(`${tag} is a prerelease, or no version at all`);
    },
  );

  it('a tag whose version has no section in the changelog is refused', async () => {
    if ((await textOf('CHANGELOG.md')).includes(`\n## ${version}`)) return;
    const said = await release(join(inject('folder'), 'other'), `refs/tags/v${version}`);
    expect(said).toContain(`CHANGELOG.md has no section for ${version}`);
  });
});

/** Runs a script of a release with programs of these texts in the place of the real ones. */
async function scripted(script: string, programs: Record<string, string>, env: Record<string, string>) {
  const folder = await mkdtemp(join(inject('folder'), 'programs-'));
  for (const [name, text] of Object.entries(programs))
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const output = join(folder, 'output');
  const { stdout } = await execute('bash', [join(root, 'scripts', script)], {
    env: { PATH: `${folder}:${process.env.PATH}`, GITHUB_OUTPUT: output, ...env },
  });
  return { stdout, output: await readFile(output, 'utf8').catch(() => '') };
}

describe('the place of a release among the others', () => {
  it.each([
    ['v0.1.0', [], 'true', 'true', 'latest'],
    ['v1.2.10', ['v1.2.9', 'v0.9.0'], 'true', 'true', 'latest'],
    ['v2.0.0', ['v1.9.9', 'v10.x', 'nightly'], 'true', 'true', 'latest'],
    ['v1.9.10', ['v2.0.0', 'v1.9.9', 'v11.0.0'], 'false', 'true', 'latest-1'],
    ['v1.2.4', ['v1.2.3', 'v1.3.0', 'v1.10.0'], 'false', 'false', 'latest-1.2'],
    ['v1.2.4', ['v1.2.4', 'v1.2.3'], 'true', 'true', 'latest'],
  ])(
    'the release %s after %j moves only the tags whose newest release it is',
    async (tag, made, latest, newest, npmTag) => {
      const gh = made.length > 0 ? `printf '%s\\n' ${made.join(' ')}` : ':';
      const { stdout } = await scripted(
        'place-of-release.sh',
        { gh },
        { TAG: tag, REPOSITORY: 'acme/rollout' },
      );
      expect(stdout).toBe(`latest=${latest}\nnewest_of_major=${newest}\nnpm_tag=${npmTag}\n`);
    },
  );

  it('nothing is published when the existing releases cannot be listed', async () => {
    const failing = scripted(
      'place-of-release.sh',
      { gh: 'exit 1' },
      { TAG: 'v1.2.3', REPOSITORY: 'acme/rollout' },
    );
    await expect(failing).rejects.toMatchObject({ stdout: '' });
  });

  it.each([
    ['true', ['ghcr.io/acme/rollout:1.2.4', 'ghcr.io/acme/rollout:1']],
    ['false', ['ghcr.io/acme/rollout:1.2.4']],
  ])(
    'the image gets its version tag, and its major’s tag if it is the newest (newest of its major: %s)',
    async (newest, tags) => {
      const docker =
        'case $1 in inspect) echo ghcr.io/acme/rollout@sha256:abc;; login) cat >&2;; *) echo "$@";; esac';
      const { stdout, output } = await scripted(
        'push-image.sh',
        { docker },
        {
          IMAGE: 'ghcr.io/Acme/rollout',
          VERSION: 'v1.2.4',
          NEWEST_OF_MAJOR: newest,
          TOKEN: 't',
          ACTOR: 'ada',
        },
      );
      const [build = ''] = stdout.split('\n');
      expect([...build.matchAll(/--tag (\S+)/g)].map(([, tag]) => tag)).toEqual(tags);
      expect(output).toBe('image=ghcr.io/acme/rollout\ndigest=sha256:abc\n');
    },
  );

  it('every release job determines its place among the releases before it moves a shared tag', async () => {
    const { jobs } = await readWorkflow('release.yml', await textOf('.github/workflows/release.yml'));
    for (const [name, moves] of [
      ['npm', 'npm publish'],
      ['image', 'push-image.sh'],
      ['release', 'git/refs/tags'],
    ] as const) {
      const steps = jobs[name]?.steps ?? [];
      const asked = steps.findIndex(({ id }) => id === 'place');
      const moved = steps.findIndex(({ run }) => run?.includes(moves));
      expect(asked).toBeGreaterThanOrEqual(0);
      expect(moved).toBeGreaterThan(asked);
      expect(JSON.stringify(steps[moved])).toContain('steps.place.outputs.');
    }
  });
});

describe('the release workflow', () => {
  it('the release workflow publishes only on a tag and only after every test has passed', async () => {
    const { jobs, on } = await readWorkflow('release.yml', await textOf('.github/workflows/release.yml'));
    expect(on).toMatchObject({ push: { tags: ['v*.*.*'] } });
    for (const [name, job] of Object.entries(jobs)) {
      if (name === 'build') continue;
      expect([name, job.if, job.environment]).toEqual([name, "github.event_name == 'push'", 'release']);
      expect([job.needs].flat().length).toBeGreaterThan(0);
    }
    expect(JSON.stringify(jobs.build?.steps)).toContain('bash .ci/run');
    expect(jobs.build?.permissions).toEqual({ contents: 'read' });
  });
});

describe('what is deployed together', () => {
  it('the compose file mounts only files that exist and sets only documented variables', async () => {
    const compose = parse(await textOf('deploy/compose.yaml'), { merge: true }) as {
      services: Record<string, { volumes?: string[]; environment?: Record<string, string> }>;
    };
    const files = (await readdir(join(root, 'deploy'), { recursive: true })).map((path) => `./${path}`);
    for (const { volumes = [] } of Object.values(compose.services)) {
      for (const volume of volumes.filter((one) => one.startsWith('./')))
        expect(files).toContain(volume.split(':')[0]);
    }
    const known = (await textOf('docs/server.md')) + (await textOf('docs/anywhere.md'));
    for (const name of Object.keys(compose.services.relay?.environment ?? {}))
      if (name.startsWith('ROLLOUT_')) expect(known).toContain(name);
  });

  it('the Dockerfile installs the locked packages without their scripts and does not run as root', async () => {
    const dockerfile = await textOf('deploy/Dockerfile');
    expect(dockerfile).toContain('ENTRYPOINT ["rollout"]');
    expect(dockerfile).toMatch(/COPY package\.json package-lock\.json .*\nRUN npm ci .*--ignore-scripts/);
    expect(dockerfile).not.toMatch(/npm (install|i|add)\b/);
    expect(dockerfile.match(/^USER .*$/gm)).toEqual(['USER node']);
  });

  it('the dashboard and the alerts use only metrics that the server exports', async () => {
    const asked = [await textOf('deploy/grafana/dashboard.json'), await textOf('deploy/alerts.yaml')].join();
    const names = new Set(asked.match(/rollout_[a-z_]+/g));
    names.delete('rollout_');
    const sources = await Promise.all(
      ['src/server/routes/metrics.ts', 'src/server/routes/metrics-facts.ts'].map(textOf),
    );
    for (const name of names)
      expect(sources.join()).toContain(name.replace(/^rollout_feature_|_bucket$/g, ''));
    expect(names.size).toBeGreaterThan(8);
  });

  it.runIf(DEBIAN_PROMETHEUS)(
    'promtool accepts the alert rules and the configuration of Prometheus',
    async () => {
      const { stdout } = await execute('promtool', ['check', 'rules', join(root, 'deploy/alerts.yaml')]);
      expect(stdout).toContain('4 rules found');
      const syntax = ['check', 'config', '--syntax-only', join(root, 'deploy/prometheus.yaml')];
      expect((await execute('promtool', syntax)).stdout).toContain('SUCCESS');
    },
  );
});
