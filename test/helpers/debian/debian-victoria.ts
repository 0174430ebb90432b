import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../projects/git.ts';
import { atEnd } from '../run/at-end.ts';
import { type Counter, ended, freePort, type Prometheus } from './debian-prometheus.ts';

const PROGRAM = '/usr/bin/victoria-metrics';

/** Is Debian's VictoriaMetrics installed? Where it is not, a test of it is skipped and says so. */
export const DEBIAN_VICTORIA = existsSync(PROGRAM);

/** A VictoriaMetrics on loopback that was given these counters. */
export async function victoriaWith(counters: readonly Counter[]): Promise<Prometheus> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const now: { child: ChildProcess | null } = { child: null };
  const start = async () => {
    const child = spawn(
      PROGRAM,
      [
        `-storageDataPath=${join(folder, 'data')}`,
        `-httpListenAddr=127.0.0.1:${port}`,
        ...['-retentionPeriod=1', '-search.latencyOffset=0s', '-search.disableCache', '-loggerLevel=ERROR'],
      ],
      { stdio: 'ignore' },
    );
    now.child = child;
    atEnd(() => ended(child));
    while (child.exitCode === null) {
      const ready = await fetch(`${url}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`victoria-metrics ended with ${child.exitCode}`);
  };
  const add = async (given: readonly Counter[]) => {
    const body = linesOf(given);
    const taken = await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body });
    if (!taken.ok) throw new Error(`victoria-metrics answered ${taken.status}: ${await taken.text()}`);
    // Ended in peace once: what came in the last seconds is in memory alone, and stop() kills.
    const gone = new Promise((resolve) => now.child?.once('exit', resolve));
    now.child?.kill('SIGTERM');
    await gone;
    await start();
  };
  await start();
  await add(counters);
  return { url, add, start, stop: () => (now.child ? ended(now.child) : Promise.resolve()) };
}

/** The text format of Prometheus, with times in milliseconds. */
function linesOf(counters: readonly Counter[]): string {
  return counters
    .flatMap(({ name, labels, samples }) => {
      const text = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      return samples.map(([at, total]) => `${name}{${text.join(',')}} ${total} ${at * 1_000}`);
    })
    .join('\n');
}
