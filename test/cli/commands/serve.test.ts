import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ADMIN } from '../../helpers/http/served.ts';
import { bareEnvironment } from '../../helpers/processes/cli.ts';
import { compiledCli } from '../../helpers/processes/compiled.ts';
import { typing } from '../../helpers/processes/pty.ts';
import { temporaryFolder } from '../../helpers/projects/git.ts';
import { fileOf, project } from '../../helpers/projects/project.ts';

const one = await project();
await one.apply(fileOf({ checkout: { percentage: 30 } }));

const serve = (args: string[], env: Record<string, string> = {}) =>
  typing(['serve', ...args], one.dir, { DATABASE_URL: one.db.connectionString, ...env });

describe('rollout serve', () => {
  it('serve prints its address and open routes, answers, and finishes open requests on SIGTERM', async () => {
    const running = serve(['--port', '0'], { ROLLOUT_ADMIN_TOKEN: ADMIN });
    await running.until('admin routes are on');
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(running.said()) ?? [];
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ feature: 'checkout', reason: 'fire', actor: 'ada' });
    const stopped = await fetch(`${url}/api/admin/rollout/stop`, { method: 'POST', headers, body });
    expect(await stopped.json()).toEqual({ stopped: ['checkout'], already_off: [] });
    await running.until('stop checkout by api:ada from 127.0.0.1: 200');
    expect(running.said()).not.toContain(ADMIN);

    const events = await fetch(`${url}/api/events`);
    running.kill('SIGTERM');
    expect(await events.text()).toContain('event: closing');
    expect(await running.ended).toBe(0);
  });

  it('serve keeps the embedded database running until it has ended itself', async () => {
    const running = spawn(process.execPath, [compiledCli(), 'serve', '--port', '0'], {
      ...{ cwd: await temporaryFolder(), env: bareEnvironment() },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(running, 'exit');
    await once(running.stdout, 'data'); // it says where it listens, and its handlers are there
    running.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('serve without a token has no admin routes, and warns when everybody may read', async () => {
    const running = serve(['--port', '0', '--host', '0.0.0.0']);
    await running.until('set ROLLOUT_READ_TOKEN to a token');
    expect(running.said()).toContain('no admin routes: ROLLOUT_ADMIN_TOKEN is not set');
    expect(running.said()).toContain('anyone who reaches 0.0.0.0 can read');
    running.press('ctrl-c');
    expect(await running.ended).toBe(0);
  });

  it('serve does not start with a guessable token, and does not print it', async () => {
    const env = { ROLLOUT_ADMIN_TOKEN: 'short-secret' };
    const { code, stdout, stderr } = await one.cli(['serve', '--port', '0'], { env });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('ROLLOUT_ADMIN_TOKEN has 12 characters; it needs 32');
    expect(stderr).not.toContain('short-secret');
  });

  it('serve does not start on a port that is taken or invalid', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    const taken = await one.cli(['serve', '--port', String(port), '--json']);
    other.close();
    expect([taken.code, JSON.parse(taken.stdout)]).toEqual([
      1,
      {
        error: {
          code: 'usage',
          message: `port ${port} of 127.0.0.1 is taken`,
          hint: 'choose another: --port N',
        },
      },
    ]);
    expect((await one.cli(['serve', '--port', '70000'])).stderr).toContain('a whole number from 0 to 65535');
  });
});
