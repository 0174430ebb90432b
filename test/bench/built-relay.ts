import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
export const TOKEN = 'bench'.repeat(8);
export const WRITE_TOKEN = 'write'.repeat(8);

export interface BuiltRelay {
  pid: number;
  url: string;
  end(): Promise<unknown>;
}

/** Builds the package, and starts its `rollout serve` over a database, without a limit of requests. */
export async function serveBuilt(connectionString: string): Promise<BuiltRelay> {
  execFileSync('npm', ['run', '--silent', 'build:lib'], { cwd: ROOT, stdio: 'inherit' });
  const main = join(ROOT, 'lib/cli/main.js');
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--rate-limit', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: connectionString,
      ROLLOUT_CLIENT_TOKENS: TOKEN,
      ROLLOUT_WRITE_TOKENS: WRITE_TOKEN,
    },
  });
  const ended = once(child, 'exit');
  const [said] = await Promise.race([
    once(child.stdout, 'data'),
    ended.then(([code]) => Promise.reject(new Error(`the relay ended with ${code}`))),
  ]);
  const { url } = JSON.parse(String(said)) as { url: string };
  return {
    ...{ pid: child.pid ?? 0, url },
    end: () => {
      child.kill();
      return ended;
    },
  };
}
