import { execFile } from 'node:child_process';

/** The user of a server process; undefined: the user of this process. */
export type Identity = { uid: number; gid: number } | undefined;

/** A program's output on both streams, and its exit code; null if it was killed or never ran. */
export type Finished = { code: number | null; output: string };

/**
 * Runs a program to its end, if requested as another user, and never rejects.
 *
 * `timeout` is in milliseconds; a program that takes longer is killed, and `code` is null.
 */
export function run(
  file: string,
  args: readonly string[],
  options: { cwd?: string; identity?: Identity; timeout: number },
): Promise<Finished> {
  const { cwd = '/', identity, timeout } = options;
  return new Promise((resolve) => {
    const settings = { cwd, timeout, env: serverEnvironment(), windowsHide: true, ...identity };
    execFile(file, args, settings, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      if (error === null) resolve({ code: 0, output });
      else if (typeof error.code === 'number') resolve({ code: error.code, output });
      else resolve({ code: null, output: output === '' ? error.message : output });
    });
  });
}

/** A minimal environment: the caller's `PG*` variables must not affect the server, and its messages are English. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP'];
  const entries = kept.map((name) => [name, process.env[name]] as const);
  return { ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)), LC_ALL: 'C' };
}

/** Waits `ms` milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
