import { readdirSync, readFileSync } from 'node:fs';
import { chmod, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { cli } from '../../helpers/processes/cli.ts';
import { temporaryFolder } from '../../helpers/projects/git.ts';

/** Command lines of the processes that run now. */
function processes(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return ''; // it has ended meanwhile
      }
    });
}

describe('the demo', () => {
  it('the demo runs to the end with real numbers and a valid history, and leaves nothing behind', async () => {
    const TMPDIR = await temporaryFolder();
    await chmod(TMPDIR, 0o755);
    const { code, signal, stdout, stderr } = await cli(['demo'], {
      cwd: TMPDIR,
      env: { TMPDIR },
    });
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
    const chapters = (stdout.match(/^\d+\. /gm) ?? []).map((chapter) => Number.parseInt(chapter, 10));
    expect(chapters.length).toBeGreaterThanOrEqual(7);
    expect(chapters).toEqual(chapters.map((_, place) => place + 1));
    expect(stdout).toContain('1,250 repositories');
    expect(stdout).toMatch(
      /new_checkout {2}create {2}off -> 10% {2}\+1\d\d -0, then 1\d\d of 1,250 repositories/,
    );
    expect(stdout).toMatch(/new_checkout {2}update {2}10% -> 25% {2}\+\d+ -0/);
    expect(stdout).toMatch(/new_checkout is on for .*: its bucket \d+ is below 1000 \(10% of 10000\)/);
    expect(stdout).toContain('incident 1, opened by fuse; ticks since then: 0');
    expect(stdout).toContain('repair_drift');
    expect(stdout).toContain('adopt_drift');
    expect(stdout).toMatch(/The chain of \d+ rows holds\./);
    const kept = (await readdir(TMPDIR)).filter((name) => !name.startsWith('tsx-')); // tsx keeps what it compiled
    expect(kept).toEqual([]);
    expect(processes().filter((line) => line.includes(TMPDIR))).toEqual([]);
  });
});
