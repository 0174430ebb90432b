import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { DEBIAN_PROMETHEUS } from '../helpers/debian/debian-prometheus.ts';

const root = join(import.meta.dirname, '../..');
const execute = promisify(execFile);
const example = (env: Record<string, string>) =>
  execute(
    process.execPath,
    [join(root, 'node_modules/tsx/dist/cli.mjs'), 'examples/prometheus/rollback.ts'],
    {
      cwd: root,
      env: { ...process.env, ...env },
    },
  );

describe('the example of Prometheus', () => {
  it.skipIf(!DEBIAN_PROMETHEUS)(
    'the Prometheus example rolls back on 5xx, starting from nothing (skipped: no prometheus)',
    async () => {
      const { stdout } = await example({});
      expect(stdout).toMatch(
        /critical: new_checkout was rolled back from 50%: guardrail checkout_5xx: \d+ of \d+ events were bad/,
      );
      expect(stdout).toContain('In the database new_checkout is off.');
      expect(stdout).toMatch(/percentage: 0\n {4}guardrails:\n.*\n {4}active: false/);
    },
  );

  it('the Prometheus example prints one line with what is missing where Prometheus is not installed', async () => {
    await expect(example({ PATH: '/nowhere' })).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'no prometheus and promtool on this machine; on Debian: apt-get install prometheus\n',
    });
  });
});
