import { execFile } from 'node:child_process';

/** The user a server process runs as; undefined means the user of this process. */
export type Identity = { uid: number; gid: number } | undefined;

/** What a program printed on both streams, and how it ended; null when it was killed or never ran. */
export type Finished = { code: number | null; output: string };

/**
 * Runs a program to its end, as another user if told so, and never rejects.
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

/** A bare environment: no `PG*` variable of the caller may change what the server does, and its messages are English. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP'];
  const entries = kept.map((name) => [name, process.env[name]] as const);
  return { ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)), LC_ALL: 'C' };
}

/** Milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
